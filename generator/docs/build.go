package docs

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
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
	cache, err := readCache(opt.CacheDir)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{opt: opt, catalog: catalog, checkouts: checkouts, cache: cache, slots: make(chan struct{}, opt.jobs()),
		workers: &workers{command: opt.WorkerCommand}}
	defer b.workers.close()
	places, diags := b.places()
	builds := make([]*siteBuild, len(places))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2 * opt.jobs())
	for i, p := range places {
		group.Go(func() error {
			s, err := b.site(ctx, p)
			if err != nil {
				return err
			}
			s.release()
			builds[i] = s
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	sites := make([]*Site, len(builds))
	keep := map[string]bool{}
	for i, s := range builds {
		sites[i] = s.site
		diags.Add(s.diags...)
		keep[s.pack], keep[s.base] = true, true
	}
	cache.prune(keep)
	diags.Sort()
	return sites, diags, nil
}

// builder is one run of [Build].
type builder struct {
	opt       Options
	catalog   *entity.Catalog
	checkouts []*checkout.Checkout
	cache     *cacheIndex
	workers   *workers
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
	place     *place
	config    *config
	site      *Site
	tree      *tree
	includes  []*include
	roots     []root
	folders   map[string]*folderNav // by path in docs_dir; nil where a folder says nothing
	pages     []*pageBuild
	byRel     map[string]*pageBuild
	byFile    map[string]*pageBuild
	byURL     map[string]*pageBuild
	assets    map[string]*Asset // by path in the checkout
	diags     diag.List
	mu        sync.Mutex // for assets and probes while pages are linked
	near      sync.Once  // fills neighbors
	neighbors *neighbors
	probes    map[string]string
	homes     map[string]string // entity ref → its folder in the URL space, "" if there is none
	bytes     int64             // of all assets
	cached    map[string]body   // bodies of an older pack, by source key
	pack      string            // the pack that now holds the site, "" in memory
	base      string            // the pack that bodies were taken from
}

// pageBuild is a page being made.
type pageBuild struct {
	page *Page
	file *file
	key  string // of what the record was made of
	doc  *record
	body body
	// snippets are the files included, or looked for, with their hashes.
	snippets map[string]string
	macros   macros
	edit     string // as packPage.Edit
	diags    diag.List
}

// site builds the documentation of one entity, or takes it from the cache.
func (b *builder) site(ctx context.Context, p *place) (*siteBuild, error) {
	s := &siteBuild{builder: b, place: p, assets: map[string]*Asset{}, probes: map[string]string{}, homes: map[string]string{}}
	s.site = &Site{Entity: p.entity.Ref(), Source: p.checkout.Name, Root: p.root}
	packs := b.cache.open(s.id())
	treeKey := s.treeKey()
	for _, old := range packs {
		if old.header.Tree == treeKey && s.valid(old, false) {
			s.restore(old)
			return s, nil
		}
	}
	s.config = readConfig(p)
	var diags diag.List
	s.tree, diags = listTree(p, s.config)
	s.diags.Add(diags...)
	s.loadIncludes()
	s.diags.Add(s.tree.assignURLs(p)...)
	s.readFolderNavs()
	docsKey := s.docsKey()
	for _, old := range packs {
		if old.header.Docs == docsKey && s.valid(old, true) {
			s.diags = nil
			s.restore(old)
			return s, nil
		}
	}
	s.reuse(packs)
	if err := s.make(ctx); err != nil {
		return nil, err
	}
	return s, s.save(treeKey, docsKey)
}

// release lets go of what only making the site needs: the pages' records
// would otherwise stay in memory until the last site is done.
func (s *siteBuild) release() {
	s.config, s.tree, s.includes, s.folders, s.pages, s.neighbors = nil, nil, nil, nil, nil, nil
	s.byRel, s.byFile, s.byURL, s.assets, s.probes, s.homes, s.cached = nil, nil, nil, nil, nil, nil, nil
}

// make renders and links the whole site.
func (s *siteBuild) make(ctx context.Context) error {
	s.site.Title, s.site.Description = cmpOr(s.config.siteName, s.place.entity.Title()), s.config.description
	s.addPages()
	if err := s.render(ctx); err != nil {
		return err
	}
	s.publishAll()
	s.buildNav()
	for _, p := range s.pages {
		s.describe(p)
	}
	fillTitles(s.site.Nav)
	if err := s.link(ctx); err != nil {
		return err
	}
	s.redirect()
	s.finish()
	return nil
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

// link resolves the links of every page and makes its content.
func (s *siteBuild) link(ctx context.Context) error {
	return s.each(ctx, func(p *pageBuild) error {
		slots := s.resolve(p)
		p.macros = s.macrosOf(p.page, p.doc.HTML)
		p.page.Hash = compose(p.page.Title, p.doc, slots, p.macros).hash()
		p.body = newBody(p.doc, slots)
		p.page.load = p.body.loader(p.page.Title, p.macros)
		p.edit = s.editLink(p)
		s.locatePage(p.page, p.edit)
		return nil
	})
}

// locatePage fills what comes from the checkout's history and host, which may
// change while the content stays the same.
func (s *siteBuild) locatePage(p *Page, edit string) {
	c := s.place.checkout
	p.Change, p.HasChange = c.History.LastChange(p.File)
	p.SourceURL = c.Web.File(p.File, 0)
	switch edit {
	case "":
		p.EditURL = c.Web.Edit(p.File)
	case noEdit:
	default:
		p.EditURL = edit
	}
}

// noEdit is the edit link of pages that should have none.
const noEdit = "-"

// editLink follows edit_uri where repo_url is given, as MkDocs does
// (mkdocs/structure/pages.py); "" leaves it to the repository's host.
func (s *siteBuild) editLink(p *pageBuild) string {
	c := s.config
	if c.hasEditURI && c.editURI == "" {
		return noEdit
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
	return ""
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
	for _, in := range s.includes {
		s.diags.Add(in.config.diags...)
	}
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
