package docs

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

func TestMacros(t *testing.T) {
	fsys := fstest.MapFS{"mkdocs.yml": {Data: []byte("site_name: A & B\n")},
		"docs/index.md": {Data: []byte("# Home\n\nChanged {{ git_revision_date_localized }}, made {{git_creation_date_localized}}, in {{ config.site_name }}: {{ page.title }}. {{ unknown }} `{{ page.title }}`\n")}}
	day := func(d int) time.Time { return time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC) }
	build := func(cache string, last int) string {
		c := checkoutOf("shop", fsys)
		c.Digest = "same"
		c.History = checkout.NewHistory([]checkout.Commit{{Hash: "b", Time: day(last), Paths: []string{"docs/index.md"}}, {Hash: "a", Time: day(1), Paths: []string{"docs/index.md"}}}, true)
		sites, _, err := Build(context.Background(), entity.NewCatalog([]*entity.Entity{component("cart", "shop", "catalog-info.yaml", "dir:.")}), []*checkout.Checkout{c}, Options{CacheDir: cache})
		if err != nil {
			t.Fatal(err)
		}
		content, err := sites[0].Pages[0].Content()
		if err != nil {
			t.Fatal(err)
		}
		if content.hash() != sites[0].Pages[0].Hash {
			t.Error("the hash is not the content's")
		}
		return content.HTML
	}
	cache := t.TempDir()
	for _, last := range []int{5, 5, 9} { // the second is cached, the third must not be
		got := build(cache, last)
		want := "Changed March " + string(rune('0'+last)) + ", 2026, made March 1, 2026, in A &amp; B: Home. {{ unknown }} <code>{{ page.title }}</code>"
		if !strings.Contains(got, want) {
			t.Errorf("last change on day %d: %s", last, got)
		}
	}
}
