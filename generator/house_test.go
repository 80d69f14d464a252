package generator

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/callboard-portal/callboard/"

type listedPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listedPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 10 {
		t.Fatalf("go list found only %d packages", len(packages))
	}
	return packages
}

// One room per heavy library: nobody else imports it.
func TestEachHeavyLibraryHasOneImporter(t *testing.T) {
	rooms := map[string]string{
		"github.com/go-git/":       "generator/source",
		"github.com/yuin/goldmark": "generator/docs",
		"github.com/gohugoio/hugo": "generator/site",
		"github.com/blevesearch/":  "generator/search",
	}
	used := map[string]bool{}
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			for library, room := range rooms {
				if !strings.HasPrefix(imported, library) {
					continue
				}
				used[library] = true
				if at := strings.TrimPrefix(p.ImportPath, module); at != room && !strings.HasPrefix(at, room+"/") {
					t.Errorf("%s imports %s; only %s may", at, imported, room)
				}
			}
		}
	}
	for library := range rooms {
		if !used[library] {
			t.Errorf("nobody imports %s", library)
		}
	}
}

// Dependencies run one way. Each floor lists its rooms; a room may import
// rooms of lower floors only, and its own sub-packages.
func TestDependenciesRunOneWay(t *testing.T) {
	floors := [][]string{
		{"generator/diag", "generator/secret", "generator/manifest", "generator/chart", "generator/htmlcheck", "generator/checkout", "generator/yamldoc", "generator/serve", "generator/remote", "themes", "content", "packaging"},
		{"generator/entity", "generator/source"},
		{"generator/config", "generator/catalog", "generator/docs"},
		{"generator/page", "generator/scaffold"},
		{"generator/site", "generator/search"},
		{"generator/publish"},
		{"generator"},
		{"cmd/callboard"},
	}
	floorOf := func(room string) int {
		for i, rooms := range floors {
			for _, r := range rooms {
				if room == r || (r != "generator" && strings.HasPrefix(room, r+"/")) {
					return i
				}
			}
		}
		return -1
	}
	base := []string{"generator/diag", "generator/checkout", "generator/yamldoc"}
	for _, p := range listPackages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		floor := floorOf(room)
		if floor < 0 {
			t.Errorf("%s stands on no floor; add it to this test and to the architecture page", room)
			continue
		}
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, module)
			if !ours || strings.HasPrefix(other, room+"/") || sameRoom(room, other) {
				continue
			}
			if at := floorOf(other); at >= floor && !(floor == 0 && slices.Contains(base, other)) {
				t.Errorf("%s (floor %d) imports %s (floor %d)", room, floor, other, at)
			}
		}
	}
}

// sameRoom reports whether two packages lie in one room, such as
// generator/docs/ext/tabs and generator/docs/ext.
func sameRoom(a, b string) bool {
	top := func(s string) string {
		parts := strings.SplitN(s, "/", 3)
		return strings.Join(parts[:min(2, len(parts))], "/")
	}
	return top(a) == top(b)
}
