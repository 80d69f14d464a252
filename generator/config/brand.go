package config

// Brand is brand.yaml with its defaults filled in: what makes a portal look
// like its company's. Paths are relative to brand.yaml's folder.
type Brand struct {
	// Dir is brand.yaml's folder.
	Dir string `json:"-"`
	// Name is what the header calls the portal, in words or as the text
	// alternative of the logo; empty means the portal's title.
	Name string `json:"name,omitempty"`
	// Logo and LogoDark are image files for light and dark backgrounds;
	// LogoDark is empty when Logo serves both.
	Logo     string `json:"logo,omitempty"`
	LogoDark string `json:"logoDark,omitempty"`
	Favicon  string `json:"favicon,omitempty"`
	// Accent colors links and buttons, Accent2 decoration; #rgb or #rrggbb,
	// empty for the theme's own.
	Accent  string `json:"accent,omitempty"`
	Accent2 string `json:"accent2,omitempty"`
	// Radius is the rounding of corners, a CSS length; empty for the theme's own.
	Radius string `json:"radius,omitempty"`
	// Density is "comfortable" or "compact".
	Density string `json:"density"`
	// Font is a CSS list of font family names; empty for the theme's own.
	Font  string     `json:"font,omitempty"`
	Links BrandLinks `json:"links"`
}

// BrandLinks are links of the company's on every page.
type BrandLinks struct {
	Header []BrandLink `json:"header,omitempty"`
	Footer []BrandLink `json:"footer,omitempty"`
}

// BrandLink is a link shown on every page. URL is absolute (https, http,
// mailto) or a path on this site that begins with "/".
type BrandLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// DefaultBrand is the brand of a portal without brand.yaml.
func DefaultBrand() Brand { return Brand{Density: "comfortable"} }

func (b *Brand) fields() []field {
	return []field{
		{key: "name", doc: "What the header calls the portal, in words or as the text alternative of the logo; the portal's title when absent.", to: &b.Name},
		{key: "logo", doc: "The logo's file, SVG or PNG.", to: &b.Logo},
		{key: "logoDark", doc: "The logo's file for dark backgrounds.", to: &b.LogoDark},
		{key: "favicon", doc: "The browser icon's file, SVG, PNG or ICO.", to: &b.Favicon},
		{key: "accent", doc: "The color of links and buttons.", to: &b.Accent, pattern: color},
		{key: "accent2", doc: "A second color, for decoration.", to: &b.Accent2, pattern: color},
		{key: "radius", doc: "How round corners are.", to: &b.Radius, pattern: length},
		{key: "density", doc: "How much room there is between things.", to: &b.Density, enum: []string{"comfortable", "compact"}},
		{key: "font", doc: "The font, as CSS font family names.", to: &b.Font, pattern: fontName},
		{key: "links", doc: "Links on every page.", to: &b.Links},
	}
}

func (l *BrandLinks) fields() []field {
	return []field{
		{key: "header", doc: "Links at the top of every page.", to: listOf(&l.Header)},
		{key: "footer", doc: "Links at the bottom of every page.", to: listOf(&l.Footer)},
	}
}

func (l *BrandLink) fields() []field {
	return []field{
		{key: "title", doc: "What the link says.", to: &l.Title, required: true},
		{key: "url", doc: "Where it leads.", to: &l.URL, required: true, pattern: linkTarget},
	}
}
