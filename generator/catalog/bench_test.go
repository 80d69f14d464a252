package catalog

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
)

// estate makes repos × perRepo components with owners, systems and
// dependencies, and the groups and systems they name.
func estate(repos, perRepo int) []*checkout.Checkout {
	var org strings.Builder
	for g := range 50 {
		fmt.Fprintf(&org, "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team-%d\nspec:\n  type: team\n  children: []\n", g)
		fmt.Fprintf(&org, "---\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: system-%d\nspec:\n  owner: team-%d\n", g, g)
	}
	out := []*checkout.Checkout{checkouttest.Files("org", map[string]string{"catalog-info.yaml": org.String()})}
	for r := range repos {
		files := map[string]string{}
		for i := range perRepo {
			files[fmt.Sprintf("services/s%d/catalog-info.yaml", i)] = component(r, i, perRepo)
		}
		c := checkouttest.Files(fmt.Sprintf("repo-%03d", r), files)
		c.Descriptors, c.Priority = []string{"services/*/catalog-info.yaml"}, r+1
		out = append(out, c)
	}
	return out
}

func component(repo, i, perRepo int) string {
	return fmt.Sprintf(`apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: service-%[1]d-%[2]d
  title: Service %[2]d of repository %[1]d
  description: Keeps the ledger of everything that happens, and answers for it.
  labels:
    example.com/tier: gold
  annotations:
    github.com/project-slug: acme/repo-%[1]d
    backstage.io/techdocs-ref: dir:.
  tags:
    - java
    - payments
  links:
    - url: https://wiki.example.com/service-%[2]d
      title: Runbook
      icon: docs
spec:
  type: service
  lifecycle: production
  owner: team-%[3]d
  system: system-%[3]d
  dependsOn:
    - component:service-%[1]d-%[4]d
    - component:service-%[1]d-%[5]d
`, repo, i, (repo*7+i)%50, (i+1)%perRepo, (i+2)%perRepo)
}

// BenchmarkLoad10000 loads 10,000 entities from 100 repositories.
func BenchmarkLoad10000(b *testing.B) {
	checkouts := estate(100, 100)
	b.ReportAllocs()
	for b.Loop() {
		catalog, _, ds, err := Load(context.Background(), checkouts, Options{})
		if err != nil || len(catalog.All()) != 10_100 || len(ds) > 0 {
			b.Fatal(err, len(catalog.All()), ds)
		}
	}
}
