package docs

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

// samplePage returns about 5 KB of Markdown as teams write it: prose, lists,
// a table, three code blocks, call-outs and links.
func samplePage(site, page int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Service %d, part %d\n\nHow to run, deploy and debug this part of service %d. See the [overview](index.md) and [the next part](page%d.md#configuration).\n\n", site, page, site, (page+1)%100)
	for i := range 3 {
		fmt.Fprintf(&b, "## Step %d of %d\n\nThe *payments* API accepts **orders** and `refunds` from the checkout; every call carries an idempotency key, "+
			"so that a retry never charges twice. When the queue is longer than %d entries, the worker pool grows until the limit in the settings is reached, "+
			"and an alert goes to the team on duty. More in [the guide](https://example.com/guide/%d).\n\n", i, page, page*17, page)
		fmt.Fprintf(&b, "- install the command line tool\n- sign in with your account\n    - with a token: `export TOKEN=%d`\n    - or in the browser\n- deploy to staging\n\n", page)
		switch i {
		case 0:
			fmt.Fprintf(&b, "```go title=\"main.go\"\npackage main\n\nimport \"fmt\"\n\n// main prints a greeting.\nfunc main() {\n\tfor i := 0; i < %d; i++ {\n\t\tfmt.Println(\"hello\", i)\n\t}\n}\n```\n\n", page)
		case 1:
			fmt.Fprintf(&b, "```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: service-%d\nspec:\n  replicas: %d # more in production\n  template:\n    spec:\n      containers:\n        - name: app\n          image: \"registry.example/app:%d\"\n```\n\n", site, page, page)
		case 2:
			fmt.Fprintf(&b, "```bash\nfor n in $(seq 1 %d); do\n  curl -fsS \"https://api.example/v1/orders/$n\" | jq .status\ndone\n```\n\n", page)
		}
		fmt.Fprintf(&b, "!!! warning \"Before you go on\"\n    Check that release %d is healthy.\n\n", page)
	}
	fmt.Fprintf(&b, "## Configuration\n\n| name | default | meaning |\n|---|---|---|\n")
	for i := range 12 {
		fmt.Fprintf(&b, "| `SETTING_%d` | %d | how often the *worker* asks for new orders, in seconds |\n", i, page+i)
	}
	b.WriteString("\n=== \"Linux\"\n    Use the package manager.\n\n=== \"Windows\"\n    Use the installer.\n\n")
	return b.String()
}

func samplePortal(sites, pages int) (*entity.Catalog, []*checkout.Checkout, int64) {
	var entities []*entity.Entity
	var checkouts []*checkout.Checkout
	size := int64(0)
	for s := range sites {
		name := fmt.Sprintf("service%d", s)
		fsys, hashes := fstest.MapFS{}, map[string]string{}
		for p := range pages {
			file := fmt.Sprintf("docs/page%d.md", p)
			if p == 0 {
				file = "docs/index.md"
			}
			fsys[file] = &fstest.MapFile{Data: []byte(samplePage(s, p))}
			hashes[file] = digest(string(fsys[file].Data))
			size += int64(len(fsys[file].Data))
		}
		c := checkoutOf(name, fsys)
		c.BlobHash = func(f string) string { return hashes[f] }
		c.Digest = name
		checkouts = append(checkouts, c)
		entities = append(entities, component(name, name, "catalog-info.yaml", "dir:."))
	}
	return entity.NewCatalog(entities), checkouts, size
}

func benchmarkBuild(b *testing.B, sites, pages int, warm bool) {
	catalog, checkouts, size := samplePortal(sites, pages)
	opt := Options{CacheDir: b.TempDir()}
	if warm {
		if _, _, err := Build(context.Background(), catalog, checkouts, opt); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(size)
	b.ResetTimer()
	for range b.N {
		if !warm {
			opt.CacheDir = b.TempDir()
		}
		out, diags, err := Build(context.Background(), catalog, checkouts, opt)
		if err != nil || len(out) != sites {
			b.Fatal(err, len(out), diags)
		}
	}
	b.ReportMetric(float64(sites*pages)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

func BenchmarkBuildCold1000(b *testing.B)       { benchmarkBuild(b, 10, 100, false) }
func BenchmarkBuildCold10000(b *testing.B)      { benchmarkBuild(b, 100, 100, false) }
func BenchmarkBuildUnchanged10000(b *testing.B) { benchmarkBuild(b, 100, 100, true) }

// BenchmarkBuildOneEdit measures a build after one page of 100 changed.
func BenchmarkBuildOneEdit(b *testing.B) {
	catalog, checkouts, _ := samplePortal(1, 100)
	opt := Options{CacheDir: b.TempDir()}
	fsys := checkouts[0].FS.(fstest.MapFS)
	hash := checkouts[0].BlobHash
	build := func(i int) {
		fsys["docs/page7.md"] = &fstest.MapFile{Data: []byte(samplePage(0, i))}
		edited := *checkouts[0]
		edited.Digest = fmt.Sprint(i)
		edited.BlobHash = func(f string) string {
			if f == "docs/page7.md" {
				return fmt.Sprint(i)
			}
			return hash(f)
		}
		if _, _, err := Build(context.Background(), catalog, []*checkout.Checkout{&edited}, opt); err != nil {
			b.Fatal(err)
		}
	}
	build(0)
	b.ResetTimer()
	for i := range b.N {
		build(i + 1)
	}
}
