package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// stored lists the packs of all object stores with their times.
func stored(t *testing.T, opt Options) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*", "objects", "pack", "*.pack"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range list {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(name + info.ModTime().String() + "\n")
	}
	return b.String()
}

func TestLocalRepositoryThatVanishesOrBreaksIsStale(t *testing.T) {
	for name, harm := range map[string]func(dir string) error{
		"vanishes":     os.RemoveAll,
		"no HEAD":      func(dir string) error { return os.WriteFile(filepath.Join(dir, "HEAD"), nil, 0o644) },
		"no branch":    func(dir string) error { return os.RemoveAll(filepath.Join(dir, "refs", "heads")) },
		"not a folder": func(dir string) error { return os.Rename(dir, dir+".moved") },
	} {
		t.Run(name, func(t *testing.T) {
			opt := options(t)
			r := newRawRepo(t, filepath.Join(opt.BaseDir, "app.git"))
			one := r.simple("one")
			tip := r.simple("two", one)
			r.set("main", tip)
			spec := Spec{Git: "app.git"}
			cs, ds := mustSync(t, opt, spec)
			if len(ds) != 0 || cs[0].State != checkout.Fresh || cs[0].Commit != tip.String() {
				t.Fatalf("%v %+v", ds, cs[0])
			}
			if err := harm(filepath.Join(opt.BaseDir, "app.git")); err != nil {
				t.Fatal(err)
			}
			opt.Now = testNow.AddDate(0, 0, 3)
			cs, ds = mustSync(t, opt, spec)
			if codes(ds) != "source-stale" || !strings.Contains(ds[0].Message, "3 days ago") {
				t.Fatal(ds)
			}
			c := cs[0]
			if c.State != checkout.Stale || c.Commit != tip.String() || c.FetchedAt != testNow || c.Err == "" || c.Ref != "main" {
				t.Errorf("%+v", c)
			}
			if content1(t, c) != "two" || len(c.History.Commits) != 2 || !c.History.Complete {
				t.Errorf("%+v", c.History)
			}
		})
	}
}

func TestLocalRepositoryWhoseNewCommitIsBrokenIsStale(t *testing.T) {
	opt := options(t)
	dir := filepath.Join(opt.BaseDir, "app.git")
	r := newRawRepo(t, dir)
	one := r.simple("one")
	r.set("main", one)
	mustSync(t, opt, Spec{Git: "app.git"})
	r.set("main", r.commit("two", plumbing.NewHash(strings.Repeat("ab", 20)), one))
	cs, ds := mustSync(t, opt, Spec{Git: "app.git"})
	if codes(ds) != "source-stale" || cs[0].Commit != one.String() || content1(t, cs[0]) != "one" {
		t.Fatalf("%v %+v", ds, cs[0])
	}
	if left, _ := filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*")); len(left) != 1 {
		t.Errorf("stores %v", left)
	}
}

func TestLocalRepositoryIsCopiedOnlyWhenItMoves(t *testing.T) {
	opt := options(t)
	r := newRawRepo(t, filepath.Join(opt.BaseDir, "app.git"))
	one := r.simple("one")
	two := r.simple("two", one)
	r.set("main", two)
	spec := Spec{Git: "app.git", History: 2}
	mustSync(t, opt, spec)
	first := stored(t, opt)
	mustSync(t, opt, spec)
	if again := stored(t, opt); first == "" || again != first {
		t.Errorf("an unmoved ref was copied\n%s%s", first, again)
	}
	// Back to the bytes of an older commit, whose tree was copied without its files.
	three := r.commit("three", r.files(map[string]string{"a.md": "one"}), two)
	r.set("main", three)
	cs, ds := mustSync(t, opt, spec)
	if len(ds) != 0 || cs[0].State != checkout.Fresh || content1(t, cs[0]) != "one" || len(cs[0].History.Commits) != 2 || cs[0].History.Complete {
		t.Fatalf("%v %+v", ds, cs[0])
	}
	if now := stored(t, opt); strings.Count(now, "\n") != 2 {
		t.Errorf("packs\n%s", now)
	}
	// A deeper history is fetched when asked.
	spec.History = FullHistory
	cs, ds = mustSync(t, opt, spec)
	if len(ds) != 0 || len(cs[0].History.Commits) != 3 || !cs[0].History.Complete {
		t.Fatalf("%v %+v", ds, cs[0].History)
	}
}

func TestLocalRepositoryAboveTheByteLimit(t *testing.T) {
	opt := options(t)
	r := newRawRepo(t, filepath.Join(opt.BaseDir, "app.git"))
	r.set("main", r.simple("one"))
	cs, ds := mustSync(t, opt, Spec{Git: "app.git", MaxBytes: 100})
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "limit") || cs[0].State != checkout.Failed {
		t.Fatal(ds)
	}
	if left, _ := filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*")); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestLocalRepositoryWithALargeFile(t *testing.T) {
	opt := options(t)
	r := newRawRepo(t, filepath.Join(opt.BaseDir, "app.git"))
	r.set("main", r.commit("c", r.files(map[string]string{"a.md": "small", "film.bin": string(make([]byte, maxHeavy+1))})))
	cs, ds := mustSync(t, opt, Spec{Git: "app.git", MaxBytes: 10 << 10})
	if len(ds) != 0 || content1(t, cs[0]) != "small" {
		t.Fatal(ds)
	}
	if _, err := cs[0].FS.Open("film.bin"); err == nil || !strings.Contains(err.Error(), ErrTooLarge.Error()) {
		t.Error(err)
	}
}

func TestLocalRepositoryIsReadWithoutTheNetwork(t *testing.T) {
	opt := options(t)
	opt.Offline = true
	r := newRawRepo(t, filepath.Join(opt.BaseDir, "app.git"))
	r.set("main", r.simple("one"))
	cs, ds := mustSync(t, opt, Spec{Git: "app.git"})
	if len(ds) != 0 || cs[0].State != checkout.Fresh || content1(t, cs[0]) != "one" {
		t.Fatalf("%v %+v", ds, cs[0])
	}
}

// TestLocalShallowRepositoryThatGrows: the same commit, more of its past.
func TestLocalShallowRepositoryThatGrows(t *testing.T) {
	opt := options(t)
	root := t.TempDir()
	r := newRepo(t, filepath.Join(root, "full"))
	for _, text := range []string{"one", "two", "three"} {
		r.commit(text, map[string]string{"a.md": text})
	}
	dir := filepath.Join(opt.BaseDir, "app")
	r.git("clone", "-q", "--depth=1", "file://"+filepath.ToSlash(r.dir), dir)
	cs, ds := mustSync(t, opt, Spec{Git: "app"})
	if len(ds) != 0 || len(cs[0].History.Commits) != 1 || cs[0].History.Complete {
		t.Fatalf("%v %+v", ds, cs[0].History)
	}
	r.git("-C", dir, "fetch", "-q", "--unshallow")
	cs, ds = mustSync(t, opt, Spec{Git: "app"})
	if len(ds) != 0 || len(cs[0].History.Commits) != 3 || !cs[0].History.Complete {
		t.Fatalf("%v %+v", ds, cs[0].History)
	}
}
