package config

import "time"

// Schema returns a JSON Schema (draft 2020-12) of callboard.yaml, made from
// the same lists that the decoder works by, as a JSON-able value.
// encoding/json writes it with sorted keys.
func Schema() map[string]any {
	c := Default()
	return root("callboard.yaml", "The configuration of a Callboard portal.", &c)
}

// BrandSchema returns the same for brand.yaml.
func BrandSchema() map[string]any {
	b := DefaultBrand()
	return root("brand.yaml", "What makes a Callboard portal look like its company's.", &b)
}

func root(title, description string, s section) map[string]any {
	out := sectionSchema(s)
	out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	out["title"], out["description"] = title, description
	return out
}

func sectionSchema(s section) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range s.fields() {
		p := fieldSchema(f)
		p["description"] = f.doc
		if f.later {
			p["description"] = f.doc + " Not supported by this version yet."
		}
		properties[f.key] = p
		if f.required {
			required = append(required, f.key)
		}
	}
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// variableForm admits a reference wherever a scalar is wanted.
const variableForm = `\$\{`

func fieldSchema(f field) map[string]any {
	if f.later {
		return map[string]any{}
	}
	switch to := f.to.(type) {
	case section:
		return sectionSchema(to)
	case optional:
		return sectionSchema(to.element())
	case list:
		return map[string]any{"type": "array", "items": sectionSchema(to.element())}
	case *Patterns:
		item := textSchema(f)
		out := map[string]any{"anyOf": []any{item, map[string]any{"type": "array", "items": item}}}
		if len(*to) > 0 {
			out["default"] = []string(*to)
		}
		return out
	case *KindSchema:
		return map[string]any{"type": []any{"string", "object"}}
	}
	return scalarSchema(f)
}

func scalarSchema(f field) map[string]any {
	switch to := f.to.(type) {
	case *bool:
		return orVariable(map[string]any{"type": "boolean"}, *to)
	case *int:
		return orVariable(map[string]any{"type": "integer", "minimum": 0}, nil)
	case *Size, *Depth:
		return map[string]any{"type": []any{"string", "integer"}}
	case *time.Duration:
		return map[string]any{"type": "string"}
	case *string:
		out := textSchema(f)
		if *to != "" {
			out["default"] = *to
		}
		return out
	}
	return textSchema(f)
}

func textSchema(f field) map[string]any {
	switch {
	case len(f.enum) > 0:
		words := make([]any, len(f.enum))
		for i, w := range f.enum {
			words[i] = w
		}
		return map[string]any{"enum": words}
	case f.pattern != nil:
		return map[string]any{"type": "string", "pattern": f.pattern.form.String() + "|" + variableForm}
	}
	return map[string]any{"type": "string"}
}

func orVariable(s map[string]any, def any) map[string]any {
	out := map[string]any{"anyOf": []any{s, map[string]any{"type": "string", "pattern": variableForm}}}
	if def != nil {
		out["default"] = def
	}
	return out
}
