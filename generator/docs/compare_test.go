package docs

import (
	"encoding/json"
	"os"
	"testing"
)

// TestWriteForComparison writes what the corpus' pages become to the file that
// CALLBOARD_COMPARE names, for testdata/compare.py, which renders the same
// pages with Python-Markdown and compares ids, words, tables and code blocks.
func TestWriteForComparison(t *testing.T) {
	out := os.Getenv("CALLBOARD_COMPARE")
	if out == "" {
		t.Skip("CALLBOARD_COMPARE names no file")
	}
	catalog, checkouts := corpusSites(t)
	sites, _, err := Build(t.Context(), catalog, checkouts, Options{})
	if err != nil {
		t.Fatal(err)
	}
	type page struct{ Source, File, HTML, TitleID string }
	var pages []page
	for _, s := range sites {
		for _, p := range s.Pages {
			c, err := p.Content()
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page{s.Source, p.File, c.HTML, c.TitleID})
		}
	}
	raw, err := json.Marshal(pages)
	if err == nil {
		err = os.WriteFile(out, raw, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
