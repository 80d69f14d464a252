package docs

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

func TestIncludedSites(t *testing.T) {
	fsys := mapFS(txtar.Parse([]byte(`
-- mkdocs.yml --
site_name: All
plugins: [techdocs-core, monorepo]
nav:
  - Home: index.md
  - Cart: '!include ./cart/mkdocs.yml'
  - Rest: '*include ./parts/*/mkdocs.yml'
-- docs/index.md --
# All
[cart](../cart/docs/guide.md#use) [pay](../parts/pay/manual/README.md)
-- cart/mkdocs.yml --
site_name: Cart of ours
nav:
  - Start: index.md
  - Guide: guide.md
  - Missing: nope.md
-- cart/docs/index.md --
# Cart
![a](a.svg) [home](../../docs/index.md)
-- cart/docs/a.svg --
<svg/>
-- cart/docs/guide.md --
# Guide
## Use
-- parts/pay/mkdocs.yml --
site_name: parts/pay
docs_dir: manual
-- parts/pay/manual/README.md --
# Pay
-- parts/ship/mkdocs.yml --
site_name: parts/ship
-- parts/ship/docs/index.md --
# Ship
-- parts/ship/docs/how.md --
# How
`)))
	site, diags := buildOne(t, "dir:.", fsys, Options{})
	var b strings.Builder
	printNav(&b, site.Nav, "")
	if want := `- Home /
- Cart 
  - Start /cart-of-ours/
  - Guide /cart-of-ours/guide/
- Rest 
  - parts/pay 
    - Pay /parts/pay/
  - parts/ship 
    - Ship /parts/ship/
    - How /parts/ship/how/
`; b.String() != want {
		t.Errorf("nav:\n%s", b.String())
	}
	if len(diags) != 1 || diags[0].Code != "docs-nav-missing" || diags[0].Pos.File != "cart/mkdocs.yml" || diags[0].Pos.Line != 5 {
		t.Errorf("diagnostics: %v", diags)
	}
	links := map[string]string{"docs/index.md": `href="cart-of-ours/guide/#use"`, "cart/docs/index.md": `src="a.svg"`}
	for _, p := range site.Pages {
		c, err := p.Content()
		if err != nil {
			t.Fatal(err)
		}
		if want := links[p.File]; !strings.Contains(c.HTML, want) {
			t.Errorf("%s: no %s in %s", p.File, want, c.HTML)
		}
	}
	if len(site.Assets) != 1 || site.Assets[0].Path != "cart-of-ours/a.svg" {
		t.Errorf("assets: %+v", site.Assets)
	}
}
