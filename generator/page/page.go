// Package page makes the pages of a portal as plain values: one view-model
// per page, with every cross-page fact (navigation, relations, lists, counts)
// already in it, so that a page is a pure function of its view-model. It also
// owns the URL space (url.go). Nothing here knows Hugo or HTML layout; the
// theme decides how a view looks. Begin with [Build] and [Page].
package page

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Page is one HTML page to render.
type Page struct {
	// URL is the page's site path, such as "/catalog/default/component/pay/",
	// made by the functions in url.go. A path ending in "/" is a folder with
	// an index.html.
	URL string
	// Layout names the theme template: "entity" is layouts/entity.html.
	Layout string
	// Title is what the browser shows before the portal's name.
	Title string
	// Description is one plain sentence for search engines and link previews.
	Description string
	// View is the layout's view-model: a struct of plain JSON-able values.
	View any
	// Section is the URL of the shell's navigation entry that the page belongs
	// under, to be marked as current; empty for none.
	Section string
	// Crumbs lead from the portal's home to the page above this one; the page
	// itself is not in it. Empty for top-level pages.
	Crumbs []Link
	// Dated says that the page carries the time of the build. It is left out
	// of the site hash, which would otherwise never be the same twice.
	Dated bool `json:",omitempty"`

	from diag.Pos // what the page was made from, for messages
}

// Key returns what identifies the page's rendered bytes together with the
// theme, shell and engine: a SHA-256 over URL, layout, title and the JSON of
// the crumbs and the view, in hexadecimal. Fragments count by their hash.
func (p *Page) Key() (string, error) {
	h := sha256.New()
	enc := json.NewEncoder(h)
	enc.SetEscapeHTML(false)
	if err := enc.Encode([5]string{p.URL, p.Layout, p.Title, p.Description, p.Section}); err != nil {
		return "", err
	}
	if err := enc.Encode(p.Crumbs); err != nil {
		return "", err
	}
	if err := enc.Encode(p.View); err != nil {
		return "", fmt.Errorf("key of page %s: %w", p.URL, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Fragment is finished, sanitised HTML that a view carries: a docs body, or
// navigation shared by many pages. In keys it counts by Hash alone, and its
// bytes are loaded only when a page that uses it is rendered.
type Fragment struct {
	// Hash identifies the HTML: equal hashes mean equal HTML.
	Hash string
	load func() (string, error)
}

// NewFragment returns a fragment of ready HTML.
func NewFragment(html string) *Fragment {
	sum := sha256.Sum256([]byte(html))
	return &Fragment{Hash: hex.EncodeToString(sum[:]), load: func() (string, error) { return html, nil }}
}

// LazyFragment returns a fragment whose HTML is loaded when first needed; the
// caller promises that hash identifies it. load must be safe for concurrent use.
func LazyFragment(hash string, load func() (string, error)) *Fragment {
	return &Fragment{Hash: hash, load: load}
}

// HTML loads the fragment.
func (f *Fragment) HTML() (string, error) {
	if f == nil {
		return "", nil
	}
	return f.load()
}

// MarshalJSON writes the hash only, which is what a page's key needs.
func (f *Fragment) MarshalJSON() ([]byte, error) { return json.Marshal(f.Hash) }

// File is anything published that is not an HTML page: JSON, images, feeds, shards.
type File struct {
	// Path is the site path without a leading slash, such as "api/catalog/entities.json".
	Path string
	// Hash is the SHA-256 of the bytes in hexadecimal where known without
	// reading them, else empty.
	Hash string
	// Key identifies the bytes where Hash is not known: for one path, equal
	// keys mean equal bytes. Empty where there is no such thing either.
	Key string
	// Open returns the bytes. It is called at most once per build, only when
	// the file is new or changed, or Hash and Key are both empty.
	Open func() ([]byte, error)
	// Dated says that the file carries the time of the build; see Page.Dated.
	Dated bool `json:",omitempty"`

	from diag.Pos // what the file was made from, for messages
}

// NewFile returns a file with ready bytes.
func NewFile(path string, data []byte) File {
	sum := sha256.Sum256(data)
	return File{Path: path, Hash: hex.EncodeToString(sum[:]), Open: func() ([]byte, error) { return data, nil }}
}

// Redirect is an old site path and where it went. Hosts get it in their own
// form; it is never a file.
type Redirect struct {
	From string `json:"from"`
	To   string `json:"to"`

	from diag.Pos // where it was declared, for messages
}

// Shell is what every page shows around its content. It changes rarely: a
// change renders every page again.
type Shell struct {
	Title        string    `json:"title"`        // portal.title
	Name         string    `json:"name"`         // what the header calls the portal
	Organization string    `json:"organization"` // portal.organization
	Language     string    `json:"language"`     // BCP 47, such as "en"
	URL          string    `json:"url"`          // portal.url with a trailing slash; may be empty
	Nav          []NavLink `json:"nav"`
	HeaderLinks  []NavLink `json:"headerLinks,omitempty"`
	FooterLinks  []NavLink `json:"footerLinks,omitempty"`
	Logo         string    `json:"logo,omitempty"` // site paths
	LogoDark     string    `json:"logoDark,omitempty"`
	Favicon      string    `json:"favicon,omitempty"`
	// Frames is where pages may embed frames from, as a source list of a
	// Content-Security-Policy (W3C CSP 3, section 2.3.1), such as 'none'.
	Frames string `json:"frames"`
}

// NavLink is a link of the shell. URL is a site path or an absolute URL.
type NavLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Icon  string `json:"icon,omitempty"`
}

// Set is everything the page stage makes of a portal.
type Set struct {
	Shell     Shell
	Pages     []*Page
	Files     []File
	Redirects []Redirect
}

// sort puts everything in the order of paths.
func (s *Set) sort() {
	slices.SortFunc(s.Pages, func(a, b *Page) int { return cmp.Compare(a.URL, b.URL) })
	slices.SortFunc(s.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(s.Redirects, func(a, b Redirect) int { return cmp.Compare(a.From, b.From) })
}
