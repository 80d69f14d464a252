// Package chart draws charts as SVG on the build machine: no script, no inline
// style, the same bytes for the same input. Begin with [Graph].
//
// A drawing carries classes, which the theme colours, and is sized by width,
// height and viewBox, so that it keeps its place while a page loads and shrinks
// with max-width: 100%. It never stands alone: pages say the same in words.
package chart

import (
	"cmp"
	"slices"
)

// Graph is a directed graph to draw in layers, from left to right or from top
// to bottom. The order of Nodes and Edges does not matter.
type Graph struct {
	// Label says in one sentence what is drawn; assistive software reads it.
	Label string
	Nodes []Node
	Edges []Edge
	// Down draws from top to bottom, for trees; otherwise from left to right.
	Down bool
}

// Node is a box with one or two lines of text, both cut to fit.
type Node struct {
	// ID names the node in edges. Of several nodes with one ID the first stays.
	ID string
	// Label is the first line, Detail the second, smaller one; it may be empty.
	Label, Detail string
	// URL makes the box a link; it is written as [Graph.SVG]'s rel returns it.
	URL string
	// Class is added to the box's class, which is "node".
	Class string
}

// Edge is an arrow between two nodes. Edges from a node to itself or to a node
// that is not in the graph are left out.
type Edge struct {
	From, To string
	// Label is what the arrow means, such as "depends on": it is its tooltip.
	Label string
	// Class is added to the arrow's class, which is "edge".
	Class string
}

// canonical returns the nodes sorted by ID without repeats, and the edges
// between them as indices, sorted, merged where they join the same two nodes.
func (g Graph) canonical() ([]Node, []arc) {
	nodes := slices.Clone(g.Nodes)
	slices.SortStableFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	nodes = slices.CompactFunc(nodes, func(a, b Node) bool { return a.ID == b.ID })
	index := make(map[string]int, len(nodes))
	for i, n := range nodes {
		index[n.ID] = i
	}
	edges := slices.Clone(g.Edges)
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Class, b.Class))
	})
	var arcs []arc
	for _, e := range slices.Compact(edges) {
		from, ok := index[e.From]
		to, ok2 := index[e.To]
		if !ok || !ok2 || from == to {
			continue
		}
		if n := len(arcs); n > 0 && arcs[n-1].from == from && arcs[n-1].to == to {
			arcs[n-1].edges = append(arcs[n-1].edges, e)
			continue
		}
		arcs = append(arcs, arc{from: from, to: to, edges: []Edge{e}})
	}
	return nodes, arcs
}

// arc is all edges from one node to another, and after [breakCycles] also
// those the other way.
type arc struct {
	from, to int
	edges    []Edge
	back     []Edge // edges from to to from, drawn on the same line
}
