package docs

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// FuzzConfig requires that no mkdocs.yml makes the build fail, and that every
// page stays in the site whatever nav says.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"site_name: x\nnav:\n  - index.md\n  - A:\n      - a/b.md\n  - https://x.example\n", "nav: {a: b}\n", "nav:\n - a: &x [index.md]\n - b: *x\n",
		"docs_dir: ../..\n", "plugins:\n  - redirects:\n      redirect_maps: {old.md: a/b.md}\n", "exclude_docs: |\n  *.md\n  !index.md\n", "a: !!python/name:os.system\n",
		"markdown_extensions:\n  - toc:\n      permalink: false\n", "site_name: !ENV [A, b]\n", "edit_uri: ''\nrepo_url: https://x.example/a\n", "nav:\n - '!include ../x.yml'\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		fsys := fstest.MapFS{"mkdocs.yml": {Data: src}, "docs/index.md": {Data: []byte("# A\n[b](a/b.md)")}, "docs/a/b.md": {Data: []byte("# B\n")}}
		site, diags := buildOne(t, "dir:.", fsys, Options{})
		for _, d := range diags {
			if d.Code == "" || d.Message == "" || d.Pos.Line > strings.Count(string(src), "\n")+strings.Count(string(src), "\r")+1 && d.Pos.File == "mkdocs.yml" {
				t.Errorf("%q: %+v", src, d)
			}
		}
		seen := map[*Page]bool{}
		for _, p := range site.Pages {
			if seen[p] || !strings.HasPrefix(p.File, "docs/") {
				t.Errorf("%q: page %s", src, p.File)
			}
			seen[p] = true
		}
	})
}

// FuzzLink requires that no link is resolved to a place outside of the site,
// the portal or the web.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"a/b.md", "../../../etc/passwd", "a/../../x", "/docs/default/component/cart/", "//x.example", "javascript:x", "a\\b.md", "%2e%2e/%2e%2e/x",
		"#top", "a/b.md#x", "?q", "", ".", "..", "a/b.md?x=<y>", "https://x.example/\" onclick=\"x", "a:b", "img.svg", "\x00", "a/b"} {
		f.Add(s)
	}
	fsys := fstest.MapFS{"docs/index.md": {Data: []byte("x")}, "docs/a/b.md": {Data: []byte("# X\n")}, "docs/img.svg": {Data: []byte("<svg/>")}, "secret.txt": {Data: []byte("s")}}
	c := checkoutOf("shop", fsys)
	f.Fuzz(func(t *testing.T, raw string) {
		s := testSite(t, c, fsys)
		for _, p := range s.pages {
			r := &resolver{site: s, page: p}
			got := r.target(&markdown.Link{Tag: "a", Attr: "href", URL: raw})
			if got.broken != "" {
				continue
			}
			if strings.ContainsAny(got.url, "\"<>\x00") {
				t.Errorf("%q → %q", raw, got.url)
			}
			if got.external || strings.Contains(strings.SplitN(got.url, "/", 2)[0], ":") {
				if !strings.Contains(got.url, ":") {
					t.Errorf("%q → %q is external", raw, got.url)
				}
				continue
			}
			up, rest := 0, got.url
			for strings.HasPrefix(rest, "../") {
				up, rest = up+1, rest[3:]
			}
			if limit := strings.Count(p.page.Path, "/"); up > limit && !(up == limit+4 && (strings.HasPrefix(rest, "docs/") || strings.HasPrefix(rest, "catalog/"))) {
				t.Errorf("%q from %q → %q leaves the site", raw, p.page.Path, got.url)
			}
			if clean := path.Clean(rest); strings.HasPrefix(clean, "../") || strings.HasPrefix(rest, "/") {
				t.Errorf("%q → %q", raw, got.url)
			}
		}
	})
}
