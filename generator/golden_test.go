package generator

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goldens are the files in testdata/golden that a test compares with.
type goldens struct {
	t    *testing.T
	seen map[string]bool
}

const goldenDir = "testdata/golden"

// equal compares with a golden file, or writes it where CALLBOARD_GOLDEN is set.
func (g *goldens) equal(name string, got []byte) {
	g.t.Helper()
	g.seen[name] = true
	file := filepath.Join(goldenDir, name)
	if os.Getenv("CALLBOARD_GOLDEN") != "" {
		writeFile(g.t, file, string(got))
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		g.t.Errorf("%v; CALLBOARD_GOLDEN=1 writes it", err)
		return
	}
	if !bytes.Equal(got, want) {
		g.t.Errorf("%s is out of date (CALLBOARD_GOLDEN=1 writes it again): %s", file, firstDifference(got, want))
	}
}

// orphans fails for golden files that no test compares with.
func (g *goldens) orphans() {
	g.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(tree(g.t, goldenDir))) {
		if !g.seen[name] {
			g.t.Errorf("%s/%s belongs to no test; remove it", goldenDir, name)
		}
	}
}

// fingerprint is the hash in the name or integrity of a file whose bytes are
// another test's affair.
var fingerprint = regexp.MustCompile(`\b[0-9a-f]{16}\b|\b[0-9a-f]{40,64}\b|sha256-[A-Za-z0-9+/]{43}=|\bsha256-[A-Za-z0-9&#;/]+=`)

func withoutFingerprints(s []byte) []byte { return fingerprint.ReplaceAll(s, []byte("HASH")) }

// Three heights of the demo and a small portal, to be read in review: which
// files there are, what pages are made of, and a few pages as they are.
func TestGolden(t *testing.T) {
	g := &goldens{t: t, seen: map[string]bool{}}
	d := demoPortal(t)
	var paths []string
	for name := range d.site.Files {
		paths = append(paths, string(withoutFingerprints([]byte(name))))
	}
	slices.Sort(paths)
	g.equal("demo-files.txt", []byte(strings.Join(slices.Compact(paths), "\n")+"\n"))

	small := optionsFor(writePortalFrom(t, "testdata/small.txtar"))
	mustBuild(t, small)
	for name, ref := range map[string]string{
		"component": "component:till", "api": "api:till-api", "resource": "resource:drawer",
		"system": "system:shop", "group": "group:shopkeepers", "user": "user:ada",
	} {
		view, err := Inspect(t.Context(), small, "pages", ref)
		if err != nil {
			t.Fatal(err)
		}
		out, err := json.MarshalIndent(view, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		g.equal("view-"+name+".json", withoutFingerprints(append(out, '\n')))
	}
	for name, file := range map[string]string{
		"entity.html": "catalog/default/component/till/index.html", "doc.html": "docs/default/component/till/repair/index.html", "problems.html": "problems/index.html",
	} {
		g.equal(name, withoutFingerprints([]byte(readFile(t, filepath.Join(small.Output, file)))))
	}
	g.orphans()
}
