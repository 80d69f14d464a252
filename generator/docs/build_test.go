package docs

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// dump writes everything a build gives, bodies and assets included.
func dump(t testing.TB, sites []*Site, diags diag.List) string {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for _, s := range sites {
		if err := enc.Encode(s); err != nil {
			t.Fatal(err)
		}
		var nav func(items []*NavItem)
		nav = func(items []*NavItem) {
			for _, it := range items {
				if it.Page != nil {
					fmt.Fprintf(&b, "(%s→%s)", it.Title, it.Page.Path)
				}
				nav(it.Children)
			}
		}
		nav(s.Nav)
		for _, p := range s.Pages {
			c, err := p.Content()
			if err != nil {
				t.Fatal(err)
			}
			if c.hash() != p.Hash {
				t.Errorf("%s: hash %s, content %s", p.File, p.Hash, c.hash())
			}
			if err := enc.Encode(c); err != nil {
				t.Fatal(err)
			}
		}
		for _, a := range s.Assets {
			data, err := a.Open()
			fmt.Fprintln(&b, a.Path, len(data), err)
		}
	}
	for _, d := range diags {
		fmt.Fprintln(&b, d, d.Hint)
	}
	return b.String()
}

// portal is a few repositories that can be edited.
type portal struct {
	repos []fstest.MapFS
}

func newPortal(repos, pages int) *portal {
	p := &portal{}
	for r := range repos {
		fsys := fstest.MapFS{"mkdocs.yml": {Data: []byte("site_name: Repo " + fmt.Sprint(r) + "\n")}}
		for i := range pages {
			fsys[pageName(i)] = &fstest.MapFile{Data: []byte(pageText(r, i))}
		}
		fsys["docs/img/dot.svg"] = &fstest.MapFile{Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="3" height="4"><circle r="1"/></svg>`)}
		fsys["shared.txt"] = &fstest.MapFile{Data: []byte("Shared [words](nowhere.md).\n")}
		fsys["docs/snippet.md"] = &fstest.MapFile{Data: []byte("# With a snippet\n\n--8<-- \"shared.txt\"\n")}
		p.repos = append(p.repos, fsys)
	}
	return p
}

func pageName(i int) string {
	if i == 0 {
		return "docs/index.md"
	}
	return fmt.Sprintf("docs/part%d/page%d.md", i%5, i)
}

func pageText(r, i int) string {
	return fmt.Sprintf("# Page %d of %d\n\nText with [a link](../part1/page1.md#page-1-of-%d), ![dot](../img/dot.svg) and `code`.\n\n"+
		"!!! note\n    Remember.\n\n```go\nfunc main() { println(%d) }\n```\n\n## More\n\n- one\n- two\n", i, r, r, i)
}

func (p *portal) build(t testing.TB, opt Options) ([]*Site, diag.List, int) {
	t.Helper()
	var entities []*entity.Entity
	var checkouts []*checkout.Checkout
	for r, fsys := range p.repos {
		name := fmt.Sprintf("repo%d", r)
		c := checkoutOf(name, fsys)
		parts := []string{}
		for f, m := range fsys {
			parts = append(parts, f+digest(string(m.Data)))
		}
		slices.Sort(parts)
		c.Digest = digest(parts...)
		checkouts = append(checkouts, c)
		entities = append(entities, component(name, name, "catalog-info.yaml", "dir:."))
	}
	opt.rendered = new(atomic.Int64)
	sites, diags, err := Build(context.Background(), entity.NewCatalog(entities), checkouts, opt)
	if err != nil {
		t.Fatal(err)
	}
	return sites, diags, int(opt.rendered.Load())
}

func TestUnchangedDocsRenderNothing(t *testing.T) {
	p, opt := newPortal(3, 20), Options{CacheDir: t.TempDir()}
	sites, diags, n := p.build(t, opt)
	if n != 63 {
		t.Errorf("rendered %d pages, want 63", n)
	}
	first := dump(t, sites, diags)
	sites, diags, n = p.build(t, opt)
	if n != 0 {
		t.Errorf("rendered %d pages again", n)
	}
	if second := dump(t, sites, diags); second != first {
		t.Error("the cached build differs")
	}
}

func TestOneEditedPageRendersAlone(t *testing.T) {
	p, opt := newPortal(2, 100), Options{CacheDir: t.TempDir()}
	old, oldDiags, _ := p.build(t, opt)
	before := dump(t, old, oldDiags)
	p.repos[1][pageName(7)] = &fstest.MapFile{Data: []byte("# Changed\n\nText.\n")}
	sites, diags, n := p.build(t, opt)
	if n != 1 {
		t.Errorf("rendered %d pages, want 1", n)
	}
	clean, cleanDiags, _ := p.build(t, Options{})
	if dump(t, sites, diags) != dump(t, clean, cleanDiags) {
		t.Error("the incremental build differs from a clean one")
	}
	if dump(t, old, oldDiags) != before {
		t.Error("the pages of the older build changed")
	}
}

// TestEditsGiveWhatACleanBuildGives applies random edits and compares.
func TestEditsGiveWhatACleanBuildGives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p, opt := newPortal(2, 12), Options{CacheDir: t.TempDir()}
	for step := range 60 {
		r := rng.IntN(2)
		fsys := p.repos[r]
		name := pageName(1 + rng.IntN(11))
		switch rng.IntN(8) {
		case 0:
			delete(fsys, name)
		case 1:
			fsys["mkdocs.yml"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("site_name: Step %d\nnav:\n  - index.md\n  - Second: %s\n", step, strings.TrimPrefix(name, "docs/")))}
		case 2:
			fsys["docs/img/dot.svg"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(`<svg width="%d" height="4"/>`, step+1))}
		case 4:
			fsys["shared.txt"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("Shared %d.\n", step))}
		case 3:
			fsys["README.md"] = &fstest.MapFile{Data: []byte(fmt.Sprint(step))}
		default:
			fsys[name] = &fstest.MapFile{Data: []byte(pageText(r, step) + "[up](../../README.md) [x](/docs/default/component/repo1/)\n")}
		}
		sites, diags, n := p.build(t, Options{CacheDir: opt.CacheDir, Jobs: 1 + step%4})
		if n > 1 && step > 0 {
			t.Errorf("step %d rendered %d pages", step, n)
		}
		clean, cleanDiags, _ := p.build(t, Options{Jobs: 1 + step%3})
		if got, want := dump(t, sites, diags), dump(t, clean, cleanDiags); got != want {
			t.Fatalf("step %d: the incremental build differs from a clean one:\n%s\n---\n%s", step, got, want)
		}
	}
	packs, _ := filepath.Glob(filepath.Join(opt.CacheDir, "*.pack"))
	if len(packs) > 4 {
		t.Errorf("%d packs are left for 2 sites", len(packs))
	}
}

func TestDamagedPackIsMadeAnew(t *testing.T) {
	p, opt := newPortal(1, 5), Options{CacheDir: t.TempDir()}
	sites, diags, _ := p.build(t, opt)
	want := dump(t, sites, diags)
	packs, _ := filepath.Glob(filepath.Join(opt.CacheDir, "*.pack"))
	for _, cut := range []int64{0, 10, 100, 1000} {
		for _, f := range packs {
			if err := os.Truncate(f, cut); err != nil {
				t.Fatal(err)
			}
		}
		sites, diags, n := p.build(t, opt)
		if n != 6 || dump(t, sites, diags) != want {
			t.Errorf("cut at %d: rendered %d pages, or other content", cut, n)
		}
	}
}

func TestEngineKeyKnowsTheDialect(t *testing.T) {
	if n, _ := fs.Glob(corpora, "ext/*/testdata/corpus.txt"); len(n) < 20 {
		t.Errorf("only %d corpora are embedded", len(n))
	}
	if engineKey() == digest(engineVersion) {
		t.Error("the key knows nothing but the version")
	}
}
