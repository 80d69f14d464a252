package docs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// mapFS returns the files of a txtar archive.
func mapFS(a *txtar.Archive) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// buildOne builds the docs of one component whose descriptor is at the top of a repository.
func buildOne(t testing.TB, ref string, fsys fstest.MapFS, opt Options) (*Site, diag.List) {
	t.Helper()
	c := checkoutOf("shop", fsys)
	sites, diags, err := Build(context.Background(), entity.NewCatalog([]*entity.Entity{component("cart", "shop", "catalog-info.yaml", ref)}),
		[]*checkout.Checkout{c}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(sites) == 0 {
		return nil, diags
	}
	return sites[0], diags
}

// testSite returns the site of one component while it is being made.
func testSite(t testing.TB, c *checkout.Checkout, fsys fstest.MapFS) *siteBuild {
	t.Helper()
	e := component("cart", c.Name, "catalog-info.yaml", "dir:.")
	b := &builder{catalog: entity.NewCatalog([]*entity.Entity{e}), checkouts: []*checkout.Checkout{c}, cache: &cacheIndex{}, slots: make(chan struct{}, 1), workers: &workers{}}
	p, diags := locate(e, b.checkouts)
	if p == nil {
		t.Fatal(diags)
	}
	s, err := b.site(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryRuleHasAnInputThatBreaksIt(t *testing.T) {
	generated := map[string]func() fstest.MapFS{"docs-too-many": tooManyFiles, "docs-assets-too-large": tooLargeAssets}
	for _, r := range Rules {
		t.Run(r.Code, func(t *testing.T) {
			if r.Summary == "" || r.Explain == "" {
				t.Error("rule without summary or explanation")
			}
			ref, fsys := "dir:.", fstest.MapFS(nil)
			if f := generated[r.Code]; f != nil {
				fsys = f()
			} else {
				a, err := txtar.ParseFile(filepath.Join("testdata", "bad", r.Code+".txtar"))
				if err != nil {
					t.Fatal(err)
				}
				ref, fsys = strings.TrimSpace(string(a.Comment)), mapFS(a)
			}
			_, diags := buildOne(t, ref, fsys, Options{})
			i := slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return d.Code == r.Code })
			if i < 0 {
				t.Fatalf("not reported; got %v", diags)
			}
			d := diags[i]
			if d.Severity != r.Severity {
				t.Errorf("severity %s, the rule says %s", d.Severity, r.Severity)
			}
			if d.Pos.File == "" || d.Pos.Source == "" {
				t.Errorf("no position: %v", d)
			}
			if d.Message == "" || strings.HasSuffix(d.Message, ".") {
				t.Errorf("message %q", d.Message)
			}
			t.Log(d, "|", d.Hint)
		})
	}
}

func tooManyFiles() fstest.MapFS {
	fsys := fstest.MapFS{"docs/index.md": {Data: []byte("x")}}
	for i := range maxFiles + 1 {
		fsys[fmt.Sprintf("docs/a/%05d.txt", i)] = &fstest.MapFile{}
	}
	return fsys
}

func tooLargeAssets() fstest.MapFS {
	fsys := fstest.MapFS{"docs/index.md": {Data: []byte("x")}}
	data := []byte(strings.Repeat("text\n", maxAsset/5))
	for i := range maxSiteAssets/len(data) + 2 {
		fsys[fmt.Sprintf("docs/%03d.txt", i)] = &fstest.MapFile{Data: data}
	}
	return fsys
}

func TestEveryCodeIsARule(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"((?:docs|mkdocs)-[a-z-]+)"`)
	seen := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || f == "rules.go" {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(src), -1) {
			seen[m[1]] = true
		}
	}
	for c := range seen {
		if !slices.ContainsFunc(Rules, func(r diag.Rule) bool { return r.Code == c }) {
			t.Errorf("code %s is not in rules.go", c)
		}
	}
	for _, r := range Rules {
		if !seen[r.Code] {
			t.Errorf("rule %s is never reported", r.Code)
		}
	}
}
