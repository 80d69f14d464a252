package page

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Build makes every page, file and redirect of a portal. It is pure: the same
// input, in whatever order its lists are, gives the same set. Pages and files
// are sorted by URL and path; no two have paths that differ only in case. The
// diagnostics are those of this stage alone.
func Build(in Input) (Set, diag.List) {
	b := newBuilder(in)
	b.entityPages()
	b.docsPages()
	b.catalogLists()
	b.docsIndex()
	b.explorePage()
	b.graphPage()
	b.azPages()
	b.searchPage()
	b.notFoundPage()
	b.homePage()
	b.aboutPage()
	b.contentPages()
	b.brandFiles()
	// What sums up comes last: problems include those found here, and the
	// sitemap lists what is left.
	b.dropCollisions()
	b.problemsPages()
	b.dataFiles()
	b.hostFiles()
	b.set.sort()
	return b.set, b.diags
}

// builder is what the page types share while a set is being made.
type builder struct {
	in        Input
	cat       *entity.Catalog
	sites     []*docs.Site // sorted by entity, one for each
	checkouts map[string]*checkout.Checkout
	diags     diag.List
	set       Set

	keys      map[entity.Ref]string // of every ref in the catalog: they are dear to make
	links     map[string]EntityLink // by ref key
	rows      map[*entity.Entity]*Row
	siteOf    map[string]*docs.Site   // by ref key of the entity
	changes   map[*docs.Site]*Change  // newest change of each site
	states    map[string]*SourceState // by source; fresh sources are not in it
	problems  problemIndex
	facets    map[string]map[string]*facetSet
	tagged    map[string]bool // tags that have a page
	recent    []Recent        // newest changes first, at most maxFeed
	hasSystem bool
}

func newBuilder(in Input) *builder {
	if in.Catalog == nil {
		in.Catalog = entity.NewCatalog(nil)
	}
	b := &builder{
		in: in, cat: in.Catalog, sites: slices.Clone(in.Sites),
		checkouts: map[string]*checkout.Checkout{}, keys: map[entity.Ref]string{}, links: map[string]EntityLink{},
		siteOf: map[string]*docs.Site{}, changes: map[*docs.Site]*Change{}, states: map[string]*SourceState{},
	}
	slices.SortFunc(b.sites, func(x, y *docs.Site) int {
		return cmp.Or(x.Entity.Compare(y.Entity), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Root, y.Root))
	})
	b.sites = slices.CompactFunc(b.sites, func(x, y *docs.Site) bool { return x.Entity.Compare(y.Entity) == 0 })
	for _, c := range in.Checkouts {
		b.checkouts[c.Name] = c
		if s := sourceState(c); s != nil {
			b.states[c.Name] = s
		}
	}
	for _, s := range b.sites {
		b.siteOf[s.Entity.Key()] = s
		b.changes[s] = b.newestChange(s)
	}
	for _, e := range b.cat.All() {
		b.intern(e.Ref())
		for _, r := range e.Relations {
			b.intern(r.Target)
		}
	}
	for _, e := range b.cat.All() {
		b.links[b.key(e.Ref())] = entityLink(e)
	}
	b.tagged = map[string]bool{}
	for _, e := range b.cat.All() {
		for _, t := range e.Metadata.Tags {
			b.tagged[strings.ToLower(t)] = true
		}
	}
	b.hasSystem = len(b.cat.Kind("system")) > 0
	b.set.Shell = b.shell()
	b.indexProblems()
	b.indexRows()
	b.recent = b.recentChanges()
	return b
}

func (b *builder) intern(r entity.Ref) {
	if _, known := b.keys[r]; !known {
		b.keys[r] = r.Key()
	}
}

// key is [entity.Ref.Key], remembered.
func (b *builder) key(r entity.Ref) string {
	if k, known := b.keys[r]; known {
		return k
	}
	return r.Key()
}

// shell makes what every page shows around its content.
func (b *builder) shell() Shell {
	p, brand := b.in.Portal, b.in.Brand
	nav := []NavLink{
		{Title: "Home", URL: HomeURL, Icon: "home"},
		{Title: "Catalog", URL: CatalogURL, Icon: "catalog"},
		{Title: "Docs", URL: DocsURL, Icon: "docs"},
		{Title: "APIs", URL: APIDocsURL, Icon: "kind:api"},
		{Title: "Explore", URL: ExploreURL, Icon: "kind:domain"},
		{Title: "Graph", URL: GraphURL, Icon: "graph"},
		{Title: "Problems", URL: ProblemsURL, Icon: "warning"},
	}
	return Shell{
		Title: p.Title, Name: cmp.Or(brand.Name, p.Title), Organization: p.Organization, Language: cmp.Or(p.Language, "en"), URL: baseURL(p.URL),
		Nav: nav, HeaderLinks: safeNav(brand.HeaderLinks), FooterLinks: safeNav(brand.FooterLinks),
		Logo: brand.Logo, LogoDark: brand.LogoDark, Favicon: brand.Favicon,
		Frames: frameSources(b.in.IframeHosts),
	}
}

// frameSources lists hosts in the form of a Content-Security-Policy. Anything
// that is no plain host is left out: it could end the directive.
func frameSources(hosts []string) string {
	var sources []string
	for _, h := range hosts {
		h = strings.ToLower(h)
		if h != "" && !strings.ContainsFunc(h, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-.:*", r)
		}) {
			sources = append(sources, h)
		}
	}
	slices.Sort(sources)
	if len(sources) == 0 {
		return "'none'"
	}
	return strings.Join(slices.Compact(sources), " ")
}

// baseURL returns the portal's address with a trailing slash, or "".
func baseURL(s string) string {
	if s == "" || strings.HasSuffix(s, "/") {
		return s
	}
	return s + "/"
}

// safeNav leaves out links that lead neither into the site nor to a safe URL.
func safeNav(links []NavLink) []NavLink {
	var out []NavLink
	for _, l := range links {
		if sitePath(l.URL) || safeURL(l.URL) {
			out = append(out, l)
		}
	}
	return out
}

// add appends a page.
func (b *builder) add(p *Page) { b.set.Pages = append(b.set.Pages, p) }

// parallel calls f for every index below n on all cores. f writes only to its
// own index, so the result does not depend on the order of work.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// sourceState returns how current a source is, or nil when it is fresh.
func sourceState(c *checkout.Checkout) *SourceState {
	if c.State == checkout.Fresh || c.State == "" {
		return nil
	}
	return &SourceState{Source: c.Name, State: string(c.State), AsOf: c.FetchedAt.UTC(), Err: c.Err}
}
