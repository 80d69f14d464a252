package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/chart"
	"github.com/callboard-portal/callboard/generator/entity"
)

// relationTypes are the relations Callboard knows, in the order in which pages
// list them. forward is true for the one of a pair that an arrow is drawn for.
var relationTypes = []struct {
	name, title string
	forward     bool
	reverse     string
}{
	{entity.DependsOn, "Depends on", true, entity.DependencyOf},
	{entity.DependencyOf, "Needed by", false, entity.DependsOn},
	{entity.ProvidesAPI, "Provides API", true, entity.APIProvidedBy},
	{entity.APIProvidedBy, "Provided by", false, entity.ProvidesAPI},
	{entity.ConsumesAPI, "Consumes API", true, entity.APIConsumedBy},
	{entity.APIConsumedBy, "Consumed by", false, entity.ConsumesAPI},
	{entity.PartOf, "Part of", false, entity.HasPart},
	{entity.HasPart, "Has part", true, entity.PartOf},
	{entity.OwnedBy, "Owned by", false, entity.OwnerOf},
	{entity.OwnerOf, "Owns", true, entity.OwnedBy},
	{entity.ChildOf, "Child of", false, entity.ParentOf},
	{entity.ParentOf, "Parent of", true, entity.ChildOf},
	{entity.MemberOf, "Member of", false, entity.HasMember},
	{entity.HasMember, "Has member", true, entity.MemberOf},
}

// relationTitle returns what to call a relation.
func relationTitle(name string) string {
	if i := relationPlace(name); i < len(relationTypes) {
		return relationTypes[i].title
	}
	return sentence(name)
}

// relationPlace orders relation types; custom ones come last.
func relationPlace(name string) int {
	for i, t := range relationTypes {
		if t.name == name {
			return i
		}
	}
	return len(relationTypes)
}

// maxRelated is how many entities a group of relations lists.
const maxRelated = 100

// relationGroups returns all relations of an entity by type.
func (b *builder) relationGroups(e *entity.Entity) []RelationGroup {
	byType := map[string][]entity.Ref{}
	for _, r := range e.Relations {
		byType[r.Type] = append(byType[r.Type], r.Target)
	}
	types := sortedKeys(byType)
	slices.SortStableFunc(types, func(x, y string) int { return relationPlace(x) - relationPlace(y) })
	var out []RelationGroup
	for _, t := range types {
		g := RelationGroup{Type: t, Title: relationTitle(t), Items: b.linksTo(byType[t])}
		if len(g.Items) > maxRelated {
			g.Items, g.More = g.Items[:maxRelated], len(g.Items)-maxRelated
		}
		out = append(out, g)
	}
	return out
}

// Limits of the graph on an entity's page: so many entities, and neighbours of
// neighbours only where the direct ones are few.
const (
	maxGraphNodes = 24
	maxForDepth2  = 8
)

// graphed are the relations drawn on an entity's page. Ownership is not: the
// owner stands in the page's head, and would tie everything to everything.
func graphed(relation string) bool {
	switch relation {
	case entity.OwnedBy, entity.OwnerOf, entity.MemberOf, entity.HasMember:
		return false
	}
	return true
}

// onward are the relations followed beyond a direct neighbour, by the relation
// that leads to it: always on in the same direction, to what breaks when
// something breaks, and never back to what merely shares a neighbour.
var onward = map[string]string{
	entity.DependsOn:    entity.DependsOn,
	entity.DependencyOf: entity.DependencyOf,
	entity.ProvidesAPI:  entity.APIConsumedBy,
	entity.ConsumesAPI:  entity.APIProvidedBy,
	entity.ParentOf:     entity.ParentOf,
	entity.ChildOf:      entity.ChildOf,
}

// entityGraph draws an entity with what is related to it; nil where nothing is.
func (b *builder) entityGraph(e *entity.Entity) *Graph {
	direct, omitted := b.neighbours(e)
	if len(direct) == 0 {
		return nil
	}
	g := newGraph(b)
	g.node(e.Ref(), "focus", "")
	for _, r := range direct {
		detail := relationTitle(r.Type)
		if r.Type == entity.HasPart || r.Type == entity.ParentOf {
			detail = "" // the drawing says it already; the type says more
		}
		g.node(r.Target, "", detail)
		g.edge(e.Ref(), r)
	}
	if len(direct) <= maxForDepth2 {
		for _, r := range direct {
			g.beyond(r)
		}
	}
	g.between(b.key(e.Ref()))
	g.thinParts(b.key(e.Ref()))
	kind := strings.ToLower(e.Kind)
	out := g.finish(EntityURL(e.Ref()), "Relations of "+e.Title(), kind == "group" || kind == "domain")
	out.Omitted = omitted
	return out
}

// neighbours returns the relations to draw around an entity, one per
// neighbour, and how many neighbours there are beyond the limit.
func (b *builder) neighbours(e *entity.Entity) (out []entity.Relation, omitted int) {
	sorted := slices.Clone(e.Relations)
	slices.SortStableFunc(sorted, func(x, y entity.Relation) int { return relationPlace(x.Type) - relationPlace(y.Type) })
	seen := map[string]bool{b.key(e.Ref()): true}
	for _, r := range sorted {
		switch k := b.key(r.Target); {
		case !graphed(r.Type) || seen[k]:
		case len(out) >= maxGraphNodes:
			seen[k] = true
			omitted++
		default:
			seen[k] = true
			out = append(out, r)
		}
	}
	return out, omitted
}

// graph is a drawing being put together.
type graph struct {
	b     *builder
	chart chart.Graph
	refs  []entity.Ref
	index map[string]bool
	edges map[edgeKey]bool
}

type edgeKey struct{ from, to, relation string }

func newGraph(b *builder) *graph {
	return &graph{b: b, index: map[string]bool{}, edges: map[edgeKey]bool{}}
}

// node adds a box; detail is its second line, by default the kind and type.
func (g *graph) node(r entity.Ref, class, detail string) {
	k := g.b.key(r)
	if g.index[k] {
		return
	}
	g.index[k] = true
	g.refs = append(g.refs, r)
	l := g.b.link(r)
	n := chart.Node{ID: k, Label: l.Title, URL: l.URL, Class: strings.TrimSpace("kind-" + className(l.Kind) + " " + class)}
	n.Detail = l.KindTitle
	switch {
	case l.Missing:
		n.Class += " missing"
		n.Detail += " · not found"
	case detail != "":
		n.Detail += " · " + strings.ToLower(detail[:1]) + detail[1:]
	case l.Type != "":
		n.Detail += " · " + l.Type
	}
	g.chart.Nodes = append(g.chart.Nodes, n)
}

// edge adds the arrow of a relation in its forward direction, so that both
// halves of a pair are one arrow.
func (g *graph) edge(from entity.Ref, r entity.Relation) {
	x, y, name := g.b.key(from), g.b.key(r.Target), r.Type
	if !g.index[x] || !g.index[y] {
		return
	}
	if i := relationPlace(name); i < len(relationTypes) && !relationTypes[i].forward {
		x, y, name = y, x, relationTypes[i].reverse
	}
	if k := (edgeKey{x, y, name}); !g.edges[k] {
		g.edges[k] = true
		g.chart.Edges = append(g.chart.Edges, chart.Edge{From: x, To: y, Label: relationTitle(name), Class: "rel-" + className(name)})
	}
}

// beyond adds the neighbours of a neighbour while there is room.
func (g *graph) beyond(r entity.Relation) {
	e := g.b.cat.Get(r.Target)
	if e == nil {
		return
	}
	for _, x := range e.Relations {
		if x.Type == onward[r.Type] && len(g.refs) < maxGraphNodes {
			g.node(x.Target, "far", "")
		}
	}
}

// between adds the arrows among all that is drawn. With a focus, what is part
// of what is drawn for that alone: a system with all its parts would hide the rest.
func (g *graph) between(focus string) {
	for _, r := range g.refs {
		e := g.b.cat.Get(r)
		if e == nil {
			continue
		}
		for _, x := range e.Relations {
			// Custom relations are pairs whose forward half is not known here:
			// only those of the page's own entity are drawn.
			if !graphed(x.Type) || relationPlace(x.Type) == len(relationTypes) {
				continue
			}
			part := x.Type == entity.HasPart || x.Type == entity.PartOf
			if !part || focus == "" || g.b.key(r) == focus || g.b.key(x.Target) == focus {
				g.edge(r, x)
			}
		}
	}
}

// thinParts leaves out the arrows from the focus to those of its parts that
// other arrows lead to by way of another part: a system's inside then reads
// from left to right.
func (g *graph) thinParts(focus string) {
	targets := map[string][]string{}
	hasOther := map[string]bool{}
	for _, e := range g.chart.Edges {
		if e.From != focus {
			targets[e.From] = append(targets[e.From], e.To)
			hasOther[e.To] = true
		}
	}
	reached := map[string]bool{}
	var reach func(id string)
	reach = func(id string) {
		if !reached[id] {
			reached[id] = true
			for _, to := range targets[id] {
				reach(to)
			}
		}
	}
	part := relationTitle(entity.HasPart)
	isPart := func(e chart.Edge) bool { return e.From == focus && e.Label == part }
	for _, e := range g.chart.Edges {
		if isPart(e) && !hasOther[e.To] {
			reach(e.To)
		}
	}
	g.chart.Edges = slices.DeleteFunc(g.chart.Edges, func(e chart.Edge) bool {
		if !isPart(e) || !hasOther[e.To] {
			return false
		}
		if !reached[e.To] { // parts that need one another in a circle
			reach(e.To)
			return false
		}
		return true
	})
}

// finish returns the graph as a fragment that is drawn when a page needs it.
// What it hashes is what it draws.
func (g *graph) finish(pageURL, label string, down bool) *Graph {
	c := g.chart
	c.Label, c.Down = label, down
	draw := func() (string, error) {
		return c.SVG(func(to string) string { return Rel(pageURL, to) }), nil
	}
	return &Graph{
		SVG: LazyFragment(graphHash(pageURL, c), draw), Label: label,
		Nodes: len(c.Nodes), Edges: len(c.Edges),
	}
}

// graphHash identifies a drawing by all that goes into it and the page it is
// on, on which its links depend.
func graphHash(pageURL string, c chart.Graph) string {
	buf := make([]byte, 0, 200*(len(c.Nodes)+len(c.Edges))+200)
	field := func(s string) { buf = append(append(buf, s...), 0) }
	field(pageURL)
	field(c.Label)
	field(strconv.FormatBool(c.Down))
	for _, n := range c.Nodes {
		buf = append(buf, 'n')
		field(n.ID)
		field(n.Label)
		field(n.Detail)
		field(n.URL)
		field(n.Class)
	}
	for _, e := range c.Edges {
		buf = append(buf, 'e')
		field(e.From)
		field(e.To)
		field(e.Label)
		field(e.Class)
	}
	return hashBytes(buf)
}

// className makes a name safe as an HTML class.
func className(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, s)
}
