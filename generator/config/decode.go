package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// limits bound a configuration file, which is the operator's own but may be generated.
var limits = yamldoc.Limits{Bytes: 1 << 20, Documents: 1, Depth: 32, Nodes: 50_000, Aliases: 1_000, Keys: 5_000}

// decoder fills sections from nodes and notes what is wrong.
type decoder struct {
	at  diag.Pos // the file
	env func(string) (string, bool)
	ds  diag.List
	// placed holds where each value stands, by its path.
	placed map[string]diag.Pos
}

func (d *decoder) report(code string, sev diag.Severity, n *yaml.Node, path, message, hint string) {
	d.ds.Add(diag.Diagnostic{
		Code: code, Severity: sev, Pos: yamldoc.Position(d.at, n), Field: path, Message: message, Hint: hint,
	})
}

// place returns where the value at path stands, or the nearest value around it.
func (d *decoder) place(path string) diag.Pos {
	for path != "" {
		if p, ok := d.placed[path]; ok {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return diag.Pos{File: d.at.File, Line: 1, Column: 1}
}

// file decodes a whole file into s.
func (d *decoder) file(b []byte, s section) {
	docs, whole := yamldoc.Parse(d.at, b, limits)
	d.ds.Add(whole...)
	for _, doc := range docs {
		d.ds.Add(doc.Problems...)
		if doc.Root != nil {
			d.section(doc.Root, "", s)
			return
		}
	}
}

// section decodes a mapping. A key that is absent or null keeps its default.
func (d *decoder) section(n *yaml.Node, path string, s section) {
	n = yamldoc.Resolve(n)
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, path, "a mapping of keys to values")
		return
	}
	if l, ok := s.(located); ok {
		l.setPos(yamldoc.Position(d.at, n))
	}
	fields := s.fields()
	yamldoc.Each(n, func(k, v *yaml.Node) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == k.Value })
		switch {
		case i < 0:
			d.unknownKey(k, path, fields)
		case fields[i].later:
			d.report(codeNotYet, diag.Warning, k, yamldoc.Join(path, k.Value),
				fmt.Sprintf("%q is not supported by this version yet and is ignored", yamldoc.Join(path, k.Value)), "")
		default:
			d.value(v, yamldoc.Join(path, k.Value), fields[i])
		}
	})
	for _, f := range fields {
		if f.required && yamldoc.Child(n, f.key) == nil {
			d.report(codeRequired, diag.Error, n, yamldoc.Join(path, f.key),
				fmt.Sprintf("%q is missing", yamldoc.Join(path, f.key)), strings.TrimSuffix(f.doc, "."))
		}
	}
}

func (d *decoder) unknownKey(k *yaml.Node, path string, fields []field) {
	var known []string
	for _, f := range fields {
		known = append(known, f.key)
	}
	slices.Sort(known)
	hint := "the keys here are " + strings.Join(known, ", ")
	if near, ok := diag.Nearest(k.Value, known); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if place := placeOf(k.Value); place != "" {
		hint = "its place is " + place
	}
	d.report(codeUnknownKey, diag.Error, k, yamldoc.Join(path, k.Value), fmt.Sprintf("unknown key %q", k.Value), hint)
}

// placeOf says where a key belongs that stands in the wrong place, or "" where
// there is no such key, or more than one.
func placeOf(key string) string {
	var places []string
	for _, k := range Keys() {
		if k.Path != key && strings.HasSuffix("."+k.Path, "."+key) {
			places = append(places, k.Path+" in callboard.yaml")
		}
	}
	for _, k := range BrandKeys() {
		if k.Path == key {
			places = append(places, "brand.yaml")
		}
	}
	if len(places) != 1 {
		return ""
	}
	return places[0]
}

func (d *decoder) wrongType(n *yaml.Node, path, want string) {
	where := "the file"
	if path != "" {
		where = strconv.Quote(path)
	}
	d.report(codeType, diag.Error, n, path, fmt.Sprintf("%s must be %s, not %s", where, want, yamldoc.Word(n)), "")
}

// value decodes one field's value; null keeps the default.
func (d *decoder) value(n *yaml.Node, path string, f field) {
	if d.placed == nil {
		d.placed = map[string]diag.Pos{}
	}
	d.placed[path] = yamldoc.Position(d.at, n)
	n = yamldoc.Resolve(n)
	if v, ok := yamldoc.Scalar(n); ok && v == nil {
		return
	}
	switch to := f.to.(type) {
	case section:
		d.section(n, path, to)
	case optional:
		d.section(n, path, to.begin())
	case list:
		d.list(n, path, to)
	case *Patterns:
		d.patterns(n, path, f, to)
	case *KindSchema:
		d.schema(n, path, to)
	default:
		d.scalar(n, path, f)
	}
}

func (d *decoder) list(n *yaml.Node, path string, to list) {
	if n.Kind != yaml.SequenceNode {
		d.wrongType(n, path, "a list")
		return
	}
	for i, c := range n.Content {
		at := path + "[" + strconv.Itoa(i) + "]"
		if yamldoc.Resolve(c).Kind != yaml.MappingNode {
			d.wrongType(c, at, "a mapping of keys to values")
			continue
		}
		d.section(c, at, to.add())
	}
}

func (d *decoder) patterns(n *yaml.Node, path string, f field, to *Patterns) {
	items := []*yaml.Node{n}
	switch n.Kind {
	case yaml.SequenceNode:
		items = n.Content
	case yaml.MappingNode:
		d.wrongType(n, path, "a list of texts")
		return
	}
	*to = nil
	for i, c := range items {
		at := path
		if n.Kind == yaml.SequenceNode {
			at += "[" + strconv.Itoa(i) + "]"
		}
		if s, ok := d.text(yamldoc.Resolve(c), at, f); ok {
			*to = append(*to, s)
		}
	}
}

func (d *decoder) schema(n *yaml.Node, path string, to *KindSchema) {
	to.Pos = yamldoc.Position(d.at, n)
	if n.Kind == yaml.ScalarNode {
		to.File, _ = d.text(n, path, field{})
		return
	}
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, path, "a JSON Schema or the path of one")
		return
	}
	to.Value = yamldoc.Value(n, "", nil)
}

// scalar decodes what is written as one word or text.
func (d *decoder) scalar(n *yaml.Node, path string, f field) {
	s, ok := d.text(n, path, f)
	if !ok {
		return
	}
	var err error
	switch to := f.to.(type) {
	case *string:
		*to = s
	case *secret.Secret:
		*to = secret.New(s)
		if s != "" && !strings.Contains(n.Value, "${") {
			d.report(codeSecret, diag.Warning, n, path, fmt.Sprintf("%q is written out in the file", path), "put it in an environment variable and write ${NAME}")
		}
	case *bool:
		*to, err = parseBool(s)
	case *int:
		*to, err = parseCount(s)
	case *Size:
		*to, err = parseSize(s)
	case *Depth:
		*to, err = parseDepth(s)
	case *time.Duration:
		*to, err = parseDuration(s)
	}
	if err != nil {
		d.report(codeValue, diag.Error, n, path, fmt.Sprintf("%q is %q; it must be %v", path, n.Value, err), "")
	}
}

// text returns a scalar's text with variables expanded, checked against the
// field's form. Messages quote it as written: what a variable holds may be secret.
func (d *decoder) text(n *yaml.Node, path string, f field) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		d.wrongType(n, path, "a single value")
		return "", false
	}
	s, bad := expand(n.Value, d.env)
	for _, v := range bad {
		code := codeVariable
		if v.unset {
			code = codeUnset
		}
		d.report(code, diag.Error, n, path, fmt.Sprintf("%q: %s", path, v.message), v.hint)
	}
	if len(bad) > 0 {
		return "", false
	}
	if len(f.enum) > 0 && !slices.Contains(f.enum, s) {
		hint := "the words here are " + strings.Join(f.enum, ", ")
		if near, ok := diag.Nearest(s, f.enum); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		d.report(codeValue, diag.Error, n, path, fmt.Sprintf("%q is %q, which has no meaning here", path, n.Value), hint)
		return "", false
	}
	if f.pattern != nil && s != "" && !f.pattern.matches(s) {
		d.report(codeValue, diag.Error, n, path, fmt.Sprintf("%q is %q; it must be %s", path, n.Value, f.pattern.name), "")
		return "", false
	}
	return s, true
}

func parseBool(s string) (bool, error) {
	switch s {
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	}
	return false, errors.New("true or false")
}

func parseCount(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0, errors.New("a whole number from 0 up")
	}
	return int(n), nil
}
