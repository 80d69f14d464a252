package search

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

func component(name, source string) *entity.Entity {
	return &entity.Entity{
		Kind: "Component",
		Metadata: entity.Metadata{Name: name, Namespace: "default", Description: "Takes payments.", Tags: []string{"go", "money"},
			Links:       []entity.Link{{URL: "https://grafana.example/d/1", Title: "Settlement dashboard"}},
			Annotations: map[string]string{"backstage.io/techdocs-ref": "dir:.", "github.com/project-slug": "acme/till"}},
		Spec:      map[string]any{"type": "service", "lifecycle": "production", "owner": "team-money"},
		Relations: []entity.Relation{{Type: entity.OwnedBy, Target: entity.Ref{Kind: "group", Namespace: "default", Name: "team-money"}}},
		Origin:    entity.Origin{Source: source, Path: "catalog-info.yaml", Line: 1},
	}
}

func team(name, title string) *entity.Entity {
	return &entity.Entity{Kind: "Group", Metadata: entity.Metadata{Name: name, Namespace: "default"}, Spec: map[string]any{"profile": map[string]any{"displayName": title}}}
}

func buildDocs(t testing.TB, catalog *entity.Catalog, checkouts ...*checkout.Checkout) []*docs.Site {
	t.Helper()
	sites, _, err := docs.Build(context.Background(), catalog, checkouts, docs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sites
}

const paymentDocs = `
-- mkdocs.yml --
site_name: Payment handbook
nav:
  - Home: index.md
  - Runbook: runbook.md
  - Hidden: hidden.md
-- docs/index.md --
# Payments

How money moves.
-- docs/runbook.md --
# Runbook

## Settlement is late

Restart the reconciler with ` + "`kubectl rollout restart`" + `.
-- docs/hidden.md --
---
search:
  exclude: true
---
# Hidden

Nobody shall find the xylophone.
`

func TestDocumentsOfAPortal(t *testing.T) {
	catalog := entity.NewCatalog([]*entity.Entity{component("payment-service", "pay"), team("team-money", "Money Makers")})
	sites := buildDocs(t, catalog, checkouttest.Txtar("pay", paymentDocs))
	all := Documents(catalog, sites)
	if !slices.IsSortedFunc(all, func(a, b Document) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("documents are not sorted by ID")
	}
	x := openIndex(t, all)
	for query, want := range map[string]string{
		"payment service":        "/catalog/default/component/payment-service/",
		"money makers":           "/catalog/default/group/team-money/",
		"team-money":             "/catalog/default/group/team-money/",
		"settlement dashboard":   "/catalog/default/component/payment-service/", // a link's title
		"acme/till":              "/catalog/default/component/payment-service/", // an annotation
		"owner:team-money takes": "/catalog/default/component/payment-service/",
		"tag:money":              "/catalog/default/component/payment-service/",
		"settlement is late":     "/docs/default/component/payment-service/runbook/#settlement-is-late",
		"reconciler":             "/docs/default/component/payment-service/runbook/#settlement-is-late",
		"kubectl rollout":        "/docs/default/component/payment-service/runbook/#settlement-is-late",
		"runbook":                "/docs/default/component/payment-service/runbook/",
		"payment handbook":       "/docs/default/component/payment-service/",
		"catalog graph":          "/graph/",
		"problems":               "/problems/",
	} {
		if got := urls(t, x, query, 3); len(got) == 0 || got[0] != want {
			t.Errorf("%q finds %q, want %s first", query, got, want)
		}
	}
	if got := urls(t, x, "xylophone", 5); len(got) > 0 {
		t.Errorf("a page kept out of search is found: %q", got)
	}
}

func TestPagesOfThePortalAreFound(t *testing.T) {
	catalog := entity.NewCatalog([]*entity.Entity{component("payment-service", "pay")})
	sites := buildDocs(t, catalog, checkouttest.Txtar("pay", paymentDocs))
	all := ContentDocuments(sites[0])
	if len(all) != 1 || all[0].URL != "/runbook/" || all[0].Kind != "page" {
		t.Fatalf("%+v", all)
	}
	if got := urls(t, openIndex(t, all), "settlement", 1); !slices.Equal(got, []string{"/runbook/#settlement-is-late"}) {
		t.Errorf("found %q", got)
	}
	if ContentDocuments(nil) != nil {
		t.Error("no folder has pages")
	}
}

func TestDescriptionsLoseTheirMarks(t *testing.T) {
	for in, want := range map[string]string{
		"**one** payment, `two` tickets":        "one payment, two tickets",
		"# Heading\nsee [the docs](https://x/)": "Heading\nsee the docs",
		"snake_case stays, _this_ goes":         "snake_case stays, this goes",
		"![logo](a.png) 2 * 3":                  "logo 2  3",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestChangedNeighboursChangeADocument(t *testing.T) {
	hashes := func(e, owner *entity.Entity) map[string]string {
		out := map[string]string{}
		for _, d := range Documents(entity.NewCatalog([]*entity.Entity{e, owner}), nil) {
			out[d.ID] = d.Hash
		}
		return out
	}
	const id = "entity:component:default/payment-service"
	a := hashes(component("payment-service", "pay"), team("team-money", "Money"))
	b := hashes(component("payment-service", "pay"), team("team-money", "Money Makers"))
	if a[id] == b[id] {
		t.Error("the owner's new title does not reach the component")
	}
	if a[id] != hashes(component("payment-service", "pay"), team("team-money", "Money"))[id] {
		t.Error("the same entity has another hash")
	}
	if a["page:/graph/"] != b["page:/graph/"] {
		t.Error("a page changed that did not")
	}
}

// smallTrees are the trees of the corpus that build quickly.
var smallTrees = []string{"DEFRA__adp-documentation", "K-Phoen__backstage-plugin-announcements", "backstage__demo", "bcgov__platform-developer-docs", "drodil__backstage-plugin-qeta"}

// realDocuments are documentation trees of the corpus, as components; all of
// them if none is named.
func realDocuments(t testing.TB, names ...string) []Document {
	t.Helper()
	root := filepath.Join("..", "..", "..", "shared", "corpus", "techdocs")
	trees, err := os.ReadDir(root)
	if err != nil {
		t.Skip("the corpus is not here: search is not tried on real documentation")
	}
	var entities []*entity.Entity
	var checkouts []*checkout.Checkout
	for _, tree := range trees {
		if tree.IsDir() && (len(names) == 0 || slices.Contains(names, tree.Name())) {
			e := component(tree.Name(), tree.Name())
			entities = append(entities, e)
			checkouts = append(checkouts, checkouttest.Tree(tree.Name(), os.DirFS(filepath.Join(root, tree.Name()))))
		}
	}
	catalog := entity.NewCatalog(entities)
	return Documents(catalog, buildDocs(t, catalog, checkouts...))
}

func TestRealDocumentationIsFoundByItsHeadings(t *testing.T) {
	all := realDocuments(t, smallTrees...)
	x := openIndex(t, all)
	r, err := x.Reader()
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	first, third, tried := 0, 0, 0
	for _, d := range all {
		if d.Kind != "docs" || nameKey(d.Title) == "" {
			continue
		}
		title := d.Breadcrumb[len(d.Breadcrumb)-1] + " " + d.Title
		queries = append(queries, title)
		rs, err := r.Query(context.Background(), title, 3)
		if err != nil {
			t.Fatal(err)
		}
		tried++
		for n, res := range rs {
			if page, _, _ := strings.Cut(res.URL, "#"); page == d.URL || res.Title == d.Title {
				if third++; n == 0 {
					first++
				}
				break
			}
		}
	}
	t.Logf("%d documents; of %d titles with their site's, %d find the page first, %d among the first three", len(all), tried, first, third)
	if tried == 0 || third*10 < tried*9 {
		t.Errorf("only %d of %d titles find their page among the first three", third, tried)
	}
	compareWithBrowser(t, x, queries[:min(len(queries), 150)])
}
