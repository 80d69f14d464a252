package generator

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// surroundings are what a process can differ in without being told to build
// another site.
type surroundings struct {
	name string
	env  []string
}

// buildIn builds the portal in dir in a process of its own.
func buildIn(t *testing.T, dir string, s surroundings) *Report {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Dir = t.TempDir()
	cmd.Env = append(append(os.Environ(), s.env...), "HOME="+t.TempDir(), buildRequest+"="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", s.name, err, stderr.Bytes())
	}
	var r Report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// copyBackwards copies a folder, the last file first, so that a file system
// that lists files as they came lists them in another order, and with other
// times of change.
func copyBackwards(t *testing.T, from, to string) {
	t.Helper()
	var names []string
	src := os.DirFS(from)
	err := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(names)
	for _, name := range names {
		data, err := fs.ReadFile(src, name)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(to, name), string(data))
	}
}

// The demo's bytes are the same in any folder, with any number of processors,
// time zone, language, home and order of files, with empty caches and full.
func TestTheSameInputsGiveTheSameBytes(t *testing.T) {
	d := demoPortal(t)
	want := d.report
	wantTree := tree(t, d.opt.Output)
	written := filepath.Join(t.TempDir(), "a")
	if _, err := WriteDemo(context.Background(), written); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "another folder", "with a longer näme")
	copyBackwards(t, written, copied)

	one := buildIn(t, written, surroundings{"one processor", []string{"GOMAXPROCS=1", "TZ=Pacific/Kiritimati", "LANG=C", "LC_ALL=C"}})
	many := buildIn(t, copied, surroundings{"many processors", []string{"GOMAXPROCS=8", "TZ=America/St_Johns", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8"}})
	for dir, got := range map[string]*Report{written: one, copied: many} {
		if diff := difference(tree(t, filepath.Join(dir, "public")), wantTree); diff != "" || got.SiteHash != want.SiteHash {
			t.Errorf("%s: other bytes, hash %s, want %s:\n%s", dir, got.SiteHash, want.SiteHash, diff)
		}
		if got.Pages.Rendered != got.Pages.Total {
			t.Errorf("%s: %d of %d pages rendered by a first build", dir, got.Pages.Rendered, got.Pages.Total)
		}
	}

	warm := optionsFor(copied)
	warm.Output = filepath.Join(t.TempDir(), "elsewhere")
	got := mustBuild(t, warm)
	if diff := difference(tree(t, warm.Output), wantTree); diff != "" || got.SiteHash != want.SiteHash {
		t.Errorf("full caches and another place: hash %s, want %s:\n%s", got.SiteHash, want.SiteHash, diff)
	}
	again := buildIn(t, written, surroundings{"again", []string{"TZ=Asia/Kathmandu"}})
	if again.SiteHash != want.SiteHash || again.Pages.Rendered != 0 {
		t.Errorf("again: %d pages rendered, hash %s, want none and %s", again.Pages.Rendered, again.SiteHash, want.SiteHash)
	}
}
