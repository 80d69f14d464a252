package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/checkout"
)

func TestPlainFolder(t *testing.T) {
	opt := options(t)
	write(t, opt.BaseDir, map[string]string{
		"app/catalog-info.yaml": "kind: Component\n", "app/docs/index.md": "# Hi\n",
		"app/node_modules/x/y.js": "no", "app/nested/.git/HEAD": "ref: x", "app/nested/z": "no"})
	os.Symlink("docs/index.md", filepath.Join(opt.BaseDir, "app", "README.md"))
	os.Symlink("../../..", filepath.Join(opt.BaseDir, "app", "out"))
	cs, ds := mustSync(t, opt, Spec{Directory: "app"})
	if got := codes(ds); got != "tree-link" {
		t.Fatalf("diagnostics %v", ds)
	}
	c := cs[0]
	if c.Name != "app" || c.State != checkout.Fresh || c.Dir != filepath.Join(opt.BaseDir, "app") || c.Commit != "" {
		t.Errorf("checkout %+v", c)
	}
	if err := fstest.TestFS(c.FS, "catalog-info.yaml", "docs/index.md", "README.md"); err != nil {
		t.Error(err)
	}
	for _, gone := range []string{"node_modules", "nested", "out", "out/etc", "docs/../catalog-info.yaml"} {
		if _, err := fs.Stat(c.FS, gone); err == nil {
			t.Errorf("%s is there", gone)
		}
	}
	if c.BlobHash("README.md") == "" || c.BlobHash("README.md") != c.BlobHash("docs/index.md") {
		t.Error("a link has its target's hash")
	}
	write(t, opt.BaseDir, map[string]string{"app/docs/index.md": "# Ho\n"})
	cs, _ = mustSync(t, opt, Spec{Directory: "app"})
	if cs[0].Digest == c.Digest || cs[0].BlobHash("docs/index.md") == c.BlobHash("docs/index.md") {
		t.Error("an edit did not change the digest")
	}
}

func TestWorkingTree(t *testing.T) {
	opt := options(t)
	r := newRepo(t, filepath.Join(opt.BaseDir, "repos", "checkout"))
	r.git("remote", "add", "origin", "https://bot:s3cret@github.com/acme/checkout.git")
	first := r.commit("one", map[string]string{"catalog-info.yaml": "a", ".gitignore": "build/\n*.log\n", "kept.log": ""})
	r.git("add", "-f", "kept.log")
	second := r.commit("two", map[string]string{"docs/index.md": "b"})
	write(t, r.dir, map[string]string{"docs/index.md": "edited", "build/x": "no", "a.log": "no", "new.md": "yes"})
	write(t, opt.BaseDir, map[string]string{"repos/plain/x.txt": "x", "repos/.hidden/x.txt": "x"})
	cs, ds := mustSync(t, opt, Spec{Directory: "repos/*"})
	if len(ds) != 0 || len(cs) != 2 {
		t.Fatalf("%v %v", ds, cs)
	}
	c := cs[0]
	if c.Name != "checkout" || c.Ref != "main" || c.Commit != second || c.URL != "https://github.com/acme/checkout.git" {
		t.Errorf("%+v", c)
	}
	if b, _ := fs.ReadFile(c.FS, "docs/index.md"); string(b) != "edited" {
		t.Errorf("read %q", b)
	}
	var names []string
	fs.WalkDir(c.FS, ".", func(p string, d fs.DirEntry, err error) error { names = append(names, p); return err })
	if got := strings.Join(names, " "); got != ". .gitignore catalog-info.yaml docs docs/index.md kept.log new.md" {
		t.Errorf("files %s", got)
	}
	if got := c.Web.File("docs/index.md", 3); got != "https://github.com/acme/checkout/blob/"+second+"/docs/index.md#L3" {
		t.Errorf("web %s", got)
	}
	if ch, ok := c.History.LastChange("catalog-info.yaml"); !ok || ch.Commit != first || !c.History.Complete || ch.Author.Name != "Ada" {
		t.Errorf("change %+v", ch)
	}
}

func TestFileSource(t *testing.T) {
	opt := options(t)
	write(t, opt.BaseDir, map[string]string{"org/all.yaml": "x", "org/teams/a.yaml": "y"})
	cs, ds := mustSync(t, opt, Spec{File: "org/all.yaml"})
	if len(ds) != 0 || cs[0].Name != "org/all.yaml" || cs[0].Descriptors[0] != "all.yaml" || cs[0].Origin != "file" {
		t.Fatalf("%v %+v", ds, cs[0])
	}
	if b, err := fs.ReadFile(cs[0].FS, "teams/a.yaml"); err != nil || string(b) != "y" {
		t.Error(err)
	}
}

func TestLocalRepositoryIsReadFromObjects(t *testing.T) {
	opt := options(t)
	r := newRepo(t, filepath.Join(opt.BaseDir, "repo"))
	r.commit("one", map[string]string{"a.md": "committed"})
	r.git("tag", "-a", "-m", "x", "v1")
	r.commit("two", map[string]string{"a.md": "later"})
	write(t, r.dir, map[string]string{"a.md": "uncommitted"})
	cs, ds := mustSync(t, opt, Spec{Git: "repo"}, Spec{Git: "file://" + filepath.ToSlash(r.dir), Ref: "v1", Name: "old"}, Spec{Git: "repo", Ref: "maine"})
	if got := codes(ds); got != "source-failed" {
		t.Fatal(ds)
	}
	if !strings.Contains(ds[0].Hint, `did you mean "main"`) {
		t.Error(ds[0].Hint)
	}
	for i, want := range []string{"later", "committed"} {
		if b, err := fs.ReadFile(cs[i].FS, "a.md"); err != nil || string(b) != want {
			t.Errorf("%s: %q %v", cs[i].Name, b, err)
		}
		if err := fstest.TestFS(cs[i].FS, "a.md"); err != nil {
			t.Error(err)
		}
	}
	if cs[2].State != checkout.Failed || cs[2].FS != nil || cs[2].History == nil {
		t.Errorf("%+v", cs[2])
	}
}
