package catalog

import (
	"fmt"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// reportCycles finds entities that are, by a relation that should form a
// tree, above themselves. Each cycle is reported once, at its first entity in
// the order of drafts.
func (g *graph) reportCycles(drafts []*draft, relation, what string) {
	const (
		open = 1
		done = 2
	)
	state := make(map[*draft]int, len(drafts))
	var trail []*draft
	var visit func(d *draft)
	visit = func(d *draft) {
		state[d] = open
		trail = append(trail, d)
		for _, r := range d.entity.Relations {
			if r.Type != relation {
				continue
			}
			next := g.byKey[r.Target.Key()]
			if next == nil || state[next] == done {
				continue
			}
			if state[next] == open {
				reportCycle(trail, next, what)
				continue
			}
			visit(next)
		}
		trail = trail[:len(trail)-1]
		state[d] = done
	}
	for _, d := range drafts {
		if state[d] == 0 {
			visit(d)
		}
	}
}

// reportParents finds groups below several others, which a tree of teams cannot show.
func reportParents(drafts []*draft) {
	for _, d := range drafts {
		var parents []string
		for _, p := range d.entity.Targets(entity.ChildOf) {
			parents = append(parents, p.String())
		}
		if len(parents) > 1 {
			d.report(codeParents, diag.Warning, parentField(d.entity),
				fmt.Sprintf("%s has %d parents: %s", d.entity.Ref(), len(parents), strings.Join(parents, ", ")),
				"keep one; a group's children and its children's parent should agree")
		}
	}
}

// reportCycle reports the part of the trail from first on.
func reportCycle(trail []*draft, first *draft, what string) {
	for len(trail) > 0 && trail[0] != first {
		trail = trail[1:]
	}
	field := parentField(first.entity)
	problem := diag.Diagnostic{Code: codeCycle, Severity: diag.Error, Pos: first.pos(field), Field: field}
	var names []string
	for i, d := range trail {
		names = append(names, d.entity.Ref().String())
		if i > 0 {
			problem.Related = append(problem.Related, d.pos(parentField(d.entity)))
		}
	}
	names = append(names, first.entity.Ref().String())
	problem.Message = fmt.Sprintf("%s hierarchy leads back to where it began: %s", what, strings.Join(names, " > "))
	problem.Hint = "remove one of these parents"
	first.ds.Add(problem)
}

// parentField is the field through which an entity names what is above it.
func parentField(e *entity.Entity) string {
	for _, f := range []string{"parent", "subcomponentOf", "subdomainOf", "system", "domain"} {
		if e.SpecString(f) != "" {
			return "spec." + f
		}
	}
	return "spec"
}
