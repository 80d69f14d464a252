package docs

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

// buildDialect builds the hand-written site.
func buildDialect(t testing.TB) (*Site, string) {
	t.Helper()
	a, err := txtar.ParseFile("testdata/dialect.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := checkoutOf("shop/checkout", mapFS(a))
	c.Web = checkout.Web{Host: "github", Base: "https://git.example.com/shop/checkout", Branch: "main", Commit: "abc123"}
	e := component("cart", c.Name, "catalog-info.yaml", "dir:.")
	sites, diags, err := Build(t.Context(), entity.NewCatalog([]*entity.Entity{e}), []*checkout.Checkout{c}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintln(&b, d)
		if d.Hint != "" {
			fmt.Fprintln(&b, "   ", d.Hint)
		}
	}
	return sites[0], b.String()
}

func TestDialectSite(t *testing.T) {
	site, diags := buildDialect(t)
	got := &txtar.Archive{}
	add := func(name, content string) {
		got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(strings.TrimRight(content, "\n") + "\n")})
	}
	add("diagnostics", diags)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", site.Title, site.Description)
	printNav(&b, site.Nav, "")
	fmt.Fprintln(&b, "redirects", site.Redirects)
	for _, a := range site.Assets {
		data, err := a.Open()
		fmt.Fprintf(&b, "asset %s %d×%d %v\n  %s\n", a.Path, a.Width, a.Height, err, data)
	}
	add("site", b.String())
	for _, p := range site.Pages {
		c, err := p.Content()
		if err != nil {
			t.Fatal(err)
		}
		checkHTML(t, p.File, c.HTML)
		add("page "+p.File, fmt.Sprintf("/%s %q %q %v hide %v edit %s\n%+v %q mermaid %v\n%s", p.Path, p.Title, p.Description, p.Tags, p.HideTOC, p.EditURL, c.TOC, c.TitleID, c.Mermaid, c.HTML))
		for _, s := range c.Sections {
			add("section "+p.File+"#"+s.ID, s.Heading+"\n"+s.Text+"\n"+s.Code)
		}
	}
	const golden = "testdata/dialect.golden.txtar"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if g := string(txtar.Format(got)); g != string(want) {
		t.Errorf("differs from %s; look at it with UPDATE_GOLDEN=1\n%s", golden, g)
	}
}

func printNav(b *strings.Builder, items []*NavItem, indent string) {
	for _, it := range items {
		to := it.URL
		if it.Page != nil {
			to = "/" + it.Page.Path
		}
		fmt.Fprintf(b, "%s- %s %s\n", indent, it.Title, to)
		printNav(b, it.Children, indent+"  ")
	}
}
