package page

import (
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Input is everything pages are made from. [Build] changes none of it.
type Input struct {
	Catalog   *entity.Catalog
	Sites     []*docs.Site
	Checkouts []*checkout.Checkout
	// Diagnostics are those of all stages before this one.
	Diagnostics diag.List
	Portal      Portal
	Brand       Brand
	// Announcements are shown at home; see [AnnouncementsFrom].
	Announcements []Announcement
	// Content is the portal's own Markdown folder, published from the root of
	// the site; nil for none. Its Entity is not used.
	Content *docs.Site
	// IframeHosts are the hosts ("example.com", "*.example.com",
	// "example.com:8443") that documentation may embed frames from, sorted or
	// not; every other is forbidden by the site's Content-Security-Policy.
	IframeHosts []string
	// Now is the time of the build, for the about page and build.json only.
	Now time.Time
	// Version is Callboard's own version.
	Version string

	// Markdown renders one description to sanitised HTML; nil shows plain text.
	// It must be a pure function, safe for concurrent use.
	Markdown func(string) string
	// Highlight renders code as sanitised HTML, <pre> included; nil shows
	// plain text. It must be a pure function, safe for concurrent use.
	Highlight func(code, lang string) string
}

// Portal is what callboard.yaml says of the portal itself.
type Portal struct {
	Title        string
	Organization string
	Description  string // one or two plain sentences
	Language     string // BCP 47; "" means "en"
	URL          string // where the portal is served; may be empty
}

// Brand is the part of brand.yaml that pages carry. Paths are site paths of
// files that the generator publishes.
type Brand struct {
	// Name is what the header calls the portal; empty means its title.
	Name                    string
	Logo, LogoDark, Favicon string
	HeaderLinks             []NavLink
	FooterLinks             []NavLink
	QuickLinks              []Link // shown at home
	// Files are the logo, icons and fonts themselves.
	Files []File
}
