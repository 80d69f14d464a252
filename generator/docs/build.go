package docs

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Build returns the documentation sites of all entities that have one, sorted
// by entity ref, and the mistakes found in them, sorted. An error means that
// ctx ended or the cache could not be written; whatever is wrong with docs is
// a diagnostic and costs at most the page concerned.
//
// The sites depend on catalog, checkouts and opt alone. With Options.CacheDir
// set, what has not changed since the last build is taken from there, and is
// the same to the byte.
func Build(ctx context.Context, catalog *entity.Catalog, checkouts []*checkout.Checkout, opt Options) ([]*Site, diag.List, error) {
	b := &builder{opt: opt, catalog: catalog, checkouts: checkouts, slots: make(chan struct{}, opt.jobs())}
	places, diags := b.places()
	builds := make([]*siteBuild, len(places))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2 * opt.jobs())
	for i, p := range places {
		group.Go(func() error {
			var err error
			builds[i], err = b.site(ctx, p)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	sites := make([]*Site, len(builds))
	for i, s := range builds {
		sites[i] = s.site
		diags.Add(s.diags...)
	}
	diags.Sort()
	return sites, diags, nil
}

// builder is one run of [Build].
type builder struct {
	opt       Options
	catalog   *entity.Catalog
	checkouts []*checkout.Checkout
	slots     chan struct{} // bounds the pages rendered at once
}

func (b *builder) places() ([]*place, diag.List) {
	var out []*place
	var diags diag.List
	for _, e := range b.catalog.All() {
		p, problems := locate(e, b.checkouts)
		diags.Add(problems...)
		if p != nil {
			out = append(out, p)
		}
	}
	return out, diags
}

// siteBuild is a site being made.
type siteBuild struct {
	*builder
	place  *place
	config *config
	site   *Site
	tree   *tree
	pages  []*pageBuild
	byRel  map[string]*pageBuild
	byFile map[string]*pageBuild
	byURL  map[string]*pageBuild
	assets map[string]*Asset // by path in the checkout
	diags  diag.List
	mu     sync.Mutex // for assets and probes while pages are linked
	probes map[string]bool
	bytes  int64 // of all assets
}

// pageBuild is a page being made.
type pageBuild struct {
	page  *Page
	file  *file
	doc   *record
	diags diag.List
}

// record is what is known of a page from its source alone.
type record struct {
	markdown.Document
	// Failed says why the page could not be rendered; FailedLine is where.
	Failed     string
	FailedLine int
}

// site builds the documentation of one entity.
func (b *builder) site(ctx context.Context, p *place) (*siteBuild, error) {
	s := &siteBuild{builder: b, place: p, config: readConfig(p), assets: map[string]*Asset{}, probes: map[string]bool{}}
	s.site = &Site{
		Entity: p.entity.Ref(), Title: cmpOr(s.config.siteName, p.entity.Title()), Description: s.config.description,
		Source: p.checkout.Name, Root: p.root,
	}
	var diags diag.List
	s.tree, diags = listTree(p, s.config)
	s.diags.Add(diags...)
	s.addPages()
	if err := s.render(ctx); err != nil {
		return nil, err
	}
	s.publishAll()
	s.buildNav()
	for _, p := range s.pages {
		s.describe(p)
	}
	fillTitles(s.site.Nav)
	if err := s.link(ctx); err != nil {
		return nil, err
	}
	s.redirect()
	s.finish()
	return s, nil
}

func (s *siteBuild) addPages() {
	s.byRel, s.byFile, s.byURL = map[string]*pageBuild{}, map[string]*pageBuild{}, map[string]*pageBuild{}
	for _, f := range s.tree.pages {
		p := &pageBuild{file: f, page: &Page{Path: f.url, File: f.path}}
		s.pages = append(s.pages, p)
		s.byRel[f.rel], s.byFile[f.path], s.byURL[strings.ToLower(f.url)] = p, p, p
	}
	if len(s.pages) == 0 {
		s.diags.Add(diag.Diagnostic{Code: "docs-empty", Severity: diag.Error, Entity: s.site.Entity.String(),
			Pos:     s.place.entity.Pos("metadata.annotations." + annotationRef),
			Message: "there is no Markdown file in " + quote(s.config.docsDir) + " of " + s.place.checkout.Name, Hint: "write " + path.Join(s.config.docsDir, "index.md")})
	}
}

// each calls f for all pages, as many at once as the options allow.
func (s *siteBuild) each(ctx context.Context, f func(*pageBuild) error) error {
	var group errgroup.Group
	for _, p := range s.pages {
		if ctx.Err() != nil {
			break
		}
		s.slots <- struct{}{}
		group.Go(func() error {
			defer func() { <-s.slots }()
			return f(p)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// render reads and renders every page.
func (s *siteBuild) render(ctx context.Context) error {
	opt := markdown.Options{IframeHosts: s.opt.IframeHosts, TOC: s.config.toc}
	return s.each(ctx, func(p *pageBuild) error {
		source, err := fs.ReadFile(s.place.checkout.FS, p.file.path)
		if err != nil {
			p.doc = &record{Failed: "the file could not be read"}
			return nil
		}
		p.doc = renderPage(source, opt)
		return nil
	})
}

func renderPage(source []byte, opt markdown.Options) *record {
	doc, err := markdown.Render(source, opt)
	if err == nil {
		return &record{Document: *doc}
	}
	r := &record{Failed: err.Error()}
	if limit := (*markdown.LimitError)(nil); errors.As(err, &limit) {
		r.FailedLine = limit.Line
	}
	return r
}

// describe fills a page's fields from its front matter and first heading.
func (s *siteBuild) describe(p *pageBuild) {
	m, page := p.doc.Meta, p.page
	page.Title = firstOf(page.Title, m.Title, p.doc.Outline.Title)
	if page.Title == "" {
		name := path.Base(p.file.rel)
		if page.Title = fileTitle(strings.TrimSuffix(name, path.Ext(name))); page.Path == "" {
			page.Title = "Home"
		}
	}
	page.Description, page.Tags = m.Description, m.Tags
	page.HideNav, page.HideTOC, page.NoSearch = m.HideNav, m.HideTOC, m.NoSearch
	report := func(code string, sev diag.Severity, line, column int, message, hint string) {
		p.diags.Add(diag.Diagnostic{Code: code, Severity: sev, Entity: s.site.Entity.String(), Message: message, Hint: hint,
			Pos: diag.Pos{Source: s.site.Source, File: page.File, Line: line, Column: column}})
	}
	if m.Err != "" {
		report("docs-front-matter", diag.Warning, m.ErrLine, 1, m.Err, "the page is shown without its front matter")
	}
	if p.doc.Failed != "" {
		report("docs-page-failed", diag.Error, p.doc.FailedLine, 0, p.doc.Failed, "the page shows this message instead of its content")
	}
	for _, r := range p.doc.Removed {
		report("docs-html-removed", diag.Info, r.Line, r.Column, "HTML element <"+r.What+"> is not published and was left out", removedHints[r.What])
	}
}

var removedHints = map[string]string{
	"iframe": "an operator can allow hosts to be embedded; the page shows a link instead",
	"svg":    "put the picture in a file and use it as an image",
	"style":  "styles belong to the portal's theme",
	"script": "scripts from repositories are never published",
}

func firstOf(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// link resolves the links of every page and makes its content.
func (s *siteBuild) link(ctx context.Context) error {
	return s.each(ctx, func(p *pageBuild) error {
		slots := s.resolve(p)
		content := compose(p.page.Title, p.doc, slots)
		p.page.Hash = content.hash()
		p.page.load = func() (*Content, error) { return content, nil }
		p.page.Change, p.page.HasChange = s.place.checkout.History.LastChange(p.file.path)
		p.page.SourceURL = s.place.checkout.Web.File(p.file.path, 0)
		p.page.EditURL = s.editURL(p)
		return nil
	})
}

// editURL follows edit_uri where repo_url is given, as MkDocs does
// (mkdocs/structure/pages.py), and otherwise asks the repository's host.
func (s *siteBuild) editURL(p *pageBuild) string {
	c := s.config
	if c.hasEditURI && c.editURI == "" {
		return ""
	}
	if c.repoURL != "" && c.editURI != "" && p.file.path == path.Join(c.docsDir, p.file.rel) && strings.HasPrefix(c.repoURL, "https://") {
		base := strings.TrimSuffix(c.repoURL, "/") + "/"
		if strings.HasPrefix(c.editURI, "?") || strings.HasPrefix(c.editURI, "#") {
			base = strings.TrimSuffix(base, "/")
		}
		sep := "/"
		if strings.HasSuffix(c.editURI, "/") || strings.Contains(c.editURI, "=") {
			sep = ""
		}
		return base + strings.TrimPrefix(c.editURI, "/") + sep + escapePath(p.file.rel)
	}
	return s.place.checkout.Web.Edit(p.file.path)
}

// redirect fills Redirects from the redirects plugin, and leads a site
// without an index to its first page.
func (s *siteBuild) redirect() {
	to := map[string]string{}
	for from, target := range s.config.redirects {
		file, frag, _ := strings.Cut(target, "#")
		if p := s.byRel[path.Clean(file)]; p != nil && isMarkdown(from) {
			to[pageURL(path.Clean(from))] = p.page.Path
			if frag != "" {
				to[pageURL(path.Clean(from))] += "#" + frag
			}
		}
	}
	if len(s.pages) > 0 && s.byURL[""] == nil {
		to[""] = s.pages[0].page.Path
		s.diags.Add(diag.Diagnostic{Code: "docs-no-index", Severity: diag.Info, Entity: s.site.Entity.String(),
			Pos:     diag.Pos{Source: s.site.Source, File: s.config.docsDir},
			Message: "the docs have no index.md; their address leads to " + path.Base(s.pages[0].file.path), Hint: "write " + path.Join(s.config.docsDir, "index.md")})
	}
	for from := range to {
		if s.byURL[strings.ToLower(from)] != nil {
			delete(to, from)
		}
	}
	if len(to) > 0 {
		s.site.Redirects = to
	}
}

// finish gathers assets and diagnostics in their final order.
func (s *siteBuild) finish() {
	for _, a := range s.assets {
		if a != nil {
			s.site.Assets = append(s.site.Assets, *a)
		}
	}
	slices.SortFunc(s.site.Assets, func(a, b Asset) int { return strings.Compare(a.Path, b.Path) })
	s.diags.Add(s.config.diags...)
	for _, p := range s.pages {
		s.diags.Add(p.diags...)
	}
	s.diags.Sort()
}

func (s *siteBuild) rels() []string {
	out := make([]string, 0, len(s.pages))
	for _, p := range s.pages {
		out = append(out, p.file.rel)
	}
	slices.Sort(out)
	return out
}

// files returns the paths of all pages and assets in the checkout, sorted.
func (s *siteBuild) files() []string {
	var out []string
	for _, f := range slices.Concat(s.tree.pages, s.tree.assets) {
		out = append(out, f.path)
	}
	slices.Sort(out)
	return out
}

// stat reports whether a path of the checkout exists, and is a folder. The
// answer is remembered: a cached site is good only while it stays the same.
func (s *siteBuild) stat(file string) (exists, isDir bool) {
	info, err := fs.Stat(s.place.checkout.FS, file)
	s.mu.Lock()
	s.probes[file] = err == nil
	s.mu.Unlock()
	return err == nil, err == nil && info.IsDir()
}
