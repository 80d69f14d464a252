package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/entity"
)

func TestRelativeLinks(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"/", "/catalog/", "catalog/"},
		{"/catalog/", "/catalog/", "./"},
		{"/catalog/kind/api/", "/", "../../../"},
		{"/catalog/default/api/a/", "/catalog/default/component/b/", "../../component/b/"},
		{"/docs/a/", "/docs/a/img/x.png?v=1#top", "img/x.png?v=1#top"},
		{"/docs/a/", "/docs/a/#top", "./#top"},
		{"/404.html", "/catalog/", "catalog/"},
		{"/a/", "https://example.com/", "https://example.com/"},
		{"/a/", "//example.com/", "//example.com/"},
		{"/a/", "#top", "#top"},
		{"/a/", "", ""},
		{"/a/b/", "/a/", "../"},
	} {
		if got := Rel(c.from, c.to); got != c.want {
			t.Errorf("Rel(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestDocsPathsKeepWhatIsSafe(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"guide/install/", "guide/install/"},
		{"a~b/C_d-e.f/", "a~b/C_d-e.f/"},
		{"für/", "f~c3~bcr/"},
		{"f~c3~bcr/", "f~c3~bcr/"},
		{".well-known/x/", "~2ewell-known/x/"},
		{"a/../b/", "a/~2e./b/"},
		{"a//b/", "a/~/b/"},
	} {
		if got := docsPath(c.in); got != c.want {
			t.Errorf("docsPath(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// safePath is what the renderer takes as a URL.
var safePath = regexp.MustCompile(`^/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*$`)

func FuzzURLs(f *testing.F) {
	for _, s := range []string{"pay", "", ".", "..", "a/b", "Ünïcode", "a:b", "~", "\x00", strings.Repeat("x", 300), "con", "?q#f"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		r := entity.Ref{Kind: "Component", Namespace: a, Name: b}
		for _, u := range []string{EntityURL(r), DocsSiteURL(r), DocsPageURL(r, a+"/"+b), FacetURL("tag", a)} {
			if !safePath.MatchString(u) {
				t.Errorf("%q is not a safe address", u)
			}
			for _, s := range strings.Split(u, "/") {
				if len(s) > 600 {
					t.Errorf("segment of %d bytes", len(s))
				}
			}
		}
		if p := docsPath(a); docsPath(p) != p {
			t.Errorf("docsPath(%q) = %q is not kept as it is", a, p)
		}
		if a != b && segment(a) == segment(b) {
			t.Errorf("%q and %q share the segment %q", a, b, segment(a))
		}
		if to := Rel(EntityURL(r), DocsSiteURL(r)); strings.HasPrefix(to, "/") {
			t.Errorf("link %q is not relative", to)
		}
	})
}

func FuzzExcerpt(f *testing.F) {
	f.Add("Takes **payments**. See [the guide](https://example.com).", 20)
	f.Add("\xff\xfe決済 #> x", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 1 || limit > 500 {
			return
		}
		if got := []rune(excerpt(s, limit)); len(got) > limit+1 {
			t.Errorf("excerpt of %d characters, limit %d", len(got), limit)
		}
	})
}

// Hugo writes a page with ".." in its address to the wrong place.
func TestNoAddressHasTwoDotsInARow(t *testing.T) {
	for _, s := range []string{"a..b", "..", "../../x", "a...b", "v1.2", "x.."} {
		for _, got := range []string{FacetURL("type", s), EntityURL(entity.Ref{Kind: "component", Namespace: "default", Name: s}), "/" + docsPath(s)} {
			if strings.Contains(got, "..") {
				t.Errorf("%q gives %s", s, got)
			}
		}
	}
	if got := segment("v1.2"); got != "v1.2" {
		t.Errorf("v1.2 gives %s", got)
	}
}
