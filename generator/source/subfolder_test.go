package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

func fileNames(t *testing.T, c *checkout.Checkout) string {
	t.Helper()
	if c.FS == nil {
		t.Fatal(c.Err)
	}
	var names []string
	err := fs.WalkDir(c.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

// portalRepo is a repository with a portal folder in it.
func portalRepo(t *testing.T, opt Options) (r *gitRepo, second string) {
	t.Helper()
	r = newRepo(t, opt.BaseDir)
	r.git("remote", "add", "origin", "https://github.com/acme/mono.git")
	r.commit("one", map[string]string{".gitignore": "*.log\n/content/docs/draft.md\n/.callboard/\n/out/\n", "content/docs/a.md": "1", "content/b.md": "1", "main.go": "1"})
	second = r.commit("two", map[string]string{"content/docs/a.md": "2", "content/docs/deep/c.md": "2"})
	r.commit("three", map[string]string{"main.go": "3"})
	return r, second
}

func TestFolderInsideARepository(t *testing.T) {
	opt := options(t)
	r, second := portalRepo(t, opt)
	write(t, opt.BaseDir, map[string]string{"content/docs/a.md": "edited", "content/docs/x.log": "", "content/docs/draft.md": "", "content/docs/new.md": ""})
	cs, ds := mustSync(t, opt, Spec{Directory: "content/docs", History: 2}, Spec{Directory: "content/docs/deep"}, Spec{File: "content/b.md"})
	if len(ds) != 0 {
		t.Fatal(ds)
	}
	head := r.git("rev-parse", "HEAD")
	c := cs[0]
	if got := fileNames(t, c); got != "a.md deep/c.md new.md" {
		t.Errorf("files %s", got)
	}
	if content1(t, c) != "edited" || c.Commit != head || c.Ref != "main" || c.URL != "https://github.com/acme/mono.git" || c.Dir != filepath.Join(opt.BaseDir, "content", "docs") {
		t.Errorf("%+v", c)
	}
	for got, want := range map[string]string{
		c.Web.File("deep/c.md", 3): "https://github.com/acme/mono/blob/" + head + "/content/docs/deep/c.md#L3",
		c.Web.Edit("a.md"):         "https://github.com/acme/mono/edit/main/content/docs/a.md",
		c.Web.Tree(""):             "https://github.com/acme/mono/tree/" + head + "/content/docs",
	} {
		if got != want {
			t.Errorf("link %s, want %s", got, want)
		}
	}
	// The last two generations are known: one that is cut, and one elsewhere.
	if ch, ok := c.History.LastChange("a.md"); !ok || !ch.Before || ch.Commit != "" {
		t.Errorf("cut: %+v", ch)
	}
	deep := cs[1]
	if ch, ok := deep.History.LastChange("c.md"); !ok || ch.Commit != second || len(deep.History.Commits) != 1 || !deep.History.Complete {
		t.Errorf("deep: %+v", deep.History)
	}
	file := cs[2]
	if ch, ok := file.History.LastChange("b.md"); !ok || ch.Commit == second || file.Web.Prefix != "content" || len(file.History.Commits) != 2 {
		t.Errorf("file: %+v %+v", file.History, file.Web)
	}
}

func TestFolderThatOnlyLiesInARepositoryIsPlain(t *testing.T) {
	opt := options(t)
	portalRepo(t, opt)
	write(t, opt.BaseDir, map[string]string{"out/a.md": "kept", "out/x.log": "kept"})
	cs, ds := mustSync(t, opt, Spec{Directory: "out"})
	if len(ds) != 0 || fileNames(t, cs[0]) != "a.md x.log" || cs[0].Commit != "" || cs[0].URL != "" || cs[0].Web != (checkout.Web{}) {
		t.Fatalf("%v %+v", ds, cs[0])
	}
}

func TestFolderBelowSomethingCalledGit(t *testing.T) {
	opt := options(t)
	write(t, opt.BaseDir, map[string]string{"app/docs/a.md": "x"})
	if err := os.Mkdir(filepath.Join(opt.BaseDir, "app", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	cs, ds := mustSync(t, opt, Spec{Directory: "app/docs"})
	if len(ds) != 0 || content1(t, cs[0]) != "x" || cs[0].Commit != "" {
		t.Fatalf("%v %+v", ds, cs[0])
	}
}
