package serve

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func site(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var sample = map[string]string{
	"index.html":         "<body>home</body>",
	"catalog/index.html": "<body>catalog</body>",
	"404.html":           "<body>nothing here</body>",
	".secret":            "hidden",
	"a.css":              "body{}",
	"_redirects":         "/catalog-graph /graph/ 301\n/old/* /catalog/:splat 302\n/odd /catalog/ 7\n",
	"_headers":           "/*\n  X-Content-Type-Options: nosniff\n  Content-Security-Policy: default-src 'none'; upgrade-insecure-requests\n",
}

func TestHandlerAnswersAsAHostWould(t *testing.T) {
	h := New(site(t, sample), nil)
	for _, c := range []struct {
		path string
		code int
		body string // or Location for 3xx
	}{
		{"/", 200, "home"},
		{"/catalog/", 200, "catalog"},
		{"/catalog", 301, "/catalog/"},
		{"/catalog?kind=api", 301, "/catalog/?kind=api"},
		{"/catalog-graph", 301, "/graph/"},
		{"/old/x", 302, "/catalog/x"},
		{"/odd", 301, "/catalog/"},
		{"/nope", 404, "nothing here"},
		{"/.secret", 404, "nothing here"},
		{"/../../etc/passwd", 404, "nothing here"},
		{"/a.css", 200, "body{}"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(c.path, "?")
		h.ServeHTTP(w, r)
		got := w.Body.String()
		if c.code/100 == 3 {
			got = w.Header().Get("Location")
		}
		if w.Code != c.code || !strings.Contains(got, c.body) {
			t.Errorf("%s: %d %q, want %d %q", c.path, w.Code, got, c.code, c.body)
		}
		if c.code == 200 && w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: _headers not applied", c.path)
		}
		if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "upgrade") {
			t.Errorf("%s: policy %q would break plain HTTP", c.path, csp)
		}
	}
}

func TestReloadReachesOpenPages(t *testing.T) {
	reload := NewReload()
	server := httptest.NewServer(New(site(t, sample), reload))
	defer server.Close()
	page, err := http.Get(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(page.Body)
	page.Body.Close()
	if !strings.Contains(string(body), `src="/_callboard/reload.js"`) {
		t.Fatalf("page has no reload script: %s", body)
	}
	events, err := http.Get(server.URL + "/_callboard/events")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	lines := bufio.NewReader(events.Body)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	go reload.Now()
	rest, _ := io.ReadAll(lines)
	if !strings.Contains(string(rest), "event: reload") {
		t.Fatalf("stream ended with %q", rest)
	}
}

func TestWatchSeesEditsInTreesAndSingleFilesOnly(t *testing.T) {
	dir := site(t, map[string]string{"tree/a/b.md": "1", "conf/callboard.yaml": "1", "conf/neighbour": "1", "tree/.git/HEAD": "x", "tree/public/index.html": "x"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := make(chan bool, 16)
	go func() {
		_ = Watch(ctx, []string{filepath.Join(dir, "tree"), filepath.Join(dir, "conf/callboard.yaml")}, []string{filepath.Join(dir, "tree/public")}, func() []string { seen <- true; return nil })
	}()
	time.Sleep(100 * time.Millisecond)
	expect := func(what, name string, want bool) {
		t.Helper()
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(what), 0o644); err != nil {
			t.Fatal(err)
		}
		wait := 3 * time.Second
		if !want {
			wait = 300 * time.Millisecond
		}
		select {
		case <-seen:
			if !want {
				t.Errorf("%s: noticed", what)
			}
		case <-time.After(wait):
			if want {
				t.Errorf("%s: not noticed", what)
			}
		}
	}
	expect("edit", "tree/a/b.md", true)
	expect("single file", "conf/callboard.yaml", true)
	expect("neighbour", "conf/neighbour", false)
	expect("git's own", "tree/.git/HEAD", false)
	expect("temporary", "tree/a/.b.md.swp", false)
	expect("the site itself", "tree/public/index.html", false)
	expect("a folder of the site", "tree/public/new/index.html", false)
	expect("a tree of the site's", "tree/.public.callboard-next/index.html", false)
	expect("new folder", "tree/new/c.md", true)
	time.Sleep(100 * time.Millisecond)
	expect("file in new folder", "tree/new/d.md", true)
}
