package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// maxOwnProblems is how many problems the page of one owner lists.
const maxOwnProblems = 1000

// problemsPages makes the page of all problems, and one for each owner who
// has any. Those of this stage are among them.
func (b *builder) problemsPages() {
	all := slices.Concat(b.problems.all, b.diags)
	all.Sort()
	byOwner, bySource := b.groupProblems(all)
	v := &ProblemsView{Counts: countProblems(all), Codes: codeCounts(all)}
	for _, g := range byOwner {
		v.ByOwner = append(v.ByOwner, b.problemGroup(g, MaxProblems))
	}
	for _, g := range bySource {
		v.BySource = append(v.BySource, b.problemGroup(g, MaxProblems))
	}
	b.add(&Page{URL: ProblemsURL, Layout: "problems", Title: "Problems", View: v, Section: ProblemsURL,
		Description: "What Callboard found amiss in descriptors and documentation"})
	for _, g := range byOwner {
		if g.owner == nil {
			continue
		}
		one := b.problemGroup(g, maxOwnProblems)
		one.URL = ""
		b.add(&Page{
			URL: g.url, Layout: "problems", Title: "Problems of " + g.title, Section: ProblemsURL,
			View:        &ProblemsView{Counts: countProblems(g.list), Codes: codeCounts(g.list), ByOwner: []ProblemGroup{one}, Owner: g.owner},
			Crumbs:      []Link{{Title: "Problems", URL: ProblemsURL}},
			Description: "What Callboard found amiss in what " + g.title + " owns",
		})
	}
}

// problemsOf is diagnostics that belong together.
type problemsOf struct {
	id, title, url string
	owner          *EntityLink
	list           diag.List
}

// problemsURL is the page of one owner's problems.
func problemsURL(owner *EntityLink) string {
	return ProblemsURL + "owner/" + segment(ownerKey(owner.Ref)) + "/"
}

// problemsURLOf is the page that lists a diagnostic.
func (b *builder) problemsURLOf(d diag.Diagnostic) string {
	if owner := b.responsible(d); owner != nil {
		return problemsURL(owner)
	}
	return ProblemsURL
}

// groupProblems sorts diagnostics by owner and by source. The largest number
// of errors comes first; what has no owner comes last.
func (b *builder) groupProblems(all diag.List) (byOwner, bySource []problemsOf) {
	owners, sources := map[string]*problemsOf{}, map[string]*problemsOf{}
	for _, d := range all {
		owner := b.responsible(d)
		key := ""
		if owner != nil {
			key = owner.Ref
		}
		if owners[key] == nil {
			owners[key] = &problemsOf{id: "owner", title: "Without an owner"}
			if owner != nil {
				owners[key] = &problemsOf{id: "owner-" + segment(ownerKey(key)), title: owner.Title, url: problemsURL(owner), owner: owner}
			}
		}
		owners[key].list.Add(d)
		if sources[d.Pos.Source] == nil {
			sources[d.Pos.Source] = b.sourceProblems(d.Pos.Source)
		}
		sources[d.Pos.Source].list.Add(d)
	}
	return worstFirst(owners), worstFirst(sources)
}

func (b *builder) sourceProblems(source string) *problemsOf {
	if source == "" {
		return &problemsOf{id: "source", title: "The portal itself"}
	}
	return &problemsOf{id: "source-" + segment(source), title: source, url: b.web(source).Base}
}

func worstFirst(groups map[string]*problemsOf) []problemsOf {
	var out []problemsOf
	for _, key := range sortedKeys(groups) {
		out = append(out, *groups[key])
	}
	slices.SortStableFunc(out, func(x, y problemsOf) int {
		a, c := countProblems(x.list), countProblems(y.list)
		return cmp.Or(cmp.Compare(c.Errors, a.Errors), cmp.Compare(c.Warnings, a.Warnings), strings.Compare(x.title, y.title))
	})
	return out
}

func (b *builder) problemGroup(g problemsOf, limit int) ProblemGroup {
	problems := b.views(g.list, true)
	shown := problems[:min(len(problems), limit)]
	return ProblemGroup{
		ID: g.id, Title: g.title, Owner: g.owner, URL: g.url, Counts: countProblems(g.list),
		Problems: shown, More: len(problems) - len(shown),
	}
}

// codeCounts counts diagnostics by code, most frequent first.
func codeCounts(list diag.List) []CodeCount {
	index := map[string]int{}
	var out []CodeCount
	for _, d := range list {
		i, ok := index[d.Code]
		if !ok {
			i = len(out)
			index[d.Code] = i
			out = append(out, CodeCount{Code: d.Code})
		}
		out[i].Count++
		if out[i].Severity != "error" && (out[i].Severity != "warning" || d.Severity == diag.Error) {
			out[i].Severity = d.Severity.String()
		}
	}
	slices.SortFunc(out, func(x, y CodeCount) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Code, y.Code))
	})
	return out
}
