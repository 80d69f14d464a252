package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"github.com/callboard-portal/callboard/generator/page"
)

// Page is what a theme's template sees of a page. Together with the types of
// the views it is the theme API: names here change only with a new major
// version of Callboard.
type Page struct {
	*page.Page
	// Shell is what surrounds every page: portal title, navigation, logo.
	Shell *page.Shell
}

// Rel returns a link from this page to a site path such as "/catalog/" or the
// RelPermalink of an asset. Links are relative, so that a site works below any
// path; only the 404 page, which a host serves at any depth, gets links that
// begin with the path of the portal's URL. Absolute URLs stay as they are.
func (p *Page) Rel(to string) string {
	if p.URL != page.NotFoundURL || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return page.Rel(p.URL, to)
	}
	return basePath(p.Shell.URL) + strings.TrimPrefix(to, "/")
}

// Root returns the link to the site's root, ending in a slash.
func (p *Page) Root() string { return p.Rel("/") }

// Abs returns the absolute URL of a site path, or "" where the portal has no
// URL configured.
func (p *Page) Abs(to string) string {
	if p.Shell.URL == "" {
		return ""
	}
	return strings.TrimSuffix(p.Shell.URL, "/") + "/" + strings.TrimPrefix(to, "/")
}

// basePath returns the path of the portal's URL, with a slash at both ends.
func basePath(portal string) string {
	u, err := url.Parse(portal)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return "/"
	}
	return "/" + strings.Trim(u.EscapedPath(), "/") + "/"
}

// host is the live value behind site.Params.host. Hugo's content adapter asks
// it for the pages, and templates ask it for theirs.
type host struct {
	ctx    context.Context
	pages  []*Page
	byURL  map[string]*Page
	byPath map[string]string
}

func newHost(ctx context.Context, shell *page.Shell, pages []*page.Page) *host {
	h := &host{
		ctx: ctx, pages: make([]*Page, len(pages)),
		byURL: make(map[string]*Page, len(pages)), byPath: make(map[string]string, len(pages)),
	}
	for i, p := range pages {
		h.pages[i] = &Page{Page: p, Shell: shell}
		h.byURL[p.URL] = h.pages[i]
		h.byPath[FilePath(p.URL)] = p.URL
	}
	return h
}

// Pages returns the pages to add, for the content adapter.
func (h *host) Pages() []*Page { return h.pages }

// Page returns the page with the given id, which is its URL. It fails once the
// build is cancelled, which is what stops Hugo.
func (h *host) Page(id string) (*Page, error) {
	if err := h.ctx.Err(); err != nil {
		return nil, err
	}
	p, ok := h.byURL[id]
	if !ok {
		return nil, fmt.Errorf("no page %q; templates pass .Params.id", id)
	}
	return p, nil
}

// AdapterPath returns the path under which Hugo files the page. Hugo lower-
// cases and shortens paths, so it gets one that says nothing; the URL is set
// beside it. It depends on the URL alone, so that a theme that prints it is
// still the same in every build.
func (p *Page) AdapterPath() string {
	sum := sha256.Sum256([]byte(p.URL))
	return "p/" + hex.EncodeToString(sum[:12])
}

// HugoLayout returns the name by which Hugo knows the page's layout.
func (p *Page) HugoLayout() string { return layoutPrefix + p.Layout }

func (h *host) urlOf(path string) (string, bool) {
	url, ok := h.byPath[path]
	return url, ok
}

// missing returns the URLs of pages that were not written, in the order given.
func (h *host) missing(s *sink) []string {
	var urls []string
	for _, p := range h.pages {
		if !s.wrote(FilePath(p.URL)) {
			urls = append(urls, p.URL)
		}
	}
	return urls
}
