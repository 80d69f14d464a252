package docs

import (
	"bufio"
	"context"
	"html"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/ext/highlight"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Folder returns the Markdown pages of one folder of a checkout as a site, as
// [Build] does for an entity's documentation. The portal's own pages are made
// with it. The site's entity is not in any catalog.
func Folder(ctx context.Context, c *checkout.Checkout, dir, title string, opt Options) (*Site, diag.List, error) {
	e := &entity.Entity{Kind: "Portal", Metadata: entity.Metadata{Name: "portal", Namespace: entity.DefaultNamespace, Title: title}}
	opt.CacheDir = "" // a handful of pages, and Build's cache knows only its own
	cache, err := readCache(opt.CacheDir)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{opt: opt, catalog: entity.NewCatalog(nil), checkouts: []*checkout.Checkout{c}, cache: cache, slots: make(chan struct{}, opt.jobs())}
	s, err := b.site(ctx, &place{entity: e, checkout: c, root: ".", docsDir: dir})
	if err != nil {
		return nil, nil, err
	}
	// A folder without index.md, or without any page, is fine: the portal has a start page of its own.
	delete(s.site.Redirects, "")
	s.diags = slices.DeleteFunc(s.diags, func(d diag.Diagnostic) bool { return d.Code == "docs-no-index" || d.Code == "docs-empty" })
	s.diags.Sort()
	return s.site, s.diags, nil
}

// Description renders a short text such as metadata.description to sanitised
// HTML. It belongs to no page, so of its links only absolute ones lead
// anywhere. It is safe for concurrent use.
func Description(text string) string {
	doc, err := markdown.Render([]byte(text), markdown.Options{})
	if err != nil {
		return "<p>" + html.EscapeString(text) + "</p>"
	}
	slots := make([]string, len(doc.Links))
	for i, l := range doc.Links {
		var a attributes
		if url, safe := sanitize.URL(l.URL, l.Attr == "src"); safe && absolute(url) {
			a.add(l.Attr, url)
			if l.Tag == "a" {
				a = append(a, sanitize.Rel...)
			}
		}
		slots[i] = string(a)
	}
	return fill(doc.HTML, slots)
}

func absolute(url string) bool {
	_, ok := sanitize.Scheme(url)
	return ok
}

// Highlight returns code as sanitised HTML with the classes of MARKUP.md. An
// unknown language is shown plain. It is safe for concurrent use.
func Highlight(code, language string) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	_, _ = w.WriteString(`<div class="highlight"><pre><code>`)
	highlight.Code(w, language, []byte(code), highlight.Block{Language: language})
	_, _ = w.WriteString("</code></pre></div>\n")
	_ = w.Flush() // a strings.Builder does not fail
	return b.String()
}

// CleanSVG returns an SVG image without anything that could run or call home,
// or an error where it is no SVG.
func CleanSVG(data []byte) ([]byte, error) { return sanitize.SVG(data) }
