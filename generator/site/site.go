// Package site turns pages into HTML with a theme. It is the only package
// that imports Hugo, which runs in process and is handed exactly the pages to
// render, as live Go values: a theme's templates call methods of [Page], and
// no text that a team wrote ever passes through Hugo's content parser.
//
// [Render] is a function of the theme and the pages: it reads no clock, no
// environment and no network, and the same page under the same [Theme.Digest]
// always gives the same bytes. Keys, the manifest and the atomic release are
// generator/publish's. Start with [LoadTheme] and [Render].
//
// # The theme contract
//
// A theme is a Hugo theme folder: layouts, assets, i18n and static. The page
// with Layout "entity" is rendered by layouts/entity.html, which begins with
//
//	{{ $p := site.Params.host.Page .Params.id }}
//
// and reads nothing but $p, a [Page], and the theme's own assets and i18n. It
// must not ask Hugo for other pages (an incremental build hands over only the
// changed ones), the time or the environment; [Lint] finds such words. Every
// asset is published by the partial assets.html, which may return their paths,
// so that the published assets depend on the theme alone and not on which
// pages a build happened to render.
package site

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/page"
)

// EngineVersion identifies how this package renders. It is part of
// [Theme.Digest]: changing it renders every page again. Raise the number when
// the same theme and view would give other bytes than before.
const EngineVersion = "callboard-1/hugo-" + hugoVersion

// ChunkSize is how many pages one Hugo build is given at most. It bounds
// memory: 30,000 pages in one build took twice the memory of chunks of 5,000,
// and a build costs only about 30 ms to start.
const ChunkSize = 2500

// Input is what Render needs. Theme, Pages and Put are required.
type Input struct {
	Theme *Theme
	// Pages are the pages to render, and only those. Their URLs must be
	// distinct, without regard to case, and safe (see [CheckURL]).
	Pages []*page.Page
	// Put takes each finished page. It is called from several goroutines at
	// once, and may not keep data after it returns. An error stops the build.
	Put func(url string, data []byte) error
}

// Output is what one call of Render made besides the pages.
type Output struct {
	// Assets are the theme's published files: style sheets, scripts, fonts
	// and what the theme keeps in static. They depend on the theme alone and
	// are all here even when no page was rendered.
	Assets []page.File
	// Warnings are what Hugo warned about, such as deprecated functions, each once.
	Warnings diag.List
}

// Render renders the pages with the theme. Any error that Hugo logs counts as
// failure, also where Hugo itself would go on; the caller must then publish
// nothing. Only one Render runs at a time in a process, because Hugo keeps
// some state globally; others wait.
func Render(ctx context.Context, in Input) (Output, error) {
	if err := checkPages(in.Theme, in.Pages); err != nil {
		return Output{}, err
	}
	hugoMu.Lock()
	defer hugoMu.Unlock()
	assets, warnings, err := in.Theme.publishedAssets(ctx)
	if err != nil {
		return Output{}, err
	}
	out := Output{Assets: assets.files()}
	out.Warnings.Add(warnings...)
	for _, chunk := range chunks(in.Pages) {
		warnings, err := renderChunk(ctx, in.Theme, chunk, assets, in.Put)
		if err != nil {
			return Output{}, err
		}
		out.Warnings.Add(warnings...)
	}
	out.Warnings.Sort()
	return out, nil
}

// probePages is how many pages of a large set are rendered first. A template
// that fails on every page then fails on fewer than ten, after which Hugo
// would not always come back (see watch).
const probePages = 9

// chunks cuts pages into the sets that are each given to one Hugo build: first
// a few pages of different layouts, then the rest by ChunkSize.
func chunks(pages []*page.Page) [][]*page.Page {
	if len(pages) <= probePages {
		return [][]*page.Page{pages}
	}
	var probes, rest []*page.Page
	seen := map[string]bool{}
	for _, p := range pages {
		if seen[p.Layout] {
			rest = append(rest, p)
			continue
		}
		seen[p.Layout] = true
		probes = append(probes, p)
	}
	return append(slices.Collect(slices.Chunk(probes, probePages)), slices.Collect(slices.Chunk(rest, ChunkSize))...)
}

// Assets returns the theme's published files, sorted by path: style sheets,
// scripts, fonts and what the theme keeps in static. They are the same for
// every build with this theme, and are kept in the state folder once made.
func (t *Theme) Assets(ctx context.Context) ([]page.File, error) {
	hugoMu.Lock()
	defer hugoMu.Unlock()
	set, _, err := t.publishedAssets(ctx)
	if err != nil {
		return nil, err
	}
	return set.files(), nil
}

// renderChunk renders some pages in one Hugo build and checks that exactly
// these pages came out, and no asset that the partial assets.html does not publish.
func renderChunk(ctx context.Context, theme *Theme, pages []*page.Page, assets *assetSet, put func(string, []byte) error) (diag.List, error) {
	h := newHost(ctx, &theme.shell, pages)
	sink := newSink(theme.publishDir(), func(path string, data []byte) error {
		if url, ok := h.urlOf(path); ok {
			return put(url, data)
		}
		return assets.check(path, data)
	})
	warnings, err := runHugo(theme, h, sink)
	if err = errors.Join(ctx.Err(), sink.err(), err); err != nil {
		return nil, err
	}
	if missing := h.missing(sink); len(missing) > 0 {
		return nil, fmt.Errorf("render %d pages: Hugo wrote %d of them; the first missing is %s", len(pages), len(pages)-len(missing), missing[0])
	}
	return warnings, nil
}

var safeURL = regexp.MustCompile(`^/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*\.html)?$`)

// CheckURL reports what keeps a URL from being a page's: it must consist of
// segments over [A-Za-z0-9._~-] that do not begin with a dot and are at most
// 255 bytes long, and end in "/" or ".html". A colon would crash Hugo, and
// other characters it would drop or change silently.
func CheckURL(url string) error {
	if !safeURL.MatchString(url) {
		return fmt.Errorf("page URL %q is not made of safe segments ending in %q or %q", url, "/", ".html")
	}
	for _, segment := range strings.Split(url, "/") {
		if len(segment) > 255 {
			return fmt.Errorf("page URL %q has a segment longer than 255 bytes", url)
		}
	}
	return nil
}

// checkPages refuses what Hugo would get wrong without saying so: unsafe and
// colliding URLs, and layouts that the theme does not have.
func checkPages(theme *Theme, pages []*page.Page) error {
	seen := make(map[string]string, len(pages))
	for _, p := range pages {
		if err := CheckURL(p.URL); err != nil {
			return err
		}
		folded := strings.ToLower(p.URL)
		if other, ok := seen[folded]; ok {
			return fmt.Errorf("pages %s and %s have the same URL but for case", other, p.URL)
		}
		seen[folded] = p.URL
		if !theme.hasLayout(p.Layout) {
			return fmt.Errorf("page %s wants layouts/%s.html, which the theme does not have", p.URL, p.Layout)
		}
	}
	return nil
}

// FilePath returns the path of the file, without a leading slash, that holds
// the page with this URL: "/docs/" is docs/index.html.
func FilePath(url string) string {
	path := strings.TrimPrefix(url, "/")
	if path == "" || strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	return path
}
