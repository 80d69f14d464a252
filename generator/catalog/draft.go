package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// draft is an entity in the making, with the diagnostics about it.
type draft struct {
	entity *entity.Entity
	kind   *kind.Kind // nil when the kind is unknown
	repo   *repo
	task   task
	value  map[string]any // the whole document, decoded
	absent []string       // fields whose include failed
	ds     diag.List
}

func newDraft(r *repo, t task, doc *yamldoc.Document) *draft {
	return &draft{repo: r, task: t, ds: doc.Problems, entity: &entity.Entity{
		Origin: entity.Origin{
			Source: r.Name, Path: t.path, Line: doc.Line, Document: doc.Index, Via: t.via, YAML: doc.Text,
		},
	}}
}

// pos returns where a field stands, or the nearest field around it.
func (d *draft) pos(field string) diag.Pos { return d.entity.Pos(field) }

// report notes something about the field of this entity.
func (d *draft) report(code string, severity diag.Severity, field, message, hint string) {
	d.ds.Add(diag.Diagnostic{
		Code: code, Severity: severity, Pos: d.pos(field), Field: field, Message: message, Hint: hint,
	})
}

// decode fills the entity from the document. It returns false when there is
// not enough to know the entity by: a kind and a name that can be part of an
// address.
func (d *draft) decode(ctx context.Context, l *loader, root *yaml.Node) bool {
	if root.Kind != yaml.MappingNode {
		d.ds.Add(diag.Diagnostic{
			Code: codeNotMapping, Severity: diag.Error, Pos: yamldoc.Position(d.pos(""), root),
			Message: "the document is not a mapping with apiVersion, kind, metadata and spec, but " + yamldoc.Word(root),
			Hint:    "if the file is no catalog descriptor, leave it out with the source's descriptors globs",
		})
		return false
	}
	d.entity.Positions = make(map[string]diag.Pos, 24)
	at := d.pos("")
	d.value, _ = yamldoc.Value(root, "", func(path string, n *yaml.Node) {
		d.entity.Positions[path] = yamldoc.Position(at, n)
	}).(map[string]any)
	if !looksLikeEntity(d.value) {
		d.notAnEntity(root)
		return false
	}
	d.checkEnvelope(root)
	d.substitute(ctx, l)
	known := d.decodeKind(l)
	named := d.decodeMetadata()
	d.oldDefinition(ctx, l)
	return known && named && d.isAllowed(l.opt.Rules)
}

// looksLikeEntity tells descriptors from YAML that a glob caught by mistake.
func looksLikeEntity(v map[string]any) bool {
	_, hasKind := v["kind"]
	_, hasVersion := v["apiVersion"]
	_, hasMetadata := v["metadata"]
	return hasKind || (hasVersion && hasMetadata)
}

func (d *draft) notAnEntity(root *yaml.Node) {
	d.ds.Add(diag.Diagnostic{
		Code: codeNotEntity, Severity: diag.Error, Pos: yamldoc.Position(d.pos(""), root),
		Message: "the document has no kind, so it declares no entity",
		Hint:    "add apiVersion, kind and metadata; if it is no catalog descriptor, leave the file out with the source's descriptors globs",
	})
}

// rootKeys are the keys an entity may have (Backstage: FieldFormatEntityPolicy
// and NoForeignRootFieldsEntityPolicy).
var rootKeys = []string{"apiVersion", "kind", "metadata", "spec"}

func (d *draft) checkEnvelope(root *yaml.Node) {
	yamldoc.Each(root, func(k, _ *yaml.Node) {
		if slices.Contains(rootKeys, k.Value) {
			return
		}
		hint := "an entity has only " + strings.Join(rootKeys, ", ")
		message := fmt.Sprintf("unknown field %q", k.Value)
		if near, ok := diag.Nearest(k.Value, rootKeys); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if k.Value == "relations" || k.Value == "status" {
			message = fmt.Sprintf("%q is made by the catalog and cannot be declared", k.Value)
			hint = "declare relations through the fields of spec"
		}
		d.ds.Add(diag.Diagnostic{
			Code: codeUnknownField, Severity: diag.Error, Pos: yamldoc.Position(d.pos(""), k),
			Field: k.Value, Message: message, Hint: hint,
		})
	})
	d.checkKeyCase(d.value, "")
}

// checkKeyCase reports keys that differ only in case, which Backstage's
// lower-cased index cannot tell apart.
func (d *draft) checkKeyCase(v any, path string) {
	switch x := v.(type) {
	case []any:
		for i, e := range x {
			if !isScalar(e) {
				d.checkKeyCase(e, path+"["+strconv.Itoa(i)+"]")
			}
		}
	case map[string]any:
		if hasCapitals(x) {
			d.reportKeyCase(x, path)
		}
		for key, e := range x {
			if !isScalar(e) {
				d.checkKeyCase(e, yamldoc.Join(path, key))
			}
		}
	}
}

// hasCapitals tells whether keys can clash at all: it spares most mappings
// the closer look.
func hasCapitals(m map[string]any) bool {
	for key := range m {
		if strings.ToLower(key) != key {
			return len(m) > 1
		}
	}
	return false
}

func (d *draft) reportKeyCase(m map[string]any, path string) {
	lower := make(map[string]string, len(m))
	for _, key := range sortedNames(m) {
		if first, ok := lower[strings.ToLower(key)]; ok {
			d.report(codeKeyCase, diag.Error, yamldoc.Join(path, key), fmt.Sprintf("keys %q and %q differ only in case", first, key), "rename or remove one of them")
		}
		lower[strings.ToLower(key)] = key
	}
}

// decodeKind reads kind and apiVersion, and finds what the kind is.
func (d *draft) decodeKind(l *loader) bool {
	name, ok := d.text(d.value, "kind", "kind", true)
	if !ok {
		return false
	}
	if !kindForm.MatchString(name) || len(name) > maxName {
		d.report(codeKindName, diag.Error, "kind", fmt.Sprintf("%q is not a kind", name), "a kind begins with a letter and has letters and digits only, at most 63")
		return false
	}
	d.entity.Kind = name
	d.kind = kind.Find(l.kinds, name)
	d.entity.APIVersion, _ = d.text(d.value, "apiVersion", "apiVersion", true)
	switch {
	case d.kind == nil:
		d.unknownKind(l, name)
	case d.kind.Name != name:
		d.report(codeKindName, diag.Error, "kind", fmt.Sprintf("unknown kind %q", name), fmt.Sprintf("did you mean %q?", d.kind.Name))
		d.entity.Kind = d.kind.Name
	}
	d.checkVersion()
	return true
}

func (d *draft) unknownKind(l *loader, name string) {
	names := make([]string, len(l.kinds))
	for i, k := range l.kinds {
		names[i] = k.Name
	}
	slices.Sort(names)
	hint := "declare it under kinds in callboard.yaml to give it relations and a schema"
	if near, ok := diag.Nearest(name, names); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.report(codeKindUnknown, diag.Warning, "kind", fmt.Sprintf("unknown kind %q", name), hint)
}

func (d *draft) checkVersion() {
	v := d.entity.APIVersion
	if v == "" {
		return
	}
	if !versionForm.MatchString(v) {
		d.report(codeVersion, diag.Error, "apiVersion", fmt.Sprintf("%q is not an apiVersion", v), "write it like backstage.io/v1alpha1")
		return
	}
	if d.kind == nil || len(d.kind.APIVersions) == 0 || slices.Contains(d.kind.APIVersions, v) {
		return
	}
	hint := "write " + strings.Join(d.kind.APIVersions, " or ")
	if near, ok := diag.Nearest(v, d.kind.APIVersions); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.report(codeVersion, diag.Error, "apiVersion", fmt.Sprintf("kind %s has no apiVersion %q", d.kind.Name, v), hint)
}

// complete does what needs a whole entity: owners from CODEOWNERS and
// annotations; then it checks the fields. (Order: Backstage runs placeholders
// and CODEOWNERS before it validates.)
func (d *draft) complete() {
	spec, ok := d.decodeSpec()
	d.entity.Spec = spec
	d.ownerFromCodeowners()
	d.annotate()
	if d.kind == nil || !ok {
		return
	}
	for _, p := range d.kind.Check(d.value, d.entity.Spec) {
		if !d.isUnavailable(p.Field) {
			d.report(p.Code, diag.Error, p.Field, p.Message, p.Hint)
		}
	}
	d.checkURLs()
}

// decodeSpec returns spec, and false when something else stands there.
func (d *draft) decodeSpec() (map[string]any, bool) {
	v, present := d.value["spec"]
	spec, ok := v.(map[string]any)
	if present && v != nil && !ok {
		d.report(codeType, diag.Error, "spec", `"spec" must be a mapping, not `+kind.TypeWord(v), "")
		return nil, false
	}
	return spec, true
}

// text returns a field that must be text.
func (d *draft) text(in map[string]any, key, path string, required bool) (string, bool) {
	v, present := in[key]
	if !present || v == nil {
		if required {
			d.report(codeRequired, diag.Error, path, fmt.Sprintf("%q is missing", path), requiredHints[path])
		}
		return "", false
	}
	s, ok := v.(string)
	switch {
	case !ok:
		d.report(codeType, diag.Error, path, fmt.Sprintf("%q must be text, not %s", path, kind.TypeWord(v)), quoteHint(v))
		return "", false
	case s == "":
		d.report(codeType, diag.Error, path, fmt.Sprintf("%q is empty", path), "give it a value or remove it")
		return "", false
	}
	return s, true
}

// requiredHints show what to add, by the path of the field.
var requiredHints = map[string]string{
	"apiVersion":    "add apiVersion: backstage.io/v1alpha1",
	"kind":          "add kind: Component, or another kind",
	"metadata.name": "add name: my-service",
}

func quoteHint(v any) string {
	switch v.(type) {
	case bool, int64, float64:
		return fmt.Sprintf("put it in quotes: \"%v\"", v)
	}
	return ""
}

func isScalar(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

func sortedNames(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
