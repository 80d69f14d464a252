package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// kept counts the object stores and cached histories of a state folder.
func kept(opt Options) (stores, histories int) {
	a, _ := filepath.Glob(filepath.Join(opt.StateDir, "git", "*"))
	b, _ := filepath.Glob(filepath.Join(opt.StateDir, "history", "*"))
	return len(a), len(b)
}

func TestStoresThatNoSourceUsesAreDeletedAfterAMonth(t *testing.T) {
	opt := options(t)
	for _, name := range []string{"a", "b", "c"} {
		r := newRawRepo(t, filepath.Join(opt.BaseDir, name+".git"))
		r.set("main", r.simple(name))
	}
	a, b, c := Spec{Git: "a.git"}, Spec{Git: "b.git"}, Spec{Git: "c.git"}
	mustSync(t, opt, a, b, c)
	write(t, opt.StateDir, map[string]string{"git/killed-fetch/1/HEAD": "x"})
	// c breaks; showing its last good commit is use.
	if err := os.RemoveAll(filepath.Join(opt.BaseDir, "c.git")); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		day   int
		specs []Spec
		want  int
	}{
		{20, []Spec{a, c}, 3},
		{30, []Spec{a}, 3},
		{31, []Spec{a, {Git: "-x"}}, 3}, // the broken entry may be b's
		{31, []Spec{a}, 2},              // b was last used on day 0
		{50, []Spec{a, c}, 2},
		{75, []Spec{a}, 2},
		{81, []Spec{a}, 1},
		{200, []Spec{a}, 1},
	}
	for _, step := range steps {
		opt.Now = testNow.AddDate(0, 0, step.day)
		cs, ds := mustSync(t, opt, step.specs...)
		if cs[0].State != checkout.Fresh || content1(t, cs[0]) != "a" {
			t.Fatalf("day %d: %v", step.day, ds)
		}
		if stores, histories := kept(opt); stores != step.want || histories != step.want {
			t.Errorf("day %d: %d stores and %d histories, want %d", step.day, stores, histories, step.want)
		}
	}
	if _, err := os.Stat(filepath.Join(opt.StateDir, "git", "killed-fetch")); err == nil {
		t.Error("what a killed fetch left is still there")
	}
}

func TestStoreInUseIsKeptHoweverOld(t *testing.T) {
	opt := options(t)
	r, srv, spec := remoteRepo(t)
	r.set("main", r.simple("one"))
	mustSync(t, opt, spec)
	srv.Close()
	opt.Now = testNow.AddDate(1, 0, 0)
	cs, ds := mustSync(t, opt, spec)
	if codes(ds) != "source-stale" || content1(t, cs[0]) != "one" {
		t.Fatal(ds)
	}
	opt.Now, opt.Offline = opt.Now.AddDate(1, 0, 0), true
	if cs, ds := mustSync(t, opt, spec); len(ds) != 0 || cs[0].State != checkout.Cached {
		t.Fatal(ds)
	}
}
