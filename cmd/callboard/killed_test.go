//go:build unix

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// slow reports whether the long forms of tests are asked for.
func slow() bool { return os.Getenv("CALLBOARD_SLOW") != "" }

// aPortal writes a portal whose site differs with n, in pages, lists and theme.
func aPortal(t *testing.T, dir string, n int) {
	t.Helper()
	files := map[string]string{
		"callboard.yaml":                "portal: {title: Shop}\nsources:\n  - directory: repos/*\n",
		"brand.yaml":                    fmt.Sprintf("accent: \"#2456%02x\"\n", n/4%256),
		"repos/till/catalog-info.yaml":  "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: till\n  annotations: {backstage.io/techdocs-ref: \"dir:.\"}\nspec: {type: service, lifecycle: production, owner: user:ada}\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\nspec: {memberOf: []}\n",
		"repos/till/docs/index.md":      fmt.Sprintf("# Till\n\nVersion %d.\n", n),
		"repos/till/docs/only.md":       fmt.Sprintf("# Page %d\n", n/2),
		"repos/thing/catalog-info.yaml": fmt.Sprintf("apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: thing-%d}\nspec: {type: thing, owner: user:ada}\n", n%3),
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A build is killed at some moment, again and again, with the portal changed
// in between. What is served is the site of the last finished build or that of
// the one that was killed, byte for byte, and the next build succeeds.
func TestABuildKilledAtAnyMomentLeavesAWholeSite(t *testing.T) {
	kills := 20
	if slow() {
		kills = 200
	}
	exe, dir := program(t), t.TempDir()
	aPortal(t, dir, 0)
	build := func(output, state string) *exec.Cmd {
		return exec.CommandContext(t.Context(), exe, "build", "-q", "-c", filepath.Join(dir, "callboard.yaml"), "-o", output, "--state", state, "--now", "2026-11-21T18:00:00Z")
	}
	finished := func(what string, output, state string) string {
		t.Helper()
		if out, err := build(output, state).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", what, err, out)
		}
		return siteHash(t, output)
	}
	public, state := filepath.Join(dir, "public"), filepath.Join(dir, "state")
	began := time.Now()
	served := finished("the first build", public, state)
	long := time.Since(began)

	random := rand.New(rand.NewPCG(5, 6))
	old, replaced, ended := 0, 0, 0
	for kill := 1; kill <= kills; kill++ {
		aPortal(t, dir, kill)
		cmd := build(public, state)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(long))), func() { _ = cmd.Process.Kill() })
		if cmd.Wait() == nil {
			ended++
		}
		timer.Stop()
		hash := siteHash(t, public)
		next := finished(fmt.Sprintf("kill %d: a build elsewhere", kill), filepath.Join(dir, "elsewhere"), filepath.Join(dir, "elsewhere-state"))
		switch hash {
		case served:
			old++
		case next:
			replaced++
		default:
			t.Fatalf("kill %d: the site is neither the old one nor the new one", kill)
		}
		served = hash
		if kill%3 == 0 { // otherwise the next build, too, begins with what a killed one left
			if served = finished(fmt.Sprintf("kill %d: the next build", kill), public, state); served != next {
				t.Fatalf("kill %d: the next build gives another site than a build elsewhere", kill)
			}
		}
	}
	t.Logf("%d kills: %d left the old site, %d the new one, %d builds had ended before", kills, old, replaced, ended)
	if old == 0 || ended == kills {
		t.Error("no build was killed at work")
	}
}

// siteHash is the hash of the paths and bytes of all files in a folder.
func siteHash(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		fmt.Fprintf(h, "%q %d\n%s\n", name, len(data), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
