package checkout

import "testing"

func TestWebOfOneFolder(t *testing.T) {
	w := Web{Host: "gitlab", Base: "https://gitlab.com/acme/mono", Branch: "main", Prefix: "content/docs"}
	for got, want := range map[string]string{
		w.File("a b.md", 0): "https://gitlab.com/acme/mono/-/blob/main/content/docs/a%20b.md",
		w.Tree("/"):         "https://gitlab.com/acme/mono/-/tree/main/content/docs",
		w.Edit("x/y.md"):    "https://gitlab.com/acme/mono/-/edit/main/content/docs/x/y.md",
		w.CommitURL("abc"):  "https://gitlab.com/acme/mono/-/commit/abc",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for p, want := range map[string]string{"content/docs": ".", "content/docs/": ".", "content/docs/a.md": "a.md", "content/docsx": "", "content": "", "../content/docs/a.md": ""} {
		if got, ok := w.Inside(p); ok != (want != "") || ok && got != want {
			t.Errorf("%s is at %q %v", p, got, ok)
		}
	}
	if got, ok := (Web{}).Inside("a/b.md"); got != "a/b.md" || !ok {
		t.Error(got, ok)
	}
}
