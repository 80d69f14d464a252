package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

// How much of each thing the home page shows.
const (
	maxRecent        = 12
	maxTeams         = 24
	maxAnnouncements = 5
	maxPerCommit     = 3 // recent changes of one commit, so that a big one does not fill the list
)

// homePage makes the page at "/".
func (b *builder) homePage() {
	p := b.in.Portal
	v := &HomeView{
		Title: p.Title, Organization: p.Organization, Description: p.Description, Welcome: b.welcome(),
		Counts: b.kindCounts(), Docs: b.docStats(), Recent: b.recent[:min(len(b.recent), maxRecent)],
		Problems: countProblems(b.problems.all), ProblemsURL: ProblemsURL,
		QuickLinks: b.quickLinks(), Empty: len(b.cat.All()) == 0,
		Announcements: b.in.Announcements[:min(len(b.in.Announcements), maxAnnouncements)],
	}
	v.Domains, v.LooseSystems = b.domainBoxes()
	v.Teams = b.teams()
	if len(v.Teams) > 0 {
		v.TeamsURL = FacetURL("kind", "group")
	}
	b.add(&Page{URL: HomeURL, Layout: "home", Title: p.Title, View: v, Section: HomeURL,
		Description: cmp.Or(excerpt(p.Description, 160), "What "+cmp.Or(p.Organization, p.Title)+" runs, who owns it and how it works")})
}

// kindCounts counts entities by kind.
func (b *builder) kindCounts() []Count {
	kinds := b.cat.Kinds()
	slices.SortFunc(kinds, compareKinds)
	var out []Count
	for _, k := range kinds {
		es := b.cat.Kind(k)
		title := kindsTitle(es[0].Kind)
		if len(es) == 1 {
			title = kindTitle(es[0].Kind)
		}
		out = append(out, Count{Name: k, Title: title, Count: len(es), URL: FacetURL("kind", k)})
	}
	return out
}

func (b *builder) docStats() DocStats {
	out := DocStats{URL: DocsURL}
	for _, s := range b.sites {
		out.Sites++
		out.Pages += len(s.Pages)
	}
	return out
}

// changed is something with a known last change: a documentation page or, with
// a nil page, an entity.
type changed struct {
	time   time.Time
	source string
	commit string
	site   *docs.Site
	page   *docs.Page
	entity *entity.Entity
}

// url is where it is shown.
func (c changed) url() string {
	if c.page != nil {
		return DocsPageURL(c.site.Entity, c.page.Path)
	}
	return EntityURL(c.entity.Ref())
}

// recentChanges returns the newest changes to documentation and descriptors
// whose time is exactly known.
func (b *builder) recentChanges() []Recent {
	var all []changed
	for _, s := range b.sites {
		for _, p := range s.Pages {
			if p.HasChange && !p.Change.Before && !p.Change.Time.IsZero() {
				all = append(all, changed{p.Change.Time, s.Source, p.Change.Commit, s, p, nil})
			}
		}
	}
	for _, e := range b.cat.All() {
		if c := b.rows[e].Changed; c != nil && !c.Before {
			all = append(all, changed{c.Time, e.Origin.Source, c.Commit, nil, nil, e})
		}
	}
	slices.SortFunc(all, func(x, y changed) int {
		if c := y.time.Compare(x.time); c != 0 {
			return c
		}
		return cmp.Compare(x.url(), y.url())
	})
	var out []Recent
	perCommit := map[[2]string]int{}
	for _, c := range all {
		k := [2]string{c.source, c.commit[:min(12, len(c.commit))]}
		if perCommit[k]++; perCommit[k] > maxPerCommit {
			continue
		}
		if out = append(out, b.recentOf(c)); len(out) == maxFeed {
			break
		}
	}
	return out
}

func (b *builder) recentOf(c changed) Recent {
	if c.page == nil {
		r := b.rows[c.entity]
		return Recent{Title: r.Title, URL: r.URL, What: "catalog", Entity: b.linkTo(c.entity), Change: *r.Changed}
	}
	l := b.link(c.site.Entity)
	return Recent{Title: docTitle(c.site, c.page), URL: c.url(), What: "docs", Entity: &l, Change: *change(c.page.Change, b.web(c.source))}
}

// domainBoxes returns the top-level domains with what is in them, and the
// systems that are in no domain.
func (b *builder) domainBoxes() ([]DomainBox, []SystemBox) {
	var domains []DomainBox
	var loose []SystemBox
	shown := map[*entity.Entity]bool{}
	for _, d := range b.cat.Kind("domain") {
		if b.parentDomain(d) == nil {
			domains = append(domains, b.domainBox(d, shown))
		}
	}
	for _, d := range b.cat.Kind("domain") {
		if !shown[d] { // domains inside one another in a circle
			domains = append(domains, b.domainBox(d, shown))
		}
	}
	slices.SortFunc(domains, func(x, y DomainBox) int { return compareLinks(x.EntityLink, y.EntityLink) })
	for _, s := range b.cat.Kind("system") {
		if b.parentDomain(s) == nil {
			loose = append(loose, b.systemBox(s))
		}
	}
	slices.SortFunc(loose, func(x, y SystemBox) int { return compareLinks(x.EntityLink, y.EntityLink) })
	return domains, loose
}

// parentDomain returns the domain something is part of, if it exists.
func (b *builder) parentDomain(e *entity.Entity) *entity.Entity {
	if r := b.partOf(e, "domain"); r != nil {
		return b.cat.Get(*r)
	}
	return nil
}

func (b *builder) domainBox(d *entity.Entity, shown map[*entity.Entity]bool) DomainBox {
	shown[d] = true
	box := DomainBox{EntityLink: b.link(d.Ref()), Owner: b.owner(d)}
	for _, x := range b.cat.Related(d, entity.HasPart) {
		switch {
		case strings.EqualFold(x.Kind, "system"):
			box.Systems = append(box.Systems, b.systemBox(x))
		case strings.EqualFold(x.Kind, "domain") && !shown[x]:
			box.Subdomains = append(box.Subdomains, b.domainBox(x, shown))
		}
	}
	slices.SortFunc(box.Systems, func(x, y SystemBox) int { return compareLinks(x.EntityLink, y.EntityLink) })
	slices.SortFunc(box.Subdomains, func(x, y DomainBox) int { return compareLinks(x.EntityLink, y.EntityLink) })
	return box
}

func (b *builder) systemBox(s *entity.Entity) SystemBox {
	box := SystemBox{EntityLink: b.link(s.Ref()), Owner: b.owner(s)}
	counts := map[string]int{}
	for _, x := range b.cat.Related(s, entity.HasPart) {
		counts[strings.ToLower(x.Kind)]++
	}
	kinds := sortedKeys(counts)
	slices.SortStableFunc(kinds, compareKinds)
	for _, k := range kinds {
		title := kindsTitle(k)
		if counts[k] == 1 {
			title = kindTitle(k)
		}
		box.Counts = append(box.Counts, Count{Name: k, Title: title, Count: counts[k]})
	}
	return box
}

// teams returns the groups that own most.
func (b *builder) teams() []TeamBox {
	var out []TeamBox
	for _, g := range b.cat.Kind("group") {
		out = append(out, b.teamBox(g))
	}
	slices.SortFunc(out, func(x, y TeamBox) int {
		return cmp.Or(cmp.Compare(y.Owns, x.Owns), compareLinks(x.EntityLink, y.EntityLink))
	})
	return out[:min(len(out), maxTeams)]
}

// quickLinks are the brand's own, or the portal's main pages.
func (b *builder) quickLinks() []Link {
	var out []Link
	for _, l := range b.in.Brand.QuickLinks {
		switch {
		case sitePath(l.URL):
			out = append(out, l)
		case safeURL(l.URL):
			l.External = true
			out = append(out, l)
		}
	}
	if len(out) > 0 {
		return out
	}
	return []Link{
		{Title: "Everything by name", URL: AZURL, Icon: "list"},
		{Title: "APIs", URL: APIDocsURL, Icon: "kind:api"},
		{Title: "Domains and teams", URL: ExploreURL, Icon: "kind:domain"},
		{Title: "About this portal", URL: AboutURL, Icon: "help"},
	}
}

// leadingDate reads a date at the beginning of a file name; zero for none.
func leadingDate(name string) time.Time {
	if len(name) < len(time.DateOnly) {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, name[:len(time.DateOnly)])
	if err != nil {
		return time.Time{}
	}
	return t
}
