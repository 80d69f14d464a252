package docs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// corpusRoot is where inputs that nobody on the project wrote may lie.
const corpusRoot = "../../../shared/corpus"

// checkoutOf returns a checkout over a file system.
func checkoutOf(name string, fsys fs.FS) *checkout.Checkout {
	return &checkout.Checkout{
		Name: name, FS: fsys, State: checkout.Fresh, History: checkout.NewHistory(nil, true),
		BlobHash: func(file string) string {
			b, err := fs.ReadFile(fsys, file)
			if err != nil {
				return ""
			}
			sum := sha256.Sum256(b)
			return hex.EncodeToString(sum[:])
		},
	}
}

// component returns an entity in a descriptor at the given path of a source.
func component(name, source, file, ref string) *entity.Entity {
	return &entity.Entity{
		Kind:     "Component",
		Metadata: entity.Metadata{Name: name, Namespace: "default", Annotations: map[string]string{annotationRef: ref}},
		Origin:   entity.Origin{Source: source, Path: file, Line: 1},
	}
}

// corpusSites returns one entity per mkdocs.yml of the corpus.
func corpusSites(t testing.TB) (*entity.Catalog, []*checkout.Checkout) {
	root := filepath.Join(corpusRoot, "techdocs")
	repos, err := os.ReadDir(root)
	if err != nil {
		t.Skipf("no corpus at %s", root)
	}
	var entities []*entity.Entity
	var checkouts []*checkout.Checkout
	for _, r := range repos {
		fsys := os.DirFS(filepath.Join(root, r.Name()))
		checkouts = append(checkouts, checkoutOf(r.Name(), fsys))
		_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
			if err == nil && (d.Name() == "mkdocs.yml" || d.Name() == "mkdocs.yaml" || d.Name() == "zensical.yml") {
				name := strings.NewReplacer("/", "-", "{", "", "}", "", "_", "-").Replace(r.Name() + "-" + path.Dir(p))
				entities = append(entities, component(name, r.Name(), path.Join(path.Dir(p), "catalog-info.yaml"), "dir:."))
			}
			return nil
		})
	}
	return entity.NewCatalog(entities), checkouts
}

func TestCorpusBuilds(t *testing.T) {
	catalog, checkouts := corpusSites(t)
	sites, diags, err := Build(context.Background(), catalog, checkouts, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(sites) != len(catalog.All()) {
		t.Errorf("%d sites for %d entities", len(sites), len(catalog.All()))
	}
	pages, bytes := 0, 0
	for _, s := range sites {
		for _, p := range s.Pages {
			c, err := p.Content()
			if err != nil {
				t.Fatal(err)
			}
			pages++
			bytes += len(c.HTML)
			checkHTML(t, s.Source+" "+p.File, c.HTML)
		}
	}
	codes := map[string]int{}
	for _, d := range diags {
		codes[d.Code]++
	}
	t.Logf("%d sites, %d pages, %d KiB of HTML, diagnostics %v", len(sites), pages, bytes>>10, codes)
	if os.Getenv("DOCS_DIAGS") != "" {
		for _, d := range diags {
			t.Log(d, d.Hint)
		}
	}
	if n := codes["docs-page-failed"]; n > 0 {
		t.Errorf("%d pages failed", n)
	}
	_ = diag.List(diags)
}

// checkHTML requires a fragment whose tags are balanced as written.
func checkHTML(t *testing.T, where, fragment string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(fragment))
	var open []string
	void := []string{"br", "hr", "img", "input", "wbr", "col", "source"}
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: %v left open", where, open)
			}
			return
		case html.StartTagToken:
			name, more := z.TagName()
			if tag := string(name); !slices.Contains(void, tag) {
				open = append(open, tag)
			}
			seen := map[string]bool{}
			for more {
				var key []byte
				key, _, more = z.TagAttr()
				if seen[string(key)] {
					t.Errorf("%s: attribute %s twice", where, key)
				}
				seen[string(key)] = true
				if k := string(key); strings.HasPrefix(k, "on") || k == "style" || k == "srcdoc" {
					t.Errorf("%s: attribute %s", where, k)
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("%s: </%s> after %v", where, name, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}
