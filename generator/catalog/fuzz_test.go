package catalog

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/diag"
)

// FuzzDescriptor loads any bytes as a descriptor: no panic, every document
// accounted for, every position inside the file, every entity addressable.
func FuzzDescriptor(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			_, text, found := strings.Cut(string(b), "/catalog-info.yaml --\n")
			if !found {
				text = string(b)
			}
			text, _, _ = strings.Cut(text, "\n-- ")
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := checkouttest.Files("a", map[string]string{"catalog-info.yaml": text, "openapi.yaml": "{$ref: 'openapi.yaml#/x', x: {$ref: '#/x'}}", "CODEOWNERS": "* @a/b\n"})
		catalog, account, ds, err := Load(context.Background(), []*checkout.Checkout{c}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if account.Documents != account.Entities+account.Empty+account.Rejected {
			t.Fatalf("account %+v", account)
		}
		lines := 2 + strings.Count(text, "\n") + strings.Count(text, "\r")
		checkPlaces(t, ds, lines, len(text)+4)
		for _, e := range catalog.All() {
			if !isName(e.Metadata.Name) || !namespaceForm.MatchString(e.Metadata.Namespace) || !kindForm.MatchString(e.Kind) {
				t.Fatalf("entity %q", e.Ref())
			}
			checkPlaces(t, e.Problems, lines, len(text)+4)
		}
	})
}

func checkPlaces(t *testing.T, ds diag.List, lines, columns int) {
	t.Helper()
	for _, d := range ds {
		for _, p := range append(d.Related, d.Pos) {
			if p.File != "" && (p.Line < 1 || p.Line > lines || p.Column < 1 || p.Column > columns) {
				t.Fatalf("%v is outside the file of %d lines", d, lines)
			}
		}
		if d.Message == "" || d.Code == "" || strings.HasSuffix(d.Message, ".") {
			t.Fatalf("diagnostic %+v", d)
		}
	}
}
