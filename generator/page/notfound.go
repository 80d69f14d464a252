package page

import "net/url"

// notFoundPage makes the page that hosts show for addresses that lead nowhere.
func (b *builder) notFoundPage() {
	base := "/"
	if u, err := url.Parse(b.set.Shell.URL); err == nil && u.Path != "" {
		base = u.EscapedPath()
	}
	links := []Link{
		{Title: "Home", URL: HomeURL}, {Title: "Search", URL: SearchURL}, {Title: "Catalog", URL: CatalogURL},
		{Title: "Documentation", URL: DocsURL}, {Title: "Everything by name", URL: AZURL},
	}
	b.add(&Page{URL: NotFoundURL, Layout: "notfound", Title: "Page not found", View: &NotFoundView{Base: base, Links: links}})
}
