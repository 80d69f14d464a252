package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// relate gives every entity its relations, in both directions of each pair,
// and reports refs that lead nowhere. A relation to an entity that does not
// exist is kept: the page says so.
func relate(drafts []*draft) {
	g := &graph{
		byKey: make(map[string]*draft, len(drafts)),
		edges: make(map[*draft][]entity.Relation, len(drafts)),
	}
	for _, d := range drafts {
		g.byKey[d.entity.Ref().Key()] = d
	}
	for _, d := range drafts {
		g.relate(d)
	}
	for _, d := range drafts {
		d.entity.Relations = sortedRelations(g.edges[d])
	}
	reportParents(drafts)
	g.reportCycles(drafts, entity.ChildOf, "group")
	g.reportCycles(drafts, entity.PartOf, "part")
}

// graph is the catalog while its relations are made.
type graph struct {
	byKey   map[string]*draft
	edges   map[*draft][]entity.Relation
	suggest suggestions
}

// relate follows the fields of one entity that name others.
func (g *graph) relate(d *draft) {
	fields := kind.Unknown.Fields
	if d.kind != nil {
		fields = d.kind.FieldsFor(d.entity.Type())
	}
	for _, f := range fields {
		if f.Relation == nil {
			continue
		}
		for _, named := range refsIn(d.entity.Spec, f.Name) {
			g.relateRef(d, f, named)
		}
	}
}

// named is one ref as written.
type named struct{ text, field string }

// refsIn returns the refs at a field: a text or a list of texts.
func refsIn(spec map[string]any, field string) []named {
	at := "spec." + field
	switch v := kind.Value(spec, field).(type) {
	case string:
		if strings.TrimSpace(v) != "" {
			return []named{{v, at}}
		}
	case []any:
		var out []named
		for i, x := range v {
			if s, ok := x.(string); ok && strings.TrimSpace(s) != "" {
				out = append(out, named{s, at + "[" + strconv.Itoa(i) + "]"})
			}
		}
		return out
	}
	return nil
}

func (g *graph) relateRef(d *draft, f kind.Field, n named) {
	rel := f.Relation
	ref, err := entity.ParseRef(n.text, rel.DefaultKind, d.entity.Metadata.Namespace)
	if err != nil {
		g.reportInvalid(d, rel, n, err)
		return
	}
	to, exists := g.byKey[ref.Key()]
	if !exists {
		g.reportDangling(d, f, n, ref)
		g.edges[d] = append(g.edges[d], entity.Relation{Type: rel.Forward, Target: ref})
		return
	}
	g.edges[d] = append(g.edges[d], entity.Relation{Type: rel.Forward, Target: to.entity.Ref()})
	g.edges[to] = append(g.edges[to], entity.Relation{Type: rel.Reverse, Target: d.entity.Ref()})
	checkTargetKind(d, f, n, to.entity)
}

// expectedKinds are the kinds that make sense at the end of a relation.
var expectedKinds = map[string][]string{
	entity.OwnedBy: {"Group", "User"}, entity.ProvidesAPI: {"API"}, entity.ConsumesAPI: {"API"},
	entity.ChildOf: {"Group"}, entity.ParentOf: {"Group"}, entity.MemberOf: {"Group"}, entity.HasMember: {"User"},
}

func checkTargetKind(d *draft, f kind.Field, n named, to *entity.Entity) {
	want := expectedKinds[f.Relation.Forward]
	if f.Relation.Forward == entity.PartOf && f.Relation.DefaultKind != "" {
		want = []string{f.Relation.DefaultKind}
	}
	if len(want) == 0 || containsFold(want, to.Kind) {
		return
	}
	code := codeRefKind
	if f.Relation.Forward == entity.OwnedBy {
		code = codeOwnerKind
	}
	d.report(code, diag.Warning, n.field, fmt.Sprintf("%q names %s, which is %s", n.field, to.Ref(), withArticle(to.Kind)),
		"name "+withArticle(strings.Join(want, " or a ")))
}

func withArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "AEIOaeio") {
		return "an " + noun
	}
	return "a " + noun
}

func (g *graph) reportInvalid(d *draft, rel *kind.Relation, n named, err error) {
	if rel.DefaultKind == "" && !strings.Contains(n.text, ":") {
		hint := "write the kind as well, such as resource:" + n.text
		if found := g.suggestByName(n.text, d.entity.Metadata.Namespace); found != "" {
			hint = fmt.Sprintf("did you mean %q?", found)
		}
		d.report(codeRefNoKind, diag.Error, n.field, fmt.Sprintf("%q is %q, which does not say of what kind it is", n.field, n.text), hint)
		return
	}
	hint := "a ref is [kind:][namespace/]name"
	if looksLikeTemplate(n.text) {
		hint = "this looks like a template that was not filled in"
	}
	d.report(codeRefInvalid, diag.Error, n.field, err.Error(), hint)
}

func (g *graph) reportDangling(d *draft, f kind.Field, n named, ref entity.Ref) {
	code := codeRefDangling
	message := fmt.Sprintf("%q names %s, which is not in the catalog", n.field, ref)
	kinds := []string{ref.Kind}
	if f.Relation.Forward == entity.OwnedBy {
		code, kinds = codeOwnerDangling, []string{"Group", "User"}
		if d.entity.Origin.OwnerFromCodeowners {
			message = fmt.Sprintf("CODEOWNERS names the owner %s, which is not in the catalog", ref)
		}
	}
	hint := "declare it, or mend the name"
	if near := g.nearest(ref, kinds, d.entity.Metadata.Namespace, f.Relation.DefaultKind); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.report(code, diag.Warning, n.field, message, hint)
}

// sortedRelations orders by type and target and drops repeats.
func sortedRelations(rs []entity.Relation) []entity.Relation {
	slices.SortFunc(rs, func(a, b entity.Relation) int {
		if c := strings.Compare(a.Type, b.Type); c != 0 {
			return c
		}
		return a.Target.Compare(b.Target)
	})
	return slices.CompactFunc(rs, func(a, b entity.Relation) bool {
		return a.Type == b.Type && a.Target.Compare(b.Target) == 0
	})
}
