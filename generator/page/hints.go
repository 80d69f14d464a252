package page

import (
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// hints says what would make an entity's page more useful, most useful first.
// It names only what is missing here and what Callboard would show.
func (b *builder) hints(e *entity.Entity, v *EntityView) []Hint {
	var out []Hint
	if v.NeedsOwner {
		out = append(out, Hint{
			ID: "owner", Title: "Say who owns this",
			Text: "Name the group that answers for it. Everybody who opens this page looks for that first.",
			YAML: "spec:\n  owner: group:default/your-team\n",
		})
	}
	if needsOwner[v.Kind] && v.Description == nil {
		out = append(out, Hint{
			ID: "description", Title: "Say what this is",
			Text: "One or two sentences, shown here, in lists and in search results.",
			YAML: "metadata:\n  description: What it does and for whom.\n",
		})
	}
	if v.Kind == "component" && len(v.Docs) == 0 && !documented(e) {
		out = append(out, Hint{
			ID: "docs", Title: "Add documentation",
			Text: "Put Markdown into docs/ beside the descriptor, beginning with docs/index.md, and say that it is there.",
			YAML: "metadata:\n  annotations:\n    backstage.io/techdocs-ref: dir:.\n",
		})
	}
	if v.Kind == "component" && b.hasSystem && len(e.Targets(entity.PartOf)) == 0 && strings.TrimSpace(e.SpecString("system")) == "" {
		out = append(out, Hint{
			ID: "system", Title: "Say which system this belongs to",
			Text: "It then appears on the system's page and in its graph.",
			YAML: "spec:\n  system: your-system\n",
		})
	}
	if v.Kind == "group" && len(contacts(e)) == 0 && profile(e).Email == "" {
		out = append(out, Hint{
			ID: "contact", Title: "Say how to reach this group",
			Text: "Shown on the page of everything the group owns.",
			YAML: "metadata:\n  links:\n    - title: \"#your-team\"\n      url: https://chat.example.com/your-team\n      type: chat\nspec:\n  profile:\n    email: your-team@example.com\n",
		})
	}
	return out
}

// documented reports whether an entity says where its documentation is: if
// that then is not shown, a problem says why, and a hint would only confuse.
func documented(e *entity.Entity) bool {
	return e.Annotation("backstage.io/techdocs-ref") != "" || e.Annotation("backstage.io/techdocs-entity") != ""
}
