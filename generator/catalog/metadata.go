package catalog

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// The forms of names (Backstage: packages/catalog-model/src/validation).
var (
	kindForm      = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*$`)
	versionForm   = regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]{1,63}$`)
	nameForm      = regexp.MustCompile(`^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`)
	namespaceForm = regexp.MustCompile(`^[a-z0-9]+(-+[a-z0-9]+)*$`)
	tagForm       = regexp.MustCompile(`^[a-z0-9:+#]+(-[a-z0-9:+#]+)*$`)
	domainForm    = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
)

const (
	maxName   = 63
	maxDomain = 253
)

func isName(s string) bool { return len(s) <= maxName && nameForm.MatchString(s) }

// decodeMetadata reads metadata and checks it. It returns false when there is
// no name or namespace that could be part of an address.
func (d *draft) decodeMetadata() bool {
	v, present := d.value["metadata"]
	meta, ok := v.(map[string]any)
	if !ok {
		code, message := codeRequired, `"metadata" is missing`
		if present && v != nil {
			code, message = codeType, `"metadata" must be a mapping, not `+kind.TypeWord(v)
		}
		d.report(code, diag.Error, "metadata", message, "add metadata: {name: my-service}")
		return false
	}
	m := &d.entity.Metadata
	named := d.decodeName(meta)
	named = d.decodeNamespace(meta) && named
	m.Title, _ = d.text(meta, "title", "metadata.title", false)
	m.Description, _ = d.textOrEmpty(meta, "description", "metadata.description")
	m.Labels = d.decodeLabels(meta)
	m.Annotations = d.decodeAnnotations(meta)
	m.Tags = d.decodeTags(meta)
	m.Links = d.decodeLinks(meta)
	for key, v := range meta {
		switch key {
		case "name", "namespace", "title", "description", "labels", "annotations", "tags", "links", "uid", "etag":
		default:
			if m.Extra == nil {
				m.Extra = map[string]any{}
			}
			m.Extra[key] = v
		}
	}
	return named
}

func (d *draft) decodeName(meta map[string]any) bool {
	name, ok := d.text(meta, "name", "metadata.name", true)
	if !ok {
		return false
	}
	d.entity.Metadata.Name = name
	if isName(name) {
		return true
	}
	d.report(codeName, diag.Error, "metadata.name", fmt.Sprintf("%q is not a name", name), nameHint(name))
	return false
}

var foreignToNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// nameHint says what a name may be, and offers one that is close.
func nameHint(name string) string {
	const rule = "a name has letters, digits, and - _ . between them, at most 63"
	better := strings.Trim(foreignToNames.ReplaceAllString(name, "-"), "-_.")
	if better != name && isName(better) {
		return fmt.Sprintf("%s; for example %q", rule, better)
	}
	return rule
}

// looksLikeTemplate finds the marks of the usual template languages.
func looksLikeTemplate(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "{%") || strings.Contains(s, "<%")
}

// decodeNamespace reads the namespace. One with capitals is kept in lower
// case: refs to it are case-insensitive anyway.
func (d *draft) decodeNamespace(meta map[string]any) bool {
	d.entity.Metadata.Namespace = entity.DefaultNamespace
	ns, ok := d.text(meta, "namespace", "metadata.namespace", false)
	if !ok {
		return meta["namespace"] == nil
	}
	lower := strings.ToLower(ns)
	if !namespaceForm.MatchString(lower) || len(ns) > maxName {
		d.report(codeNamespace, diag.Error, "metadata.namespace", fmt.Sprintf("%q is not a namespace", ns),
			"a namespace has lower case letters, digits, and - between them, at most 63")
		return false
	}
	if lower != ns {
		d.report(codeNamespace, diag.Error, "metadata.namespace", fmt.Sprintf("namespace %q has capitals", ns), fmt.Sprintf("write %q", lower))
	}
	d.entity.Metadata.Namespace = lower
	return true
}

// textOrEmpty returns a field that must be text but may be empty.
func (d *draft) textOrEmpty(in map[string]any, key, path string) (string, bool) {
	if s, ok := in[key].(string); ok {
		return s, true
	}
	return d.text(in, key, path, false)
}

func (d *draft) decodeLabels(meta map[string]any) map[string]string {
	out := d.decodeMap(meta, "labels", codeLabel)
	for key, v := range out {
		if v != "" && !isName(v) {
			d.report(codeLabel, diag.Error, "metadata.labels."+key, fmt.Sprintf("label %q has the value %q", key, v),
				"a label's value is empty or has letters, digits, and - _ . between them, at most 63; use an annotation for anything else")
		}
	}
	return out
}

func (d *draft) decodeAnnotations(meta map[string]any) map[string]string {
	out := d.decodeMap(meta, "annotations", codeAnnotation)
	for _, key := range slices.Sorted(maps.Keys(out)) {
		if !strings.HasPrefix(key, reservedPrefix) || slices.Contains(wellKnown, key) {
			continue
		}
		if near, ok := diag.Nearest(key, wellKnown); ok {
			d.report(codeAnnotationName, diag.Warning, "metadata.annotations."+key,
				fmt.Sprintf("annotation %q has no meaning", key), fmt.Sprintf("did you mean %q?", near))
		}
	}
	return out
}

// reservedPrefix begins the keys whose meaning is fixed.
const reservedPrefix = "backstage.io/"

// wellKnown are the annotations with that prefix, sorted.
var wellKnown = []string{
	"backstage.io/adr-location", "backstage.io/code-coverage", annotationDefinition, annotationEdit,
	"backstage.io/kubernetes-cluster", "backstage.io/kubernetes-id", "backstage.io/kubernetes-label-selector", "backstage.io/kubernetes-namespace",
	"backstage.io/ldap-dn", "backstage.io/ldap-rdn", "backstage.io/ldap-uuid", "backstage.io/linguist",
	annotationLocation, annotationOrigin, "backstage.io/orphan", annotationSource, "backstage.io/source-template",
	"backstage.io/techdocs-entity", "backstage.io/techdocs-entity-path", "backstage.io/techdocs-ref", annotationView,
}

// decodeMap reads a map of text to text whose keys are "[domain/]name". Bad
// entries are reported; those whose value is no text are left out.
func (d *draft) decodeMap(meta map[string]any, field, code string) map[string]string {
	path := "metadata." + field
	v := meta[field]
	if v == nil {
		return nil
	}
	in, ok := v.(map[string]any)
	if !ok {
		d.report(code, diag.Error, path, fmt.Sprintf("%q must be a mapping, not %s", path, kind.TypeWord(v)), "")
		return nil
	}
	out := make(map[string]string, len(in))
	for _, key := range sortedNames(in) {
		at := path + "." + key
		s, isText := in[key].(string)
		switch {
		case !isText && in[key] == nil:
			d.report(code, diag.Error, at, fmt.Sprintf("%q has no value", key), `give it one, "" if it needs none`)
			continue
		case !isText:
			d.report(code, diag.Error, at, fmt.Sprintf("%q must be text, not %s", key, kind.TypeWord(in[key])), quoteHint(in[key]))
			continue
		case !isQualifiedName(key):
			d.report(code, diag.Error, at, fmt.Sprintf("%q is not a key", key), "a key is name or domain/name, such as example.com/tier")
		}
		out[key] = s
	}
	return out
}

func isQualifiedName(s string) bool {
	domain, name, ok := strings.Cut(s, "/")
	if !ok {
		return isName(s)
	}
	return len(domain) <= maxDomain && domainForm.MatchString(domain) && isName(name)
}

func (d *draft) decodeTags(meta map[string]any) []string {
	v := meta["tags"]
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		d.report(codeTag, diag.Error, "metadata.tags", `"metadata.tags" must be a list, not `+kind.TypeWord(v), "write tags: [java, payments]")
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for i, x := range list {
		at := fmt.Sprintf("metadata.tags[%d]", i)
		s, isText := x.(string)
		if !isText {
			d.report(codeTag, diag.Error, at, fmt.Sprintf("tag must be text, not %s", kind.TypeWord(x)), quoteHint(x))
			continue
		}
		if !tagForm.MatchString(s) || len(s) > maxName {
			d.report(codeTag, diag.Error, at, fmt.Sprintf("%q is not a tag", s), tagHint(s))
			continue
		}
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func tagHint(s string) string {
	better := strings.Trim(regexp.MustCompile(`[^a-z0-9:+#]+`).ReplaceAllString(strings.ToLower(s), "-"), "-")
	if better != "" && len(better) <= maxName && !looksLikeTemplate(s) {
		return fmt.Sprintf("did you mean %q? tags are lower case words joined by -", better)
	}
	return "tags are lower case words joined by -, at most 63"
}

func (d *draft) decodeLinks(meta map[string]any) []entity.Link {
	v := meta["links"]
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		d.report(codeLink, diag.Error, "metadata.links", `"metadata.links" must be a list, not `+kind.TypeWord(v), "write links: [{url: https://example.com/, title: Example}]")
		return nil
	}
	var out []entity.Link
	for i, x := range list {
		at := fmt.Sprintf("metadata.links[%d]", i)
		m, isMap := x.(map[string]any)
		if !isMap {
			d.report(codeLink, diag.Error, at, fmt.Sprintf("link must be a mapping with url, not %s", kind.TypeWord(x)), "")
			continue
		}
		if link, ok := d.decodeLink(m, at); ok {
			out = append(out, link)
		}
	}
	return out
}

func (d *draft) decodeLink(m map[string]any, at string) (entity.Link, bool) {
	address, ok := d.text(m, "url", at+".url", true)
	if !ok || !d.checkURL(address, at+".url") {
		return entity.Link{}, false
	}
	l := entity.Link{URL: strings.TrimSpace(address)}
	l.Title, _ = d.text(m, "title", at+".title", false)
	l.Type, _ = d.text(m, "type", at+".type", false)
	if icon, ok := d.text(m, "icon", at+".icon", false); ok {
		if isName(icon) {
			l.Icon = icon
		} else {
			d.report(codeLink, diag.Error, at+".icon", fmt.Sprintf("%q is not an icon's name", icon), "an icon's name has letters, digits, and - _ . between them")
		}
	}
	return l, true
}

// checkURL reports an address that a page must not link to: only absolute
// http, https and mailto addresses pass.
func (d *draft) checkURL(address, field string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || !u.IsAbs() || (u.Scheme != "mailto" && u.Host == "" && isWebScheme(u.Scheme)):
		d.report(codeLink, diag.Error, field, fmt.Sprintf("%q is not an absolute address", address), "write it in full, such as https://example.com/")
		return false
	case !isWebScheme(u.Scheme) && u.Scheme != "mailto":
		d.report(codeScheme, diag.Error, field, fmt.Sprintf("address %q has the scheme %q", address, u.Scheme), "only http, https and mailto are shown")
		return false
	}
	return true
}

func isWebScheme(s string) bool { return s == "http" || s == "https" }

// checkURLs removes addresses from fields that pages show when they are not
// fit to be shown.
func (d *draft) checkURLs() {
	d.checkURLFields(d.kind.FieldsFor(d.entity.Type()), d.entity.Spec, "spec")
}

func (d *draft) checkURLFields(fields []kind.Field, in map[string]any, path string) {
	for _, f := range fields {
		at := path + "." + f.Name
		switch v := in[f.Name].(type) {
		case string:
			if f.URL && v != "" && !d.checkURL(v, at) {
				delete(in, f.Name)
			}
		case map[string]any:
			d.checkURLFields(f.Fields, v, at)
		case []any:
			for i, x := range v {
				if m, ok := x.(map[string]any); ok {
					d.checkURLFields(f.Fields, m, fmt.Sprintf("%s[%d]", at, i))
				}
			}
		}
	}
}
