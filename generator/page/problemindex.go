package page

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

// problemIndex finds diagnostics by what they are about.
type problemIndex struct {
	all      diag.List
	byEntity map[string]diag.List // by ref key
	byFile   map[filePlace]diag.List
	sites    map[string][]*docs.Site // by source
	// sources holds the owner of each source whose entities all have the same.
	sources map[string]*EntityLink
}

type filePlace struct{ source, file string }

// indexProblems gathers the diagnostics of all stages and of the entities.
func (b *builder) indexProblems() {
	all := slices.Clone(b.in.Diagnostics)
	for _, e := range b.cat.All() {
		for _, d := range e.Problems {
			if d.Entity == "" {
				d.Entity = e.Ref().Key()
			}
			all.Add(d)
		}
	}
	for i := range all {
		all[i].Entity = entityKey(all[i].Entity)
	}
	all.Sort()
	sites := map[string][]*docs.Site{}
	for _, s := range b.sites {
		sites[s.Source] = append(sites[s.Source], s)
	}
	b.problems = problemIndex{all: all, sites: sites, byEntity: map[string]diag.List{}, byFile: map[filePlace]diag.List{}, sources: b.sourceOwners()}
	for _, d := range all {
		if d.Entity != "" {
			b.problems.byEntity[d.Entity] = append(b.problems.byEntity[d.Entity], d)
		}
		if d.Pos.File != "" {
			p := filePlace{d.Pos.Source, d.Pos.File}
			b.problems.byFile[p] = append(b.problems.byFile[p], d)
		}
	}
}

// entityKey turns the ref in a diagnostic into the form of [entity.Ref.Key].
func entityKey(s string) string {
	if s == "" {
		return ""
	}
	if r, err := entity.ParseRef(s, "", entity.DefaultNamespace); err == nil {
		return r.Key()
	}
	return strings.ToLower(s)
}

// sourceOwners returns the owner of every source whose entities all have the same one.
func (b *builder) sourceOwners() map[string]*EntityLink {
	owners := map[string]*EntityLink{}
	for _, e := range b.cat.All() {
		o := b.owner(e)
		if o == nil {
			continue
		}
		known, seen := owners[e.Origin.Source]
		switch {
		case !seen:
			owners[e.Origin.Source] = o
		case known != nil && known.Ref != o.Ref:
			owners[e.Origin.Source] = nil
		}
	}
	return owners
}

// concerned returns the entity a diagnostic is about: the one it names, else
// the one whose documentation the file belongs to; nil for none.
func (b *builder) concerned(d diag.Diagnostic) *entity.Entity {
	if d.Entity != "" {
		if r, err := entity.ParseRef(d.Entity, "", entity.DefaultNamespace); err == nil {
			return b.cat.Get(r)
		}
		return nil
	}
	var best *entity.Entity
	longest := -1
	for _, s := range b.problems.sites[d.Pos.Source] {
		root := path.Clean(s.Root)
		if d.Pos.File == "" || len(root) <= longest {
			continue
		}
		if root == "." && strings.HasSuffix(d.Pos.File, ".md") || root != "." && strings.HasPrefix(d.Pos.File, root+"/") {
			if e := b.cat.Get(s.Entity); e != nil {
				best, longest = e, len(root)
			}
		}
	}
	return best
}

// responsible returns who should mend what a diagnostic says; nil when nobody
// is known.
func (b *builder) responsible(d diag.Diagnostic) *EntityLink {
	if e := b.concerned(d); e != nil {
		if o := b.owner(e); o != nil && !o.Missing {
			return o
		}
		if k := strings.ToLower(e.Kind); k == "group" || k == "user" {
			return b.linkTo(e)
		}
		return nil
	}
	if o := b.problems.sources[d.Pos.Source]; o != nil && d.Pos.Source != "" && !o.Missing {
		return o
	}
	return nil
}

// problem turns a diagnostic into what pages show. withEntity adds the entity
// concerned, for pages that are not that entity's own.
func (b *builder) problem(d diag.Diagnostic, withEntity bool) Problem {
	p := Problem{Code: d.Code, Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint, Field: d.Field}
	if !d.Pos.IsZero() {
		place := b.place(d.Pos)
		p.Place, p.URL = place.Text, place.URL
		if c := b.checkouts[d.Pos.Source]; c != nil && d.Pos.File != "" {
			p.EditURL = c.Web.Edit(d.Pos.File)
		}
	}
	for _, r := range d.Related {
		p.Related = append(p.Related, b.place(r))
	}
	if withEntity {
		p.Entity = b.linkTo(b.concerned(d))
	}
	return p
}

// place turns a position into text and a link to that line.
func (b *builder) place(pos diag.Pos) Place {
	out := Place{Text: pos.String()}
	if c := b.checkouts[pos.Source]; c != nil && pos.File != "" {
		web := webOf(c, pos.File)
		out.URL = web.File(pos.File, pos.Line)
	}
	return out
}

// views turns diagnostics into problems, worst first, else in their order.
func (b *builder) views(ds diag.List, withEntity bool) []Problem {
	sorted := slices.Clone(ds)
	slices.SortStableFunc(sorted, func(x, y diag.Diagnostic) int { return cmp.Compare(y.Severity, x.Severity) })
	var out []Problem
	for _, d := range sorted {
		out = append(out, b.problem(d, withEntity))
	}
	return out
}

// countProblems counts diagnostics by severity.
func countProblems(ds diag.List) ProblemCounts {
	return ProblemCounts{Errors: ds.Count(diag.Error), Warnings: ds.Count(diag.Warning), Infos: ds.Count(diag.Info)}
}
