package publish

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
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

// disks are the kinds of disk that a release has to live with.
var disks = map[string]disk{
	"usual":             {},
	"no exchange":       {exchange: func(a, b string) error { return errors.ErrUnsupported }},
	"no hard links":     {link: func(from, to string) error { return syscall.EPERM }},
	"other file system": {move: func(from, to string) error { return syscall.EXDEV }},
	"hardly any memory": {hold: 1},
	"other file system, no exchange, hardly any memory": {
		move:     func(from, to string) error { return syscall.EXDEV },
		exchange: func(a, b string) error { return errors.ErrUnsupported },
		hold:     1,
	},
}

// A full disk, or any other failure, at every single step of every release in
// turn: what is served stays whole and the next build mends everything.
func TestFailureAtEveryStepLeavesTheSiteWhole(t *testing.T) {
	for name, kind := range disks {
		t.Run(name, func(t *testing.T) {
			all := history()
			for release := range all {
				for at := 1; failAt(t, kind, all, release, at); at++ {
				}
			}
		})
	}
}

// failAt makes a release fail at a step and then again without a fault. It
// returns false once the release has no such step.
func failAt(t *testing.T, kind disk, all []portal, release, at int) bool {
	b := newQuickBench(t)
	b.disk = kind
	for _, p := range all[:release] {
		b.mustRelease(t, p)
	}
	failed := ""
	var n atomic.Int64 // pages are written by several goroutines
	b.disk.step = func(name string) error {
		if n.Add(1) == int64(at) {
			failed = name
			return fmt.Errorf("%s: %w", name, syscall.ENOSPC)
		}
		return nil
	}
	_, err := b.release(t.Context(), all[release])
	b.disk.step = nil
	if failed == "" {
		if err != nil {
			t.Fatal(err)
		}
		b.mustServe(t, all[release])
		return false
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("release %d failed at %s (%d), but gave %v", release, failed, at, err)
	}
	mustServeOneOf(t, b, all, release, failed)
	b.mustRelease(t, all[release])
	b.mustRelease(t, all[(release+1)%len(all)])
	mustBeTidy(t, b)
	return true
}

func TestSwapSaysHow(t *testing.T) {
	for name, want := range map[string]Swap{"usual": SwapExchanged, "no exchange": SwapRenamed, "no hard links": SwapExchanged, "other file system": SwapExchanged} {
		b, p := newQuickBench(t), small()
		b.disk = disks[name]
		b.mustRelease(t, p)
		res := b.mustRelease(t, p.with(func(p *portal) { p.pages["/"] = "new" }))
		if res.Swap != want {
			t.Errorf("%s: %s, want %s", name, res.Swap, want)
		}
		if told := len(res.Warnings) == 1 && res.Warnings[0].Code == Rules[0].Code; told != (want == SwapRenamed) {
			t.Errorf("%s: %v", name, res.Warnings)
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
	names := func(dir string) string {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return strings.Join(list, " ")
	}
	state := regexp.MustCompile(`[0-9a-f]+\.manifest ?`).ReplaceAllString(names(filepath.Join(b.state, "release")), "M ")
	beside := names(filepath.Dir(b.dir))
	for _, usual := range []string{"M M next record.json, public state", "M next record.json, public state", "M M record.json, .public.callboard-next public state"} {
		if state+", "+beside == usual {
			return
		}
	}
	t.Errorf("left lying about: %s, %s", state, beside)
}

// Where two renames replace the exchange, a build may die between them.
func TestBuildThatDiesBetweenTwoRenamesIsMended(t *testing.T) {
	for _, moment := range []string{"moved away", "moved in"} {
		b, all := newQuickBench(t), history()
		b.disk = disks["no exchange"]
		b.mustRelease(t, all[0])
		b.disk.step = func(name string) error {
			if name == moment {
				panic("killed")
			}
			return nil
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = b.release(t.Context(), all[1])
		}()
		b.disk.step = nil
		if res := b.mustRelease(t, all[1]); res.Total != len(all[1].pages) {
			t.Errorf("%+v", res)
		}
		b.mustRelease(t, all[2])
		mustBeTidy(t, b)
	}
}
