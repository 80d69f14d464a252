package page

import (
	"slices"

	"github.com/callboard-portal/callboard/generator/entity"
)

// explorePage makes the overview of domains, systems and groups.
func (b *builder) explorePage() {
	v := &ExploreView{}
	v.Domains, v.LooseSystems = b.domainBoxes()
	v.Groups = b.groupTree()
	v.Chart = b.groupChart()
	b.add(&Page{URL: ExploreURL, Layout: "explore", Title: "Explore", View: v, Section: ExploreURL,
		Description: "Domains, systems and teams of " + b.in.Portal.Title})
}

// groupTree returns the groups as trees. A group with several parents stands
// under the first; groups that are above one another in a circle begin at the
// first by ref.
func (b *builder) groupTree() []GroupNode {
	var out []GroupNode
	shown := map[*entity.Entity]bool{}
	for _, rootsOnly := range []bool{true, false} {
		for _, g := range b.cat.Kind("group") {
			if !shown[g] && (!rootsOnly || len(b.cat.Related(g, entity.ChildOf)) == 0) {
				out = append(out, b.groupNode(g, shown))
			}
		}
	}
	slices.SortFunc(out, compareNodes)
	return out
}

func compareNodes(x, y GroupNode) int { return compareLinks(x.EntityLink, y.EntityLink) }

func (b *builder) groupNode(g *entity.Entity, shown map[*entity.Entity]bool) GroupNode {
	shown[g] = true
	n := GroupNode{TeamBox: b.teamBox(g)}
	for _, c := range b.cat.Related(g, entity.ParentOf) {
		if up := b.cat.Related(c, entity.ChildOf); !shown[c] && len(up) > 0 && up[0] == g {
			n.Children = append(n.Children, b.groupNode(c, shown))
		}
	}
	slices.SortFunc(n.Children, compareNodes)
	return n
}

// maxGroupChart is how many groups the drawn tree has at most; above that the
// list says it better.
const maxGroupChart = 60

// groupChart draws the tree of groups; nil for none, or too many.
func (b *builder) groupChart() *Graph {
	groups := b.cat.Kind("group")
	if len(groups) < 2 || len(groups) > maxGroupChart {
		return nil
	}
	g := newGraph(b)
	for _, e := range groups {
		g.node(e.Ref(), "", "")
	}
	g.between("")
	if len(g.chart.Edges) == 0 {
		return nil
	}
	return g.finish(ExploreURL, "Groups and the groups below them", false)
}
