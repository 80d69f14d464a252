package docs

import (
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

func TestLinks(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, f := range []string{"docs/index.md", "docs/guide/install.md", "docs/guide/README.md", "docs/My Page.md", "docs/img/a b.png", "docs/files/x.pdf", "README.md", "src/main.rs", "pics/p.png"} {
		fsys[f] = &fstest.MapFile{Data: []byte("# Title\n\n## Part\n")}
	}
	fsys["docs/img/a b.png"].Data = []byte("\x89PNG\r\n\x1a\n")
	fsys["pics/p.png"].Data = []byte("\x89PNG\r\n\x1a\n")
	fsys["docs/files/x.pdf"].Data = []byte("%PDF-1.4")
	c := checkoutOf("shop", fsys)
	c.Web = checkout.Web{Host: "github", Base: "https://git.example.com/shop", Branch: "main"}
	s := testSite(t, c, fsys)
	for _, l := range []struct{ page, url, want string }{
		{"docs/index.md", "guide/install.md", "guide/install/"},
		{"docs/index.md", "./guide/install.md#part", "guide/install/#part"},
		{"docs/index.md", "guide/install", "guide/install/"},
		{"docs/index.md", "guide/install/", "guide/install/"},
		{"docs/index.md", "guide/install.html", "guide/install/"},
		{"docs/index.md", "guide/", "guide/"},
		{"docs/index.md", "/guide/install.md", "guide/install/"},
		{"docs/index.md", "My%20Page.md", "My-Page/"},
		{"docs/index.md", "My Page.md", "My-Page/"},
		{"docs/index.md", "#part", "#part"},
		{"docs/index.md", "?a=1#part", "#part"},
		{"docs/index.md", "img/a b.png", "img/a-b.png"},
		{"docs/guide/install.md", "../index.md", "../../"},
		{"docs/guide/install.md", "README.md", "../"},
		{"docs/guide/install.md", "install.md", "./"},
		{"docs/guide/install.md", "../files/x.pdf", "../../files/x.pdf"},
		{"docs/guide/install.md", "../../src/main.rs", "https://git.example.com/shop/blob/main/src/main.rs"},
		{"docs/guide/install.md", "../../src", "https://git.example.com/shop/tree/main/src"},
		{"docs/guide/install.md", "../../pics/p.png", "https://git.example.com/shop/blob/main/pics/p.png"},
		{"docs/guide/install.md", "/docs/default/component/cart/x", "../../../../../../docs/default/component/cart/x/"},
		{"docs/index.md", "//x.example/y", "https://x.example/y"},
		{"docs/index.md", "mailto:a@b.example", "mailto:a@b.example"},
		{"docs/index.md", "nope.md", ""},
		{"docs/index.md", "#nope", ""},
		{"docs/index.md", "../../x", ""},
		{"docs/index.md", "data:text/html,x", ""},
	} {
		r := &resolver{site: s, page: s.byFile[l.page]}
		got := r.target(&markdown.Link{Tag: "a", Attr: "href", URL: l.url})
		if got.broken != "" {
			got.url = ""
		}
		if got.url != l.want {
			t.Errorf("%s: %q → %q, want %q (%s)", l.page, l.url, got.url, l.want, got.broken)
		}
	}
	r := &resolver{site: s, page: s.byFile["docs/index.md"]}
	if got := r.target(&markdown.Link{Tag: "img", Attr: "src", URL: "../pics/p.png"}); got.url != "_files/pics/p.png" {
		t.Errorf("an image outside of the docs is at %q", got.url)
	}
}
