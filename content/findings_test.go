package content_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/callboard-portal/callboard/generator"
)

// TestDemoHasOnlyItsDeliberateMistakes builds the demo's catalog and docs and
// compares what is found wrong with what was put there for the problems page.
func TestDemoHasOnlyItsDeliberateMistakes(t *testing.T) {
	dir := t.TempDir()
	config, err := generator.WriteDemo(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	found, err := generator.Check(t.Context(), generator.Options{Config: config, StateDir: filepath.Join(dir, "state"), Output: filepath.Join(dir, "public")})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"infrastructure yaml-syntax resources.yaml",
		"streaming docs-anchor-broken docs/index.md",
		"streaming docs-anchor-broken docs/pilot-diary.md",
		"streaming docs-link-broken docs/index.md",
		"streaming docs-nav-missing mkdocs.yml",
		"streaming mkdocs-plugin mkdocs.yml",
		"touring ref-no-kind catalog-info.yaml",
		"wallet owner-dangling catalog-info.yaml",
	}
	var got []string
	for _, d := range found {
		finding := d.Pos.Source + " " + d.Code + " " + d.Pos.File
		if got = append(got, finding); !slices.Contains(want, finding) {
			t.Errorf("not deliberate: %s", d)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("deliberate mistake is not found: %s", w)
		}
	}
}

func TestManualHasNoMistakes(t *testing.T) {
	dir := t.TempDir()
	found, err := generator.Check(t.Context(), generator.Options{Config: "callboard.yaml", StateDir: filepath.Join(dir, "state"), Output: filepath.Join(dir, "public")})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Error(d)
	}
}
