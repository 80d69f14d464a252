package generator

import (
	"io"
	"log"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/htmlcheck"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/source"
)

// commitOf is one commit of files, by somebody and at a time that do not matter.
func commitOf(files map[string]string) source.NewCommit {
	c := source.NewCommit{
		Author: checkout.Person{Name: "Ada", Email: "ada@example.com"}, Time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC),
		Message: "Everything", Write: map[string][]byte{},
	}
	for name, text := range files {
		c.Write[name] = []byte(text)
	}
	return c
}

const tillDescriptor = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: till
  annotations: {backstage.io/techdocs-ref: "dir:."}
spec: {type: service, lifecycle: production, owner: user:ada}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada}
spec: {memberOf: []}
`

// serveRepositories serves the repositories in a folder over HTTP, with git's
// own server.
func serveRepositories(t *testing.T, root string) *httptest.Server {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git here to serve a repository")
	}
	out, err := exec.CommandContext(t.Context(), git, "--exec-path").Output()
	if err != nil {
		t.Skip("git does not tell where its programs are")
	}
	if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")); err != nil {
		t.Skip("git has no http-backend here")
	}
	s := httptest.NewServer(&cgi.Handler{
		Stderr: io.Discard, Logger: log.New(io.Discard, "", 0), Path: git, Args: []string{"http-backend"},
		Env: []string{
			"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1",
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		},
	})
	t.Cleanup(s.Close)
	return s
}

// A repository that is gone keeps the content of its last good commit, which
// pages say; failing again gives the same bytes, and coming back makes it
// fresh.
func TestASourceThatFailsKeepsItsLastContent(t *testing.T) {
	dir := t.TempDir()
	repo := filepath.Join(dir, "remote", "till")
	if err := source.Create(repo, "main", "", []source.NewCommit{commitOf(map[string]string{"catalog-info.yaml": tillDescriptor, "docs/index.md": "# Till\n\nAdds up.\n"})}); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "callboard.yaml"), "portal: {title: Shop}\nsources:\n  - git: "+serveRepositories(t, filepath.Dir(repo)).URL+"/till\n    name: till\n")
	opt := optionsFor(dir)
	first := mustBuild(t, opt)
	if s := first.Sources; len(s) != 1 || s[0].State != "fresh" || s[0].Commit == "" {
		t.Fatalf("sources of the first build: %+v", s)
	}

	away := repo + "-away"
	if err := os.Rename(repo, away); err != nil {
		t.Fatal(err)
	}
	opt.Now = testNow.Add(36 * time.Hour)
	gone := mustBuild(t, opt)
	if s := gone.Sources[0]; s.State != "stale" || s.Commit != first.Sources[0].Commit || s.Age != (36*time.Hour).Seconds() || s.Error == "" {
		t.Errorf("source that is gone: %+v", s)
	}
	if !slices.ContainsFunc(gone.Findings, func(d diag.Diagnostic) bool { return d.Code == "source-stale" && d.Severity == diag.Warning }) {
		t.Errorf("no finding is about the source that is gone: %v", gone.Findings)
	}
	site, err := htmlcheck.ReadSite(os.DirFS(opt.Output), "")
	if err != nil {
		t.Fatal(err)
	}
	report(t, site.Problems())
	mustShow(t, site, "/catalog/default/component/till/", htmlcheck.In("main h1", htmlcheck.HasText("till")), htmlcheck.In("main", htmlcheck.HasText("Stale")))
	mustShow(t, site, "/docs/default/component/till/", htmlcheck.In("main", htmlcheck.HasText("Adds up.")), htmlcheck.In("main", htmlcheck.HasText("Stale")))
	mustShow(t, site, page.ProblemsURL, htmlcheck.In("main", htmlcheck.HasText("callboard.yaml:3")), htmlcheck.NotIn("main", htmlcheck.HasText(dir)))
	mustShow(t, site, page.AboutURL, htmlcheck.In("main", htmlcheck.HasText("Stale")))

	if again := mustBuild(t, opt); again.SiteHash != gone.SiteHash || again.Pages.Rendered != 0 {
		t.Errorf("failing again renders %d pages, hash %s, want none and %s", again.Pages.Rendered, again.SiteHash, gone.SiteHash)
	}
	if err := os.Rename(away, repo); err != nil {
		t.Fatal(err)
	}
	opt.Now = testNow
	if back := mustBuild(t, opt); back.SiteHash != first.SiteHash {
		t.Errorf("the source is back and the site is another than before: %+v", back.Sources[0])
	}
}
