package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
)

// Document is one page that can be found. What it says is loaded only when
// the document is new or its Hash has changed.
type Document struct {
	// ID is stable between builds and unique: "entity:component:default/pay".
	ID string
	// Hash identifies everything else, the loaded sections included.
	Hash string
	// URL is the page's site path.
	URL string
	// Title is what a result is called; Kind is an entity kind in lower case,
	// "docs" or "page".
	Title string
	Kind  string
	// Breadcrumb says where the page is, outermost first, without the title.
	Breadcrumb []string
	// Names are what the thing is called in code; they are found in parts, by
	// prefix and with typing mistakes.
	Names []string
	// Keywords are further words it belongs to: tags, owner, link titles.
	Keywords []string
	// Facets are for narrowing results; empty values are absent.
	Facets Facets
	// Load returns the text, cut at headings; the first section is the page
	// itself and has an empty ID. It must be safe for concurrent use.
	Load func() ([]Section, error)
}

// Facets are the values by which results can be narrowed.
type Facets struct {
	Type      string   `json:"type,omitempty"`
	Owner     string   `json:"owner,omitempty"`
	System    string   `json:"system,omitempty"`
	Lifecycle string   `json:"lifecycle,omitempty"`
	Tags      []string `json:"tags,omitempty"`
}

// Section is a part of a document that a result can point into.
type Section struct {
	ID      string // fragment of the URL, empty for the page itself
	Heading string
	Text    string
	Code    string
}

// Documents returns everything a portal's search knows: its own pages, every
// entity and every page of documentation, sorted by ID.
func Documents(catalog *entity.Catalog, sites []*docs.Site) []Document {
	out := portalPages()
	for _, e := range catalog.All() {
		out = append(out, entityDocument(catalog, e))
	}
	for _, s := range sites {
		out = append(out, siteDocuments(catalog, s)...)
	}
	slices.SortFunc(out, func(a, b Document) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// portalPages are the pages that exist on every portal.
func portalPages() []Document {
	var out []Document
	for _, p := range []struct{ url, title, text string }{
		{page.HomeURL, "Home", "start page news teams quick links"},
		{page.CatalogURL, "Catalog", "all components services systems resources owners"},
		{page.DocsURL, "Documentation", "all documentation sites docs guides"},
		{page.APIDocsURL, "APIs", "all APIs definitions OpenAPI AsyncAPI GraphQL gRPC"},
		{page.GraphURL, "Catalog graph", "relations dependencies map diagram"},
		{page.ProblemsURL, "Problems", "mistakes warnings errors in descriptors and documentation"},
		{page.AboutURL, "About this portal", "build report sources ages versions"},
	} {
		d := Document{ID: "page:" + p.url, URL: p.url, Title: p.title, Kind: "page", Names: []string{p.title}}
		text := p.text
		d.Hash = d.hash(text)
		d.Load = func() ([]Section, error) { return []Section{{Heading: p.title, Text: text}}, nil }
		out = append(out, d)
	}
	return out
}

// entityDocument describes one entity: its names, description and what
// people remember of it.
func entityDocument(catalog *entity.Catalog, e *entity.Entity) Document {
	ref := e.Ref()
	d := Document{
		ID: "entity:" + ref.Key(), URL: page.EntityURL(ref), Title: e.Title(), Kind: strings.ToLower(e.Kind),
		Names:  distinct(e.Metadata.Name, e.Title()),
		Facets: Facets{Type: e.Type(), Lifecycle: e.Lifecycle(), Tags: e.Metadata.Tags},
	}
	if !strings.EqualFold(ref.Namespace, entity.DefaultNamespace) {
		d.Breadcrumb = append(d.Breadcrumb, ref.Namespace)
	}
	if o := catalog.Owner(e); o != nil {
		d.Facets.Owner = o.Ref().String()
		d.Keywords = append(d.Keywords, o.Metadata.Name, o.Title())
	}
	if s := catalog.Related(e, entity.PartOf); len(s) > 0 {
		d.Facets.System = s[0].Ref().String()
		d.Keywords = append(d.Keywords, s[0].Title())
		d.Breadcrumb = append(d.Breadcrumb, s[0].Title())
	}
	d.Keywords = append(append(d.Keywords, d.Kind, d.Facets.Type, d.Facets.Lifecycle), e.Metadata.Tags...)
	for _, l := range e.Metadata.Links {
		d.Keywords = append(d.Keywords, l.Title)
	}
	sections := append([]Section{{Heading: d.Title, Text: plain(e.Metadata.Description), Code: annotationWords(e)}}, operations(e)...)
	d.Hash = d.hash(sections)
	d.Load = func() ([]Section, error) { return sections, nil }
	return d
}

var (
	markdownLink = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	markdownMark = regexp.MustCompile("\\*{1,3}|`+|(?m:^#{1,6} )|\\b_{1,2}|_{1,2}\\b")
)

// plain takes the marks of Markdown out of a description.
func plain(markdown string) string {
	return markdownMark.ReplaceAllString(markdownLink.ReplaceAllString(clip(markdown, maxText), "$1"), "")
}

// findable are the annotations whose values people paste into a search box:
// names of the same thing in other systems.
var findable = []string{
	"github.com/project-slug", "gitlab.com/project-slug", "bitbucket.org/project-slug", "dev.azure.com/project-repo",
	"backstage.io/kubernetes-id", "backstage.io/kubernetes-namespace", "jenkins.io/job-full-name",
	"sonarqube.org/project-key", "argocd/app-name", "sentry.io/project-slug", "jira/project-key",
	"grafana/dashboard-selector", "pagerduty.com/service-id", "opsgenie.com/team", "github.com/team-slug", "github.com/user-login",
}

func annotationWords(e *entity.Entity) string {
	var out []string
	for _, key := range findable {
		if v := e.Annotation(key); v != "" {
			out = append(out, v)
		}
	}
	return strings.Join(out, " ")
}

// siteDocuments are the pages of one documentation site. Their text stays
// unread until an index asks for it.
func siteDocuments(catalog *entity.Catalog, s *docs.Site) []Document {
	base := Document{ID: "docs:" + s.Entity.Key() + ":", Kind: "docs", Breadcrumb: []string{"Docs"}, Keywords: []string{s.Entity.Name}}
	if s.Title != "" {
		base.Breadcrumb = append(base.Breadcrumb, s.Title)
	}
	if e := catalog.Get(s.Entity); e != nil {
		base.Facets = Facets{Type: e.Type(), Lifecycle: e.Lifecycle()}
		if o := catalog.Owner(e); o != nil {
			base.Facets.Owner = o.Ref().String()
		}
		base.Keywords = distinct(append(base.Keywords, e.Title())...)
	}
	return pageDocuments(base, s, func(path string) string { return page.DocsPageURL(s.Entity, path) })
}

// ContentDocuments are the pages of the portal's own Markdown folder, which
// are published from the root; nil has none.
func ContentDocuments(s *docs.Site) []Document {
	if s == nil {
		return nil
	}
	home := page.DocsSiteURL(s.Entity)
	all := pageDocuments(Document{ID: "content:", Kind: "page"}, s, func(path string) string {
		return "/" + strings.TrimPrefix(page.DocsPageURL(s.Entity, path), home)
	})
	return slices.DeleteFunc(all, func(d Document) bool { return d.URL == page.HomeURL }) // the portal's own start page stays
}

// pageDocuments makes a document of every page of a site, like base.
func pageDocuments(base Document, s *docs.Site, url func(path string) string) []Document {
	var out []Document
	for _, p := range s.Pages {
		if p.NoSearch {
			continue
		}
		d := base
		d.ID, d.URL, d.Title = base.ID+p.Path, url(p.Path), p.Title
		if p.Path == "" && s.Title != "" { // "Home" says nothing away from its site
			d.Title = s.Title
		}
		d.Facets.Tags = p.Tags
		d.Keywords = slices.Concat(base.Keywords, p.Tags)
		d.Hash = d.hash([]string{p.Hash, p.Description, p.Title})
		d.Load = func() ([]Section, error) { return pageSections(p) }
		out = append(out, d)
	}
	return out
}

func pageSections(p *docs.Page) ([]Section, error) {
	c, err := p.Content()
	if err != nil {
		return nil, err
	}
	out := make([]Section, 0, len(c.Sections)+1)
	if len(c.Sections) == 0 || c.Sections[0].ID != "" {
		out = append(out, Section{Heading: p.Title, Text: p.Description})
	}
	for _, s := range c.Sections {
		out = append(out, Section{ID: s.ID, Heading: s.Heading, Text: s.Text, Code: s.Code})
	}
	return out, nil
}

// hash returns the document's Hash, given what identifies its sections.
func (d Document) hash(content any) string {
	b, err := json.Marshal([]any{d.ID, d.URL, d.Title, d.Kind, d.Breadcrumb, d.Names, d.Keywords, d.Facets, content})
	if err != nil { // only strings and lists of strings reach here
		panic("search: hash of " + d.ID + ": " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// distinct returns the strings that are not empty, each once, in order.
func distinct(in ...string) []string {
	var out []string
	for _, s := range in {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
