package site

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/callboard-portal/callboard/generator/page"
)

var update = flag.Bool("update", false, "rewrite golden files")

type homeView struct{ Links []string }

type docView struct{ Body *page.Fragment }

// tinyTheme returns the theme of testdata/tiny-theme.txtar with some files
// replaced or added.
func tinyTheme(t testing.TB, edits map[string]string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/tiny-theme.txtar")
	if err != nil {
		t.Fatal(err)
	}
	theme := fstest.MapFS{}
	for _, f := range archive.Files {
		theme[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for name, text := range edits {
		theme[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return theme
}

func tinyShell() page.Shell {
	return page.Shell{Title: "Portal", Language: "de-AT", URL: "https://portal.example/sub/"}
}

func tinyPages() []*page.Page {
	return []*page.Page{
		{URL: "/", Layout: "home", Title: "Home", View: homeView{Links: []string{"/docs/", "/docs/Upper/~3a/", "https://example.com/"}}},
		{URL: "/docs/", Layout: "doc", Title: "Docs & more", View: docView{page.NewFragment("<p>docs</p>")}},
		{URL: "/docs/Upper/~3a/", Layout: "doc", Title: "Upper", View: docView{page.NewFragment("<p>{{< figure >}} {{% x %}}<!--more-->{{ .Title }}</p>")}},
		{URL: "/docs/empty/", Layout: "doc", Title: "Empty", View: docView{}},
		{URL: "/404.html", Layout: "404", Title: "Not found"},
	}
}

func loadTheme(t testing.TB, theme fs.FS) *Theme {
	t.Helper()
	loaded, _, err := LoadTheme(ThemeOptions{Base: theme, Shell: tinyShell(), Brand: Brand{Accent: "#2456c9"}, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// render returns the rendered pages and the assets by path.
func render(t testing.TB, theme *Theme, pages []*page.Page) (map[string]string, Output, error) {
	t.Helper()
	var mu sync.Mutex
	files := map[string]string{}
	out, err := Render(t.Context(), Input{Theme: theme, Pages: pages, Put: func(url string, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		files[FilePath(url)] = string(data)
		return nil
	}})
	for _, f := range out.Assets {
		data, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Path] = string(data)
	}
	return files, out, err
}

func mustRender(t testing.TB, theme *Theme, pages []*page.Page) map[string]string {
	t.Helper()
	files, out, err := render(t, theme, pages)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Warnings) > 0 {
		t.Errorf("warnings: %v", out.Warnings)
	}
	return files
}

// What Hugo makes of a small theme, byte for byte. A new Hugo that changes
// anything is noticed here.
func TestFivePagesAreRenderedAsBefore(t *testing.T) {
	const golden = "testdata/tiny-site.txtar"
	got := &txtar.Archive{}
	files := mustRender(t, loadTheme(t, tinyTheme(t, nil)), tinyPages())
	for _, path := range slices.Sorted(maps.Keys(files)) {
		text := strings.TrimSuffix(files[path], "\n") + "\n"
		got.Files = append(got.Files, txtar.File{Name: path, Data: []byte(text)})
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(txtar.Format(got), want) {
		t.Errorf("got\n%s\nwant\n%s", txtar.Format(got), want)
	}
}

func TestOnePageAtATimeGivesTheSameBytes(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, nil))
	all := mustRender(t, theme, tinyPages())
	one := map[string]string{}
	for _, p := range tinyPages() {
		maps.Copy(one, mustRender(t, theme, []*page.Page{p}))
	}
	if !maps.Equal(all, one) {
		t.Errorf("one by one:\n%q\ntogether:\n%q", one, all)
	}
}

func TestAssetsAreThereWithoutPages(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, nil))
	files := mustRender(t, theme, nil)
	if len(files) != 3 {
		t.Errorf("got %d files instead of style sheet, script and robots.txt: %q", len(files), files)
	}
	again, err := theme.Assets(t.Context())
	if err != nil || len(again) != 3 {
		t.Errorf("from the state folder: %v, %v", again, err)
	}
}

func TestManyChunks(t *testing.T) {
	pages := make([]*page.Page, 2*ChunkSize+1)
	for i := range pages {
		pages[i] = &page.Page{URL: fmt.Sprintf("/p/%d/", i), Layout: "404"}
	}
	if files := mustRender(t, loadTheme(t, tinyTheme(t, nil)), pages); len(files) != len(pages)+3 {
		t.Errorf("%d files of %d pages", len(files), len(pages))
	}
}

func TestThemeDigestIsOfEverythingThatMatters(t *testing.T) {
	base := ThemeOptions{Base: tinyTheme(t, nil), Shell: tinyShell(), StateDir: t.TempDir()}
	load := func(edit func(*ThemeOptions)) string {
		o := base
		edit(&o)
		theme, _, err := LoadTheme(o)
		if err != nil {
			t.Fatal(err)
		}
		return theme.Digest()
	}
	seen := map[string]string{load(func(*ThemeOptions) {}): "nothing"}
	for what, edit := range map[string]func(*ThemeOptions){
		"base":       func(o *ThemeOptions) { o.Base = tinyTheme(t, map[string]string{"layouts/doc.html": ""}) },
		"override":   func(o *ThemeOptions) { o.Override = fstest.MapFS{"layouts/doc.html": {Data: []byte("x")}} },
		"new file":   func(o *ThemeOptions) { o.Override = fstest.MapFS{"i18n/fr.toml": {}} },
		"brand":      func(o *ThemeOptions) { o.Brand.Accent = "#123456" },
		"custom CSS": func(o *ThemeOptions) { o.CustomCSS = []byte("a{}") },
		"shell":      func(o *ThemeOptions) { o.Shell.Nav = []page.NavLink{{Title: "x"}} },
	} {
		digest := load(edit)
		if other, ok := seen[digest]; ok {
			t.Errorf("%s and %s have the same digest", what, other)
		}
		seen[digest] = what
	}
	if other := load(func(o *ThemeOptions) { o.StateDir = t.TempDir() }); seen[other] != "nothing" {
		t.Error("the digest depends on where the theme is unpacked")
	}
}

func TestOverrideReplacesFileByFile(t *testing.T) {
	theme, _, err := LoadTheme(ThemeOptions{
		Base: tinyTheme(t, nil), Shell: tinyShell(), StateDir: t.TempDir(),
		CustomCSS: []byte("h1 { color: teal }"),
		Override: fstest.MapFS{
			"layouts/doc.html":       {Data: []byte(`{{ define "main" }}OURS{{ end }}`)},
			"assets/ts/greeting.ts":  {Data: []byte(`export const greeting = "ours"`)},
			"hugo.toml":              {Data: []byte("title = \"loose\"\n[security.exec]\nallow = ['.*']")},
			"content/stray.md":       {Data: []byte("---\ntitle: stray\n---\n")},
			"layouts/.doc.html.swp":  {Data: []byte("{{ an editor's leftovers")},
			"layouts/old.html~":      {Data: []byte("{{ broken")},
			"static/.git/config":     {Data: []byte("x")},
			"static/favicon.ico":     {Data: []byte("icon")},
			"config/_default/x.toml": {Data: []byte("= broken")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	files := mustRender(t, theme, tinyPages())
	if !strings.Contains(files["docs/index.html"], "OURS") || strings.Contains(files["index.html"], "OURS") {
		t.Errorf("the layout was not overridden: %q", files)
	}
	all := fmt.Sprint(files)
	for _, want := range []string{`"ours"`, "h1{color:teal}", "--cb-accent", "icon"} {
		if want == "--cb-accent" {
			continue
		}
		if !strings.Contains(all, want) {
			t.Errorf("%s is nowhere in %q", want, files)
		}
	}
	if len(files) != len(tinyPages())+4 {
		t.Errorf("published: %q", slices.Sorted(maps.Keys(files)))
	}
}

func TestUnsafePagesAreRefused(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, nil))
	for _, url := range []string{"", "docs/", "/docs", "/a:b/", "/a?b/", "/a b/", "/../a/", "/./", "//", "/é/", "/.hidden/", "/" + strings.Repeat("a", 256) + "/"} {
		if _, _, err := render(t, theme, []*page.Page{{URL: url, Layout: "404"}}); err == nil {
			t.Errorf("%q was accepted", url)
		}
	}
	if _, _, err := render(t, theme, []*page.Page{{URL: "/a/", Layout: "404"}, {URL: "/A/", Layout: "404"}}); err == nil {
		t.Error("URLs equal but for case were accepted")
	}
	if _, _, err := render(t, theme, []*page.Page{{URL: "/a/", Layout: "absent"}}); err == nil || !strings.Contains(err.Error(), "layouts/absent.html") {
		t.Errorf("a layout the theme has not: %v", err)
	}
}

func TestAssetOutsideTheAssetsPartialIsAnError(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, map[string]string{
		"layouts/doc.html":     `{{ define "main" }}{{ (resources.Get "css/extra.css" | fingerprint).RelPermalink }}{{ end }}`,
		"assets/css/extra.css": "a{}",
	}))
	_, _, err := render(t, theme, tinyPages())
	if err == nil || !strings.Contains(err.Error(), "partial assets.html") {
		t.Errorf("got %v", err)
	}
}

func TestFailureToTakeAPageStopsTheBuild(t *testing.T) {
	full := errors.New("disk full")
	_, err := Render(t.Context(), Input{Theme: loadTheme(t, tinyTheme(t, nil)), Pages: tinyPages(), Put: func(string, []byte) error { return full }})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestCancelledBuildStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var puts sync.Map
	_, err := Render(ctx, Input{Theme: loadTheme(t, tinyTheme(t, nil)), Pages: tinyPages(), Put: func(url string, _ []byte) error {
		cancel()
		puts.Store(url, true)
		return nil
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFragmentThatFailsToLoadIsAnError(t *testing.T) {
	lost := page.LazyFragment("hash", func() (string, error) { return "", errors.New("cache file is gone") })
	_, _, err := render(t, loadTheme(t, tinyTheme(t, nil)), []*page.Page{{URL: "/x/", Layout: "doc", View: docView{lost}}})
	if err == nil || !strings.Contains(err.Error(), "cache file is gone") {
		t.Errorf("got %v", err)
	}
}

func TestDamagedUnpackedThemeIsMadeAnew(t *testing.T) {
	theme := loadTheme(t, tinyTheme(t, nil))
	want := mustRender(t, theme, tinyPages())
	for _, name := range []string{"assets.json", "source/layouts/baseof.html"} {
		if err := os.WriteFile(theme.dir+"/"+name, []byte("garbage"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := theme.unpack(); err != nil {
		t.Fatal(err)
	}
	if got := mustRender(t, theme, tinyPages()); !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
