package page

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
)

// docsPages makes the pages, assets and redirects of all documentation.
func (b *builder) docsPages() {
	sets := make([]Set, len(b.sites))
	parallel(len(b.sites), func(i int) {
		sets[i] = b.docsSite(b.sites[i])
	})
	for _, s := range sets {
		b.set.Pages = append(b.set.Pages, s.Pages...)
		b.set.Files = append(b.set.Files, s.Files...)
		b.set.Redirects = append(b.set.Redirects, s.Redirects...)
	}
}

// docsIn is what the pages of a site share.
type docsIn struct {
	site    *docs.Site
	layout  string
	section string
	title   string
	root    string // URL of the site's index
	entity  *EntityLink
	owner   *EntityLink
	nav     *navIndex
	source  *checkout.Checkout // nil where unknown
	crumbs  []Link
}

// docsSite makes the pages of one documentation site.
func (b *builder) docsSite(s *docs.Site) Set {
	e := b.cat.Get(s.Entity)
	in := docsIn{
		site: s, layout: "doc", section: DocsURL, root: DocsSiteURL(s.Entity), nav: newNav(s),
		title: cmp.Or(s.Title, s.Entity.Name), source: b.checkouts[s.Source],
		crumbs: []Link{{Title: "Docs", URL: DocsURL}},
	}
	l := b.link(s.Entity)
	in.entity = &l
	if e != nil {
		in.owner = b.owner(e)
	}
	return b.docsSet(in)
}

// docsSet makes pages, assets and redirects of a site that lies at in.root.
func (b *builder) docsSet(in docsIn) Set {
	var out Set
	order := readingOrder(in.site, in.nav)
	place := make(map[*docs.Page]int, len(order))
	for i, p := range order {
		place[p] = i
	}
	for _, p := range in.site.Pages {
		v := b.docView(in, p)
		if i, ok := place[p]; ok {
			if i > 0 {
				v.Prev = in.pageLink(order[i-1])
			}
			if i+1 < len(order) {
				v.Next = in.pageLink(order[i+1])
			}
		}
		out.Pages = append(out.Pages, in.page(p, v))
	}
	for _, a := range in.site.Assets {
		file := strings.TrimPrefix(in.root+strings.TrimSuffix(docsPath(a.Path), "/"), "/")
		out.Files = append(out.Files, File{Path: file, Key: a.Hash, Open: a.Open, from: diag.Pos{Source: in.site.Source, File: a.File}})
	}
	for _, from := range sortedKeys(in.site.Redirects) {
		to := in.site.Redirects[from]
		if !safeURL(to) {
			to = in.url(to)
		}
		out.Redirects = append(out.Redirects, Redirect{From: in.url(from), To: to, from: in.pos()})
	}
	return out
}

// pos is where the site's documentation is, for messages that concern no page.
func (in docsIn) pos() diag.Pos {
	if in.source == nil {
		return diag.Pos{}
	}
	return diag.Pos{Source: in.site.Source, File: path.Join(in.site.Root, "mkdocs.yml")}
}

// url returns the URL of a path inside the site; an anchor stays.
func (in docsIn) url(p string) string {
	p, anchor, found := strings.Cut(p, "#")
	out := in.root + docsPath(p)
	if found {
		out += "#" + anchor
	}
	return out
}

func (in docsIn) pageLink(p *docs.Page) *Link {
	return &Link{Title: p.Title, URL: in.url(p.Path)}
}

// page wraps a view: its crumbs lead through the site and the sections of its
// navigation.
func (in docsIn) page(p *docs.Page, v *DocView) *Page {
	out := &Page{
		URL: in.url(p.Path), Layout: in.layout, Title: p.Title, Description: excerpt(p.Description, 160),
		View: v, Section: in.section, Crumbs: slices.Clone(in.crumbs), from: diag.Pos{Source: in.site.Source, File: p.File},
	}
	switch {
	case in.title == "" || in.title == p.Title:
	case p.Path == "":
		out.Title = in.title
	default:
		out.Title += " – " + in.title
	}
	if in.title != "" && p.Path != "" {
		out.Crumbs = append(out.Crumbs, Link{Title: in.title, URL: in.root})
	}
	for _, section := range in.nav.crumbs[p] {
		out.Crumbs = append(out.Crumbs, Link{Title: section})
	}
	return out
}

// readingOrder returns the pages that previous and next lead through: those in
// the navigation, or all where there is none.
func readingOrder(s *docs.Site, nav *navIndex) []*docs.Page {
	if len(nav.open) == 0 {
		return s.Pages
	}
	var out []*docs.Page
	for _, p := range s.Pages {
		if _, ok := nav.open[p]; ok {
			out = append(out, p)
		}
	}
	return out
}

func (b *builder) docView(in docsIn, p *docs.Page) *DocView {
	s := in.site
	v := &DocView{
		Title: p.Title, Description: p.Description, SiteTitle: in.title, SiteURL: in.root,
		Entity: in.entity, Owner: in.owner, Path: p.Path,
		Content: &DocContent{Hash: p.Hash, load: p.Content}, HideTOC: p.HideTOC,
		EditURL: p.EditURL, SourceURL: p.SourceURL, File: p.File, Source: s.Source, State: b.states[s.Source],
		Problems: b.views(b.problems.byFile[filePlace{s.Source, p.File}], false),
	}
	for _, t := range p.Tags {
		v.Tags = append(v.Tags, b.docTag(t))
	}
	if !p.HideNav {
		v.Nav, v.NavOpen = in.nav.fragment, in.nav.open[p]
	}
	if in.source == nil {
		return v
	}
	if p.HasChange {
		v.Change = change(p.Change, in.source.Web)
	}
	if view := webOf(in.source, p.File).File(p.File, 0); view != "" {
		v.SourceURL = view
	}
	v.IssueURL = in.source.Web.NewIssue("Documentation: "+p.Title, "About "+b.absolute(in.url(p.Path))+" ("+p.File+")\n\n")
	return v
}

// docTag links a page's tag to the entities that have it, or where there are
// none to a search for it.
func (b *builder) docTag(name string) Tag {
	t := Tag{Name: name, URL: SearchURL + "?q=" + queryEscape(name)}
	if b.tagged[strings.ToLower(name)] {
		t.URL = FacetURL("tag", name)
	}
	return t
}

// contentPages publishes the portal's own Markdown folder from the root.
func (b *builder) contentPages() {
	s := b.in.Content
	if s == nil {
		return
	}
	in := docsIn{site: s, layout: "page", root: "/", nav: newNav(s), source: b.checkouts[s.Source]}
	set := b.docsSet(in)
	for _, p := range set.Pages {
		if p.URL != HomeURL { // index.md is part of the home page
			b.add(p)
		}
	}
	b.set.Files = append(b.set.Files, set.Files...)
	b.set.Redirects = append(b.set.Redirects, set.Redirects...)
}

// welcome is the text of the portal's own index.md, which the home page shows;
// nil where there is none.
func (b *builder) welcome() *Fragment {
	if b.in.Content == nil {
		return nil
	}
	for _, p := range b.in.Content.Pages {
		if p.Path == "" {
			return bodyOf(p)
		}
	}
	return nil
}

// bodyOf is a page's HTML as a fragment, loaded when first needed.
func bodyOf(p *docs.Page) *Fragment {
	return LazyFragment(p.Hash, func() (string, error) {
		c, err := p.Content()
		if err != nil {
			return "", err
		}
		return c.HTML, nil
	})
}

// docTitle is what to call a page away from its site: an index page, "Home" in
// its navigation, has the site's name.
func docTitle(s *docs.Site, p *docs.Page) string {
	if p.Path == "" {
		return cmp.Or(s.Title, p.Title)
	}
	return p.Title
}

// maxWithout is how many undocumented components the docs index names.
const maxWithout = 50

// docsIndex makes the list of all documentation.
func (b *builder) docsIndex() {
	v := &DocsIndexView{}
	for _, s := range b.sites {
		row := DocsRow{
			Title: cmp.Or(s.Title, s.Entity.Name), Description: excerpt(s.Description, 200), URL: DocsSiteURL(s.Entity),
			Entity: b.link(s.Entity), Pages: len(s.Pages), Change: b.changes[s], State: b.states[s.Source],
		}
		if e := b.cat.Get(s.Entity); e != nil {
			row.Owner = b.owner(e)
			row.Description = cmp.Or(row.Description, excerpt(e.Metadata.Description, 200))
		}
		v.Sites = append(v.Sites, row)
		v.Pages += len(s.Pages)
	}
	slices.SortFunc(v.Sites, func(x, y DocsRow) int { return compareTitles(x.Title, x.Entity.Ref, y.Title, y.Entity.Ref) })
	for _, r := range b.rowsOf(b.cat.Kind("component")) {
		if r.DocsURL != "" {
			continue
		}
		if v.WithoutCount++; len(v.Without) < maxWithout {
			v.Without = append(v.Without, b.links[strings.ToLower(r.Ref)])
		}
	}
	b.add(&Page{URL: DocsURL, Layout: "docs", Title: "Documentation", View: v, Section: DocsURL,
		Description: "All documentation in " + b.in.Portal.Title})
}

// AnnouncementsFrom makes announcements of the pages in the folder
// "announcements" of the portal's own content, newest first. A file name that
// begins with a date, such as 2026-11-02-new-cluster.md, gives the date; the
// others come last, by path.
func AnnouncementsFrom(content *docs.Site) []Announcement {
	if content == nil {
		return nil
	}
	var out []Announcement
	for _, p := range content.Pages {
		rest, ok := strings.CutPrefix(p.Path, "announcements/")
		if !ok || rest == "" {
			continue
		}
		out = append(out, Announcement{
			Title: p.Title, Date: leadingDate(path.Base(rest)), URL: "/" + docsPath(p.Path),
			Body: bodyOf(p),
		})
	}
	slices.SortStableFunc(out, func(x, y Announcement) int { return y.Date.Compare(x.Date) })
	return out
}
