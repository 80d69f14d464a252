package publish

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// history is what the fault tests build one after the other: a first release,
// changed pages, a new theme that changes everything, and removals.
func history() []portal {
	a := small()
	b := a.with(func(p *portal) { p.pages["/docs/a/"] = "changed"; p.pages["/new/"] = "new" })
	c := b.with(func(p *portal) { p.theme = "fancy"; delete(p.files, "logo.svg") })
	d := c.with(func(p *portal) { delete(p.pages, "/docs/"); p.files["new"] = ""; delete(p.pages, "/new/") })
	return []portal{a, b, c, d}
}

// A full disk, or any other failure, at every single step of every release in
// turn: what is served stays whole and the next build mends everything.
func TestFailureAtEveryStepLeavesTheSiteWhole(t *testing.T) {
	all := history()
	for release := range all {
		for at := 0; ; at++ {
			b := newQuickBench(t)
			for _, p := range all[:release] {
				b.mustRelease(t, p)
			}
			var failed string
			n := 0
			b.step = func(name string) error {
				if n++; n == at+1 {
					failed = name
					return fmt.Errorf("%s: %w", name, syscall.ENOSPC)
				}
				return nil
			}
			_, err := b.release(t.Context(), all[release])
			if failed == "" {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("release %d failed at %s (%d), but gave %v", release, failed, at, err)
			}
			mustServeOneOf(t, b, all, release, failed)
			b.step = nil
			b.mustRelease(t, all[release])
			b.mustRelease(t, all[(release+1)%len(all)])
			mustBeTidy(t, b)
		}
	}
}

// mustServeOneOf checks that the served site is that before the release or that
// after it, or none if there was none before.
func mustServeOneOf(t *testing.T, b *bench, all []portal, release int, at string) {
	t.Helper()
	if _, err := os.Stat(b.dir); release == 0 && err != nil {
		return
	}
	got := readTree(t, b.dir)
	if release == 0 && len(got) == 1 && got["."] == "folder" {
		return // the folder was there and empty
	}
	if maps.Equal(got, all[release].want()) || release > 0 && maps.Equal(got, all[release-1].want()) {
		return
	}
	t.Fatalf("stopped at %s in release %d, and neither the old nor the new site is served: %q", at, release, got)
}

// mustBeTidy checks that nothing is left lying about: one spare tree, one
// record and at most a manifest for each tree.
func mustBeTidy(t *testing.T, b *bench) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.state, "release"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), manifestSuffix) {
			names = append(names, e.Name())
		}
	}
	if strings.Join(names, " ") != "next record.json" || len(entries)-len(names) > 2 {
		t.Errorf("left in the state folder: %v", entries)
	}
	if entries, _ := os.ReadDir(filepath.Dir(b.dir)); len(entries) != 2 {
		t.Errorf("left beside the site: %v", entries)
	}
}
