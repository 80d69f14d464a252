package page

import (
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// kindTables are the lists that an entity's page has by its kind: what a
// relation leads to, of one kind, with what to say when there is nothing. A
// table without words for that is left out when it is empty.
var kindTables = map[string][]struct {
	id, title, relation, kind, empty string
}{
	"component": {
		{"provided-apis", "Provided APIs", entity.ProvidesAPI, "api", ""},
		{"consumed-apis", "Consumed APIs", entity.ConsumesAPI, "api", ""},
		{"subcomponents", "Subcomponents", entity.HasPart, "component", ""},
		{"depends-on", "Depends on", entity.DependsOn, "", ""},
		{"needed-by", "Needed by", entity.DependencyOf, "", ""},
	},
	"api": {
		{"providers", "Providers", entity.APIProvidedBy, "", "No component says that it provides this API (spec.providesApis)."},
		{"consumers", "Consumers", entity.APIConsumedBy, "", "No component says that it consumes this API (spec.consumesApis)."},
	},
	"resource": {
		{"needed-by", "Needed by", entity.DependencyOf, "", "Nothing says that it depends on this resource (spec.dependsOn)."},
		{"depends-on", "Depends on", entity.DependsOn, "", ""},
	},
	"system": {
		{"components", "Components", entity.HasPart, "component", "No component says that it is part of this system (spec.system)."},
		{"apis", "APIs", entity.HasPart, "api", ""},
		{"resources", "Resources", entity.HasPart, "resource", ""},
	},
	"domain": {
		{"systems", "Systems", entity.HasPart, "system", "No system says that it is part of this domain (spec.domain)."},
		{"subdomains", "Subdomains", entity.HasPart, "domain", ""},
	},
}

// tables returns the lists of an entity's kind. Parts of other kinds than the
// usual ones get a table each, for custom kinds too.
func (b *builder) tables(e *entity.Entity) []EntityTable {
	var out []EntityTable
	shown := map[string]bool{}
	for _, t := range kindTables[strings.ToLower(e.Kind)] {
		if t.relation == entity.HasPart {
			shown[t.kind] = true
		}
		x := b.table(t.id, t.title, e.Targets(t.relation), t.kind)
		if len(x.Rows) == 0 && len(x.Missing) == 0 {
			if t.empty == "" {
				continue
			}
			x.Empty = t.empty
		}
		out = append(out, x)
	}
	others := map[string]bool{}
	for _, r := range e.Targets(entity.HasPart) {
		if k := strings.ToLower(r.Kind); !shown[k] {
			others[k] = true
		}
	}
	kinds := sortedKeys(others)
	slices.SortStableFunc(kinds, compareKinds)
	for _, k := range kinds {
		out = append(out, b.table("parts-"+className(k), kindsTitle(k), e.Targets(entity.HasPart), k))
	}
	return out
}

// table lists the targets of a kind, or of any for "".
func (b *builder) table(id, title string, targets []entity.Ref, kind string) EntityTable {
	t := EntityTable{ID: id, Title: title}
	for _, r := range targets {
		if kind != "" && !strings.EqualFold(r.Kind, kind) {
			continue
		}
		if x := b.cat.Get(r); x != nil {
			t.Rows = append(t.Rows, b.rows[x])
		} else {
			t.Missing = append(t.Missing, b.link(r))
		}
	}
	slices.SortFunc(t.Rows, compareRows)
	return t
}
