package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/chart"
	"github.com/callboard-portal/callboard/generator/entity"
)

// maxOverview is how many boxes a drawing on the graph page has at most.
const maxOverview = 60

// graphPage draws the catalog from above: systems and what depends on what
// between them, and the inside of each domain.
func (b *builder) graphPage() {
	v := &GraphView{}
	between := b.systemEdges()
	v.Overview = b.overview(between)
	v.Links = b.overviewText(between)
	for _, d := range b.cat.Kind("domain") {
		if s := b.domainGraph(d); s != nil {
			v.Domains = append(v.Domains, *s)
		}
	}
	slices.SortFunc(v.Domains, func(x, y GraphSection) int { return compareLinks(x.Entity, y.Entity) })
	b.add(&Page{URL: GraphURL, Layout: "graph", Title: "Graph", View: v, Section: GraphURL,
		Description: "What depends on what in " + b.in.Portal.Title})
}

// systemEdge says that something in one system needs something in another.
type systemEdge struct{ from, to *entity.Entity }

// systemEdges lifts dependencies and uses of APIs between parts of different
// systems to the systems. An arrow leads from the one that needs.
func (b *builder) systemEdges() []systemEdge {
	seen := map[systemEdge]bool{}
	var out []systemEdge
	for _, e := range b.cat.All() {
		from := b.systemOf(e)
		if from == nil {
			continue
		}
		for _, r := range e.Relations {
			if r.Type != entity.DependsOn && r.Type != entity.ConsumesAPI {
				continue
			}
			x := b.cat.Get(r.Target)
			if x == nil {
				continue
			}
			edge := systemEdge{from, b.systemOf(x)}
			if edge.to != nil && edge.to != from && !seen[edge] {
				seen[edge] = true
				out = append(out, edge)
			}
		}
	}
	slices.SortFunc(out, func(x, y systemEdge) int {
		return cmp.Or(x.from.Ref().Compare(y.from.Ref()), x.to.Ref().Compare(y.to.Ref()))
	})
	return out
}

// systemOf returns the system something is part of; a system is its own.
func (b *builder) systemOf(e *entity.Entity) *entity.Entity {
	if strings.EqualFold(e.Kind, "system") {
		return e
	}
	if r := b.partOf(e, "system"); r != nil {
		return b.cat.Get(*r)
	}
	return nil
}

// overview draws the systems; with more than fit, those with most arrows.
func (b *builder) overview(edges []systemEdge) *Graph {
	systems := slices.Clone(b.cat.Kind("system"))
	if len(systems) == 0 {
		return nil
	}
	degree := map[*entity.Entity]int{}
	for _, e := range edges {
		degree[e.from]++
		degree[e.to]++
	}
	slices.SortStableFunc(systems, func(x, y *entity.Entity) int { return cmp.Compare(degree[y], degree[x]) })
	omitted := max(0, len(systems)-maxOverview)
	g := newGraph(b)
	for _, s := range systems[:len(systems)-omitted] {
		detail := ""
		if d := b.parentDomain(s); d != nil {
			detail = d.Title()
		}
		g.box(s, detail)
	}
	for _, e := range edges {
		g.arrow(e.from.Ref(), e.to.Ref(), "needs")
	}
	out := g.finish(GraphURL, "Systems and which other systems they need", false)
	out.Omitted = omitted
	return out
}

// box adds an entity with a second line as it stands.
func (g *graph) box(e *entity.Entity, detail string) {
	l := g.b.link(e.Ref())
	g.index[g.b.key(e.Ref())] = true
	g.refs = append(g.refs, e.Ref())
	g.chart.Nodes = append(g.chart.Nodes, chart.Node{
		ID: g.b.key(e.Ref()), Label: l.Title, Detail: cmp.Or(detail, l.KindTitle), URL: l.URL, Class: "kind-" + className(l.Kind),
	})
}

// arrow adds an arrow that is no single relation.
func (g *graph) arrow(from, to entity.Ref, label string) {
	if g.index[g.b.key(from)] && g.index[g.b.key(to)] {
		g.chart.Edges = append(g.chart.Edges, chart.Edge{From: g.b.key(from), To: g.b.key(to), Label: label, Class: "rel-" + label})
	}
}

// overviewText says the same as the overview in words.
func (b *builder) overviewText(edges []systemEdge) []GraphText {
	needs := map[*entity.Entity][]EntityLink{}
	for _, e := range edges {
		needs[e.from] = append(needs[e.from], b.link(e.to.Ref()))
	}
	var out []GraphText
	for _, s := range b.cat.Kind("system") {
		slices.SortFunc(needs[s], compareLinks)
		out = append(out, GraphText{Entity: b.link(s.Ref()), To: needs[s]})
	}
	slices.SortFunc(out, func(x, y GraphText) int { return compareLinks(x.Entity, y.Entity) })
	return out
}

// domainGraph draws the components, APIs and resources of a domain's systems.
// Domains with none, or too many to read, have no drawing.
func (b *builder) domainGraph(d *entity.Entity) *GraphSection {
	g := newGraph(b)
	for _, s := range b.cat.Related(d, entity.HasPart) {
		if !strings.EqualFold(s.Kind, "system") {
			continue
		}
		for _, x := range b.cat.Related(s, entity.HasPart) {
			if !g.index[b.key(x.Ref())] {
				g.box(x, kindTitle(x.Kind)+" · "+s.Title())
			}
		}
	}
	if len(g.refs) < 2 || len(g.refs) > maxOverview {
		return nil
	}
	g.between("")
	return &GraphSection{Entity: b.link(d.Ref()), Graph: *g.finish(GraphURL, "Inside "+d.Title(), false)}
}
