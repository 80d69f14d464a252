package catalog

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
)

// corpusDir holds descriptors of public repositories, one folder each. It is
// not part of this repository.
const corpusDir = "../../../shared/corpus/descriptors"

// TestCorpus loads what strangers wrote: nothing panics, and every document
// of every file is an entity, empty, or has a diagnostic.
func TestCorpus(t *testing.T) {
	folders, err := os.ReadDir(corpusDir)
	if err != nil {
		t.Skipf("no corpus of descriptors: %v", err)
	}
	var checkouts []*checkout.Checkout
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		c := checkouttest.Tree(f.Name(), os.DirFS(filepath.Join(corpusDir, f.Name())))
		c.Descriptors = []string{"**/*.{yaml,yml}"}
		checkouts = append(checkouts, c)
	}
	catalog, account, ds, err := Load(context.Background(), checkouts, Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{} // diagnostics by source and file
	codes, kinds := map[string]int{}, map[string]int{}
	for _, d := range ds {
		told[d.Pos.Source+"/"+d.Pos.File]++
		codes[fmt.Sprintf("%s %s", d.Severity, d.Code)]++
	}
	unreadable := 0
	for _, f := range account.Files {
		if f.Documents != f.Entities+f.Empty+f.Rejected {
			t.Errorf("%s/%s: %d documents, but %d + %d + %d accounted for", f.Source, f.Path, f.Documents, f.Entities, f.Empty, f.Rejected)
		}
		if f.Unreadable {
			unreadable++
		}
		if (f.Rejected > 0 || f.Unreadable) && told[f.Source+"/"+f.Path] == 0 {
			t.Errorf("%s/%s: %d documents rejected in silence", f.Source, f.Path, f.Rejected)
		}
	}
	for _, e := range catalog.All() {
		kinds[e.Kind]++
	}
	t.Logf("files %d (unreadable %d), documents %d: entities %d (in the catalog %d), empty %d, rejected %d",
		len(account.Files), unreadable, account.Documents, account.Entities, len(catalog.All()), account.Empty, account.Rejected)
	t.Logf("kinds:\n%s", table(kinds))
	t.Logf("diagnostics:\n%s", table(codes))
}

func table(m map[string]int) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "%6d %s\n", m[k], k)
	}
	return b.String()
}
