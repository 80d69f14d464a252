package generator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A definition on a listed host is read, and kept for when the host is silent.
func TestDefinitionsAreReadFromListedHosts(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("openapi: 3.0.0\ninfo: {title: Seats, version: '1'}\npaths: {}\n"))
	}))
	dir := t.TempDir()
	host := strings.TrimPrefix(s.URL, "http://")
	writeFiles(t, dir, map[string]string{
		"callboard.yaml": "sources: [{directory: repos/*}]\ncatalog: {reading: {allow: ['" + host + "']}}\n",
		"repos/seats/catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: seats}\nspec:\n" +
			"  type: openapi\n  lifecycle: production\n  owner: nobody\n  definition: {$text: '" + s.URL + "/openapi.yaml'}\n",
	})
	load := func(offline bool) (definition string, codes []string) {
		p, err := Load(context.Background(), Options{
			Config: filepath.Join(dir, "callboard.yaml"), Output: filepath.Join(dir, "public"), StateDir: filepath.Join(dir, "state"),
			Offline: offline, Now: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC), LookupEnv: os.LookupEnv,
		}, "catalog")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Findings {
			codes = append(codes, d.Code)
		}
		definition, _ = p.Catalog.All()[0].Spec["definition"].(string)
		return definition, codes
	}
	if text, codes := load(true); text != "" || !strings.Contains(strings.Join(codes, " "), "include") {
		t.Errorf("offline and never read: %q, %v", text, codes)
	}
	if text, codes := load(false); !strings.Contains(text, "title: Seats") || strings.Contains(strings.Join(codes, " "), "include") {
		t.Errorf("read: %q, %v", text, codes)
	}
	s.Close()
	if text, _ := load(true); !strings.Contains(text, "title: Seats") {
		t.Errorf("offline, after it was read: %q", text)
	}
	if text, codes := load(false); !strings.Contains(text, "title: Seats") || !strings.Contains(strings.Join(codes, " "), "remote-stale") {
		t.Errorf("the host is silent: %q, %v", text, codes)
	}
}
