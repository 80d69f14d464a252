// Package docs turns a repository's mkdocs.yml and Markdown into a [Site]:
// navigation, pages as sanitised HTML, assets and search sections. It is the
// only importer of goldmark. Begin with [Build].
package docs

import (
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Site is the documentation of one entity. It is immutable.
type Site struct {
	// Entity is whose documentation this is.
	Entity entity.Ref
	// Title is site_name, else the entity's title; Description is site_description.
	Title       string
	Description string
	// Source is the checkout's name; Root the folder of mkdocs.yml in it ("." for the top).
	Source string
	Root   string
	// Nav is the navigation as written, or derived from the files.
	Nav []*NavItem
	// Pages are all pages in reading order: those in Nav first, in its order, then the rest by path.
	Pages []*Page
	// Assets are the images and downloads that pages refer to or that lie in docs_dir.
	Assets []Asset
	// Redirects map an old URL path inside the site to a new one (mkdocs-redirects).
	Redirects map[string]string
}

// NavItem is an entry of the navigation: a page (Path set), an external link
// (URL set) or a section (Children set). A URL without a scheme is relative to
// the site's top: a download.
type NavItem struct {
	Title    string     `json:"title"`
	Page     *Page      `json:"-"`
	URL      string     `json:"url,omitempty"`
	Children []*NavItem `json:"children,omitempty"`
}

// Page is one documentation page. Its fields are cheap to have for every page
// of a large portal; the rendered body is loaded only when asked for.
type Page struct {
	// Path is the URL path inside the site: "" for the index, else with a
	// trailing slash, such as "guide/install/". See URL rules in the manual.
	Path string
	// File is the Markdown file's path in the checkout.
	File string
	// Title is the nav title, else front matter's, else the first heading, else from the file name.
	Title       string
	Description string
	Tags        []string
	// HideNav and HideTOC follow front matter's `hide`.
	HideNav, HideTOC bool
	// NoSearch keeps the page out of the index (front matter `search: {exclude: true}`).
	NoSearch bool
	// Hash identifies Content: equal hashes mean equal content.
	Hash string
	// Change is the last change of File; HasChange is false where nothing is known.
	Change    checkout.Change
	HasChange bool
	// EditURL, SourceURL point to the repository's host; empty where unknown.
	EditURL   string
	SourceURL string

	load func() (*Content, error)
}

// Content loads the rendered page. It is safe for concurrent use; the result
// is not cached by the Page and must not be changed.
func (p *Page) Content() (*Content, error) { return p.load() }

// Content is a rendered page.
type Content struct {
	// HTML is the sanitised body, without the page's first h1 if that equals the title.
	HTML string `json:"html"`
	// TitleID is the anchor of the h1 that was left out of HTML; put it on the
	// element that shows the title, so that links to it keep working.
	TitleID string `json:"titleId,omitempty"`
	// HasH1 is true when HTML begins with an h1 of its own, one that differs
	// from the page's title: pages should not show another one above it.
	HasH1 bool `json:"hasH1,omitempty"`
	// TOC is the tree of headings below h1.
	TOC []Heading `json:"toc,omitempty"`
	// Sections are the page's text cut at headings, for search.
	Sections []Section `json:"sections,omitempty"`
	// Mermaid is true when the page has Mermaid diagrams.
	Mermaid bool `json:"mermaid,omitempty"`
}

// Heading is an entry of a page's table of contents.
type Heading struct {
	ID       string    `json:"id"`
	Text     string    `json:"text"`
	Level    int       `json:"level"`
	Children []Heading `json:"children,omitempty"`
}

// Section is a heading with the plain text below it, up to the next heading.
// The first section of a page has the page's title and an empty ID.
type Section struct {
	ID      string `json:"id,omitempty"`
	Heading string `json:"heading"`
	Text    string `json:"text"`
	// Code holds identifiers and code lines of the section, for exact matches.
	Code string `json:"code,omitempty"`
}

// Asset is a file published beside the pages.
type Asset struct {
	// Path is the URL path inside the site, such as "img/flow.png".
	Path string
	// File is the path in the checkout.
	File string
	// Hash is the content hash; Size the length in bytes.
	Hash string
	Size int64
	// Width and Height in pixels for images where known, else 0.
	Width, Height int
	// Open returns the bytes to publish (sanitised for SVG).
	Open func() ([]byte, error) `json:"-"`
}
