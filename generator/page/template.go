package page

import (
	"slices"

	"github.com/callboard-portal/callboard/generator/entity"
)

// templateView reads a scaffolder template (Backstage:
// scaffolder.backstage.io/v1beta3): its forms are JSON Schemas, one or a list.
func templateView(e *entity.Entity) *TemplateView {
	v := &TemplateView{}
	forms, ok := e.Spec["parameters"].([]any)
	if !ok && e.Spec["parameters"] != nil {
		forms = []any{e.Spec["parameters"]}
	}
	for _, f := range forms {
		if m, ok := f.(map[string]any); ok {
			v.Forms = append(v.Forms, templateForm(m))
		}
	}
	steps, _ := e.Spec["steps"].([]any)
	for _, s := range steps {
		if m, ok := s.(map[string]any); ok {
			v.Steps = append(v.Steps, TemplateStep{ID: text(m["id"]), Name: text(m["name"]), Action: text(m["action"]), If: text(m["if"])})
		}
	}
	output, _ := e.Spec["output"].(map[string]any)
	links, _ := output["links"].([]any)
	for _, l := range links {
		m, _ := l.(map[string]any)
		// The addresses hold expressions that only a run fills in.
		if title := text(m["title"]); title != "" {
			v.Outputs = append(v.Outputs, Link{Title: title, Icon: text(m["icon"])})
		}
	}
	return v
}

func templateForm(m map[string]any) TemplateForm {
	f := TemplateForm{Title: text(m["title"]), Description: text(m["description"])}
	required := texts(m["required"])
	properties, _ := m["properties"].(map[string]any)
	for _, name := range sortedKeys(properties) {
		p, _ := properties[name].(map[string]any)
		widget := text(p["ui:field"])
		if widget == "" {
			widget = text(p["ui:widget"])
		}
		f.Fields = append(f.Fields, TemplateField{
			Name: name, Title: text(p["title"]), Type: text(p["type"]), Description: text(p["description"]),
			Required: slices.Contains(required, name), Default: text(p["default"]), Enum: texts(p["enum"]), Widget: widget,
		})
	}
	// Required parameters first: they are what a reader needs to bring.
	slices.SortStableFunc(f.Fields, func(a, b TemplateField) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return f
}
