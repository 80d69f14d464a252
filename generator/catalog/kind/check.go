package kind

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Problem is one thing wrong with an entity, not yet placed in a file.
type Problem struct {
	Code string
	// Field is the path at fault, such as "spec.steps[0].action"; of a field
	// that is missing, it is where it should stand.
	Field         string
	Message, Hint string
}

// The codes of this package's problems, for catalog's rules.
const (
	CodeRequired = "spec-required"
	CodeType     = "spec-type"
	CodeValue    = "spec-value"
	CodeSchema   = "spec-schema"
)

// Check returns what is wrong with an entity of this kind. entity is the
// whole document as decoded JSON, spec its spec (nil when absent or no mapping).
func (k *Kind) Check(entity, spec map[string]any) []Problem {
	typ, _ := spec["type"].(string)
	ps := checkFields(k.FieldsFor(typ), spec, "spec")
	return append(ps, k.checkSchema(entity)...)
}

func checkFields(fields []Field, in map[string]any, path string) []Problem {
	var ps []Problem
	for _, f := range fields {
		at := path + "." + f.Name
		v, present := in[f.Name]
		switch {
		case present && v != nil:
			ps = append(ps, f.check(v, at)...)
		case f.Required:
			ps = append(ps, missing(f, fields, in, at))
		case present:
			ps = append(ps, Problem{CodeType, at, fmt.Sprintf("%q is empty", at), "give it a value or remove it"})
		}
	}
	return ps
}

// missing describes an absent field, looking for it under a misspelled name.
func missing(f Field, fields []Field, in map[string]any, at string) Problem {
	p := Problem{CodeRequired, at, fmt.Sprintf("%q is missing", at), ""}
	var others []string
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if !slices.ContainsFunc(fields, func(o Field) bool { return o.Name == key }) {
			others = append(others, key)
		}
	}
	if near, ok := diag.Nearest(f.Name, others); ok {
		p.Hint = fmt.Sprintf("there is %q; did you mean %q?", near, f.Name)
	} else if f.Type == Strings && !f.NotEmpty {
		p.Hint = fmt.Sprintf("write %s: [] if there are none", f.Name)
	} else {
		p.Hint = "add " + f.Name + ": " + example(f)
	}
	return p
}

func example(f Field) string {
	words := map[string]string{
		"type": "service", "lifecycle": "production", "owner": "my-team", "definition": "{$text: ./openapi.yaml}",
	}
	if w, ok := words[f.Name]; ok {
		return w
	}
	return "…"
}

func (f Field) check(v any, at string) []Problem {
	switch f.Type {
	case String:
		return f.checkString(v, at)
	case Strings:
		return f.checkStrings(v, at)
	case Object:
		if m, ok := v.(map[string]any); ok {
			return checkFields(f.Fields, m, at)
		}
		return []Problem{wrongType(v, at, "a mapping")}
	case Objects:
		return f.checkObjects(v, at)
	case ObjectOrObjects:
		switch v.(type) {
		case map[string]any, []any:
			return nil
		}
		return []Problem{wrongType(v, at, "a mapping or a list")}
	}
	return nil
}

func (f Field) checkString(v any, at string) []Problem {
	s, ok := v.(string)
	switch {
	case !ok:
		return []Problem{wrongType(v, at, "text")}
	case strings.TrimSpace(s) == "":
		return []Problem{{CodeType, at, fmt.Sprintf("%q is empty", at), "give it a value or remove it"}}
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, s):
		p := Problem{CodeValue, at, fmt.Sprintf("%q is %q, which has no meaning here", at, s), "the words here are " + strings.Join(f.Enum, ", ")}
		if near, ok := diag.Nearest(s, f.Enum); ok {
			p.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		return []Problem{p}
	}
	return nil
}

func (f Field) checkStrings(v any, at string) []Problem {
	list, ok := v.([]any)
	if !ok {
		p := wrongType(v, at, "a list")
		if s, isString := v.(string); isString {
			p.Hint = fmt.Sprintf("write %s: [%s]", f.Name, s)
		}
		return []Problem{p}
	}
	ps := f.checkEmpty(list, at)
	for i, x := range list {
		item := at + "[" + strconv.Itoa(i) + "]"
		if s, ok := x.(string); !ok {
			ps = append(ps, wrongType(x, item, "text"))
		} else if strings.TrimSpace(s) == "" {
			ps = append(ps, Problem{CodeType, item, fmt.Sprintf("%q is empty", item), "remove it"})
		}
	}
	return ps
}

func (f Field) checkObjects(v any, at string) []Problem {
	list, ok := v.([]any)
	if !ok {
		return []Problem{wrongType(v, at, "a list of mappings")}
	}
	ps := f.checkEmpty(list, at)
	for i, x := range list {
		item := at + "[" + strconv.Itoa(i) + "]"
		if m, ok := x.(map[string]any); ok {
			ps = append(ps, checkFields(f.Fields, m, item)...)
		} else {
			ps = append(ps, wrongType(x, item, "a mapping"))
		}
	}
	return ps
}

func (f Field) checkEmpty(list []any, at string) []Problem {
	if f.NotEmpty && len(list) == 0 {
		return []Problem{{CodeType, at, fmt.Sprintf("%q needs at least one element", at), ""}}
	}
	return nil
}

func wrongType(v any, at, want string) Problem {
	p := Problem{CodeType, at, fmt.Sprintf("%q must be %s, not %s", at, want, TypeWord(v)), ""}
	switch x := v.(type) {
	case bool, int64, float64:
		p.Hint = fmt.Sprintf("put it in quotes: \"%v\"", x)
	case map[string]any:
		if len(x) == 1 {
			for key := range x {
				if key == "" || strings.ContainsAny(key, "{}") {
					p.Hint = "put the value in quotes"
				}
			}
		}
	}
	return p
}

// TypeWord names the type of a decoded value: "a number", "a list", "nothing" …
func TypeWord(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	}
	return "a mapping"
}
