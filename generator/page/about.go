package page

import (
	"cmp"
	"slices"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// aboutPage makes the page that says what the portal was built from.
func (b *builder) aboutPage() {
	v := &AboutView{
		Version: b.in.Version, BuiltAt: b.in.Now.UTC(), Sources: b.sourceRows(), Entities: b.kindCounts(),
		Total: len(b.cat.All()), Docs: b.docStats(), Problems: countProblems(b.problems.all),
		Files: []Link{
			{Title: "build.json", URL: "/" + buildPath},
			{Title: "entities.json", URL: "/" + entitiesPath},
			{Title: "entity-facets.json", URL: "/" + entityFacetsPath},
			{Title: "Atom feed of changes", URL: "/" + feedPath},
			{Title: "llms.txt", URL: "/" + llmsPath},
		},
	}
	b.add(&Page{URL: AboutURL, Layout: "about", Title: "About this portal", View: v, Section: AboutURL, Dated: true,
		Description: "What " + b.in.Portal.Title + " was built from, and when"})
}

// sourceRows returns all sources by name.
func (b *builder) sourceRows() []SourceRow {
	entities, pages, problems := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range b.cat.All() {
		entities[e.Origin.Source]++
	}
	for _, s := range b.sites {
		pages[s.Source] += len(s.Pages)
	}
	for _, d := range b.problems.all {
		if d.Severity > 0 {
			problems[d.Pos.Source]++
		}
	}
	var out []SourceRow
	for _, c := range b.checkouts {
		r := SourceRow{
			Name: c.Name, URL: c.Web.Base, Origin: c.Origin, Ref: c.Ref, Commit: c.Commit[:min(12, len(c.Commit))],
			CommitURL: c.Web.CommitURL(c.Commit), CommitTime: c.CommitTime.UTC(), State: string(cmp.Or(c.State, checkout.Fresh)),
			AsOf: c.FetchedAt.UTC(), Err: c.Err, Entities: entities[c.Name], DocsPages: pages[c.Name], Problems: problems[c.Name],
		}
		if c.History != nil {
			r.Commits, r.Complete = len(c.History.Commits), c.History.Complete
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y SourceRow) int { return cmp.Compare(x.Name, y.Name) })
	return out
}
