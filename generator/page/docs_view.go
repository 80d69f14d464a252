package page

import (
	"encoding/json"

	"github.com/callboard-portal/callboard/generator/docs"
)

// DocsIndexView is the view of layout "docs", the list of all documentation.
type DocsIndexView struct {
	Sites []DocsRow `json:"sites"` // by title
	Pages int       `json:"pages"` // of all sites
	// Without lists components that have no documentation, at most 50;
	// WithoutCount is how many there are.
	Without      []EntityLink `json:"without,omitempty"`
	WithoutCount int          `json:"withoutCount,omitempty"`
}

// DocsRow is a documentation site in a list.
type DocsRow struct {
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url"`
	Entity      EntityLink   `json:"entity"`
	Owner       *EntityLink  `json:"owner,omitempty"`
	Pages       int          `json:"pages"`
	Change      *Change      `json:"change,omitempty"` // the newest change of its pages
	State       *SourceState `json:"state,omitempty"`
}

// DocView is the view of layout "doc", one page of documentation, and of
// layout "page", a page of the portal's own content (Entity is then nil).
type DocView struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	SiteTitle   string `json:"siteTitle"`
	SiteURL     string `json:"siteUrl"` // the site's index page
	// Entity is whose documentation it is, and Owner who owns that.
	Entity *EntityLink `json:"entity,omitempty"`
	Owner  *EntityLink `json:"owner,omitempty"`
	Tags   []Tag       `json:"tags,omitempty"`
	// Nav is the site's navigation, shared by its pages; the theme writes
	// [DocView.NavHTML]. Nil where it is hidden or has no entries.
	Nav *Fragment `json:"nav,omitempty"`
	// Path is the page's path inside its site, "" for the index; NavOpen the
	// numbers of the navigation's sections to show unfolded.
	Path    string `json:"path"`
	NavOpen []int  `json:"navOpen,omitempty"`
	// Content is the page itself; the theme calls Load once:
	// {{ with .View.Content.Load }}{{ .HTML | safeHTML }}{{ end }}.
	Content *DocContent `json:"content"`
	HideTOC bool        `json:"hideToc,omitempty"`
	Prev    *Link       `json:"prev,omitempty"`
	Next    *Link       `json:"next,omitempty"`

	EditURL   string       `json:"editUrl,omitempty"`
	SourceURL string       `json:"sourceUrl,omitempty"` // the Markdown file on its host
	IssueURL  string       `json:"issueUrl,omitempty"`  // report a problem with this page
	File      string       `json:"file,omitempty"`      // the Markdown file's path in the repository
	Source    string       `json:"source,omitempty"`    // the source's name
	Change    *Change      `json:"change,omitempty"`
	State     *SourceState `json:"state,omitempty"`    // nil when the source is fresh
	Problems  []Problem    `json:"problems,omitempty"` // found in this page's file
}

// DocContent is the body of a documentation page with its table of contents.
// In keys it counts by Hash alone; Load reads it only when the page is rendered.
type DocContent struct {
	Hash string
	load func() (*docs.Content, error)
}

// Load returns the rendered content: HTML (sanitised), TOC and Mermaid. It is
// safe for concurrent use; the result must not be changed.
func (c *DocContent) Load() (*docs.Content, error) { return c.load() }

// MarshalJSON writes the hash only.
func (c *DocContent) MarshalJSON() ([]byte, error) { return json.Marshal(c.Hash) }
