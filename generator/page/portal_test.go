package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/diag/diagtest"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
)

var update = flag.Bool("update", os.Getenv("CALLBOARD_GOLDEN") != "", "rewrite golden files")

// portal is the input made of the repositories in testdata, after edits.
func portal(t testing.TB, edits ...func([]*checkout.Checkout)) page.Input {
	t.Helper()
	var checkouts []*checkout.Checkout
	for _, name := range []string{"org", "payments"} {
		archive, err := os.ReadFile(filepath.Join("testdata", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		c := checkouttest.Txtar("acme/"+name, string(archive))
		c.History = checkout.NewHistory([]checkout.Commit{
			{Hash: strings.Repeat("b", 40), Author: checkout.Person{Name: "Jane Doe", Email: "jane@example.com"}, Time: checkouttest.Time, Subject: "Document", Paths: []string{"docs/index.md"}},
			{Hash: strings.Repeat("a", 40), Author: checkout.Person{Name: "Ann Lee"}, Time: checkouttest.Time.Add(-48 * time.Hour), Subject: "Begin", Paths: []string{"catalog-info.yaml", "docs/ops/runbook.md"}},
		}, false)
		checkouts = append(checkouts, c)
	}
	for _, edit := range edits {
		edit(checkouts)
	}
	cat, _, problems, err := catalog.Load(context.Background(), checkouts, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sites, more, err := docs.Build(context.Background(), cat, checkouts, docs.Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	problems = append(problems, more...)
	for i := range problems { // their wording is other packages' affair
		problems[i].Message, problems[i].Hint = "message of "+problems[i].Code, "hint"
	}
	for _, e := range cat.All() {
		e.Problems = nil // all of them are in the list
	}
	return page.Input{
		Catalog: cat, Sites: sites, Checkouts: checkouts, Diagnostics: problems,
		Portal:   page.Portal{Title: "Acme Portal", Organization: "Acme", Description: "All of Acme.", URL: "https://portal.example.com"},
		Brand:    page.Brand{FooterLinks: []page.NavLink{{Title: "Imprint", URL: "https://example.com/imprint"}, {Title: "Bad", URL: "javascript:x"}}},
		Now:      time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC),
		Version:  "1.2.3",
		Markdown: docs.Description, Highlight: docs.Highlight,
	}
}

func find(t testing.TB, set page.Set, url string) *page.Page {
	t.Helper()
	for _, p := range set.Pages {
		if p.URL == url {
			return p
		}
	}
	t.Fatalf("no page %s", url)
	return nil
}

func file(t testing.TB, set page.Set, path string) string {
	t.Helper()
	for _, f := range set.Files {
		if f.Path == path {
			data, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
	}
	t.Fatalf("no file %s", path)
	return ""
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from its golden file (run with -update to accept):\n%s", name, difference(string(want), got))
	}
}

// difference shows the first lines that differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("want %d lines, got %d", len(w), len(g))
}

// view writes a page with its view, without hashes.
func view(t *testing.T, p *page.Page) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(p); err != nil {
		t.Fatal(err)
	}
	return hash.ReplaceAllString(b.String(), `"(hash)"`)
}

// hash matches the hash of a fragment: what it is depends on what other
// packages render.
var hash = regexp.MustCompile(`"[0-9a-f]{32,64}"`)

func TestViews(t *testing.T) {
	set, diags := page.Build(portal(t))
	if len(diags) > 0 {
		t.Errorf("unexpected diagnostics: %v", diags)
	}
	for url, name := range map[string]string{
		"/":                                             "home.json",
		"/catalog/":                                     "catalog.json",
		"/catalog/default/component/checkout/":          "component.json",
		"/catalog/default/api/orders/":                  "api.json",
		"/catalog/default/group/payments/":              "group.json",
		"/catalog/default/group/engineering/":           "parentgroup.json",
		"/catalog/default/user/jane/":                   "user.json",
		"/catalog/default/system/shop/":                 "system.json",
		"/catalog/default/template/new-service/":        "template.json",
		"/docs/":                                        "docs.json",
		"/docs/default/component/checkout/ops/runbook/": "doc.json",
		"/explore/":                                     "explore.json",
		"/graph/":                                       "graph.json",
		"/problems/":                                    "problems.json",
		"/about/":                                       "about.json",
		"/search/a-z/":                                  "az.json",
		"/404.html":                                     "notfound.json",
	} {
		golden(t, name, view(t, find(t, set, url)))
	}
}

func TestAddresses(t *testing.T) {
	set, _ := page.Build(portal(t))
	var b strings.Builder
	for _, p := range set.Pages {
		fmt.Fprintf(&b, "%s %s | %s\n", p.Layout, p.URL, p.Title)
	}
	for _, f := range set.Files {
		fmt.Fprintf(&b, "file /%s\n", f.Path)
	}
	for _, r := range set.Redirects {
		fmt.Fprintf(&b, "redirect %s %s\n", r.From, r.To)
	}
	golden(t, "addresses.txt", b.String())
}

func TestDataFiles(t *testing.T) {
	set, _ := page.Build(portal(t))
	for path, name := range map[string]string{
		"api/catalog/entities/by-name/component/default/checkout.json": "checkout.json",
		"api/catalog/entity-facets.json":                               "entity-facets.json",
		"build.json":                                                   "build.json",
		"feed.xml":                                                     "feed.xml",
		"llms.txt":                                                     "llms.txt",
		"sitemap.xml":                                                  "sitemap.xml",
		"_redirects":                                                   "redirects.txt",
	} {
		golden(t, name, file(t, set, path))
	}
	var all []map[string]any
	if err := json.Unmarshal([]byte(file(t, set, "api/catalog/entities.json")), &all); err != nil || len(all) != 9 {
		t.Errorf("entities.json has %d entities, %v", len(all), err)
	}
}

func keys(t testing.TB, set page.Set) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, p := range set.Pages {
		k, err := p.Key()
		if err != nil {
			t.Fatal(err)
		}
		out[p.URL] = k
	}
	for _, f := range set.Files {
		out["/"+f.Path] = f.Hash + f.Key
	}
	for _, r := range set.Redirects {
		out["redirect "+r.From] = r.To
	}
	return out
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	in := portal(t)
	first, _ := page.Build(in)
	want := keys(t, first)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		in.Sites, in.Checkouts, in.Diagnostics = slices.Clone(in.Sites), slices.Clone(in.Checkouts), slices.Clone(in.Diagnostics)
		random.Shuffle(len(in.Sites), func(i, j int) { in.Sites[i], in.Sites[j] = in.Sites[j], in.Sites[i] })
		random.Shuffle(len(in.Checkouts), func(i, j int) { in.Checkouts[i], in.Checkouts[j] = in.Checkouts[j], in.Checkouts[i] })
		random.Shuffle(len(in.Diagnostics), func(i, j int) {
			in.Diagnostics[i], in.Diagnostics[j] = in.Diagnostics[j], in.Diagnostics[i]
		})
		all := slices.Clone(in.Catalog.All())
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		in.Catalog = entity.NewCatalog(all)
		set, _ := page.Build(in)
		got := keys(t, set)
		for url, k := range want {
			if got[url] != k {
				t.Errorf("%s has another key in another order", url)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d paths, want %d", len(got), len(want))
		}
	}
}

// changedBy returns the paths whose keys differ after edits to the checkouts.
func changedBy(t *testing.T, edits ...func([]*checkout.Checkout)) []string {
	t.Helper()
	before, _ := page.Build(portal(t))
	after, _ := page.Build(portal(t, edits...))
	old, now := keys(t, before), keys(t, after)
	var out []string
	for path, k := range now {
		if old[path] != k {
			out = append(out, path)
		}
	}
	for path := range old {
		if _, ok := now[path]; !ok {
			out = append(out, "-"+path)
		}
	}
	slices.Sort(out)
	return out
}

func TestOnlyAboutAndBuildKnowTheTime(t *testing.T) {
	in := portal(t)
	before, _ := page.Build(in)
	in.Now = in.Now.Add(time.Hour)
	after, _ := page.Build(in)
	old, now := keys(t, before), keys(t, after)
	for path, k := range now {
		if (path == "/about/" || path == "/build.json") == (old[path] == k) {
			t.Errorf("%s: key changed: %v", path, old[path] != k)
		}
	}
}

func TestACommitElsewhereChangesNoPage(t *testing.T) {
	got := changedBy(t, func(cs []*checkout.Checkout) {
		c := cs[1]
		c.Commit, c.Web.Commit = strings.Repeat("c", 40), strings.Repeat("c", 40)
		c.FetchedAt = c.FetchedAt.Add(time.Hour)
		c.History = checkout.NewHistory(append([]checkout.Commit{{Hash: c.Commit, Time: checkouttest.Time.Add(time.Hour), Paths: []string{"main.go"}}}, c.History.Commits...), false)
	})
	if want := []string{"/about/", "/build.json"}; !slices.Equal(got, want) {
		t.Errorf("changed %v, want %v", got, want)
	}
}

func TestAnEditedPageChangesNoOther(t *testing.T) {
	got := changedBy(t, func(cs []*checkout.Checkout) {
		cs[1].FS.(fstest.MapFS)["docs/ops/runbook.md"].Data = []byte("# Runbook\n\nTurn it off and on again. [Gone](missing.md).\n")
	})
	// The diagnostic about the broken link moves to another line, too.
	want := []string{"/catalog/default/component/checkout/", "/docs/default/component/checkout/ops/runbook/", "/problems/", "/problems/owner/payments/"}
	if !slices.Equal(got, want) {
		t.Errorf("changed %v, want %v", got, want)
	}
}

func TestARenamedEntityChangesWhatShowsIt(t *testing.T) {
	got := changedBy(t, func(cs []*checkout.Checkout) {
		f := cs[1].FS.(fstest.MapFS)["catalog-info.yaml"]
		f.Data = bytes.Replace(f.Data, []byte("  name: orders-db\n"), []byte("  name: orders-db\n  title: Orders database\n"), 1)
	})
	for _, url := range []string{"/catalog/default/resource/orders-db/", "/catalog/default/component/checkout/", "/catalog/", "/catalog/kind/resource/", "/search/a-z/", "/api/catalog/entities.json"} {
		if !slices.Contains(got, url) {
			t.Errorf("%s is not rendered again", url)
		}
	}
	for _, url := range []string{"/docs/default/component/checkout/", "/catalog/kind/api/", "/catalog/tag/java/"} {
		if slices.Contains(got, url) {
			t.Errorf("%s is rendered again", url)
		}
	}
}

func TestAStaleSourceIsSaidOnItsPages(t *testing.T) {
	in := portal(t, func(cs []*checkout.Checkout) {
		cs[1].State, cs[1].Err = checkout.Stale, "connection refused"
	})
	set, _ := page.Build(in)
	v := find(t, set, "/catalog/default/component/checkout/").View.(*page.EntityView)
	if v.State == nil || v.State.State != "stale" || !v.State.AsOf.Equal(checkouttest.Time) || v.State.Err != "connection refused" {
		t.Errorf("state %+v", v.State)
	}
	if other := find(t, set, "/catalog/default/group/payments/").View.(*page.EntityView); other.State != nil {
		t.Errorf("a fresh source is said to be %+v", other.State)
	}
	d := find(t, set, "/docs/default/component/checkout/").View.(*page.DocView)
	if d.State == nil {
		t.Error("docs page does not say that it is stale")
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	set, _ := page.Build(portal(t))
	known := map[string]bool{}
	for _, p := range set.Pages {
		known[p.URL] = true
	}
	for _, f := range set.Files {
		known["/"+f.Path] = true
	}
	for _, p := range set.Pages {
		text, err := json.Marshal(p.View)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		walk(v, func(key, value string) {
			if !strings.HasSuffix(strings.ToLower(key), "url") || !strings.HasPrefix(value, "/") || strings.HasPrefix(value, "/a/") {
				return
			}
			target, _, _ := strings.Cut(value, "?")
			if !known[target] {
				t.Errorf("%s links to %s, which is not there", p.URL, value)
			}
		})
		for _, c := range p.Crumbs {
			if c.URL != "" && !known[c.URL] {
				t.Errorf("%s has the crumb %s, which is not there", p.URL, c.URL)
			}
		}
	}
	for _, l := range set.Shell.Nav {
		if !known[l.URL] {
			t.Errorf("navigation leads to %s, which is not there", l.URL)
		}
	}
}

func walk(v any, f func(key, value string)) {
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			if s, ok := y.(string); ok {
				f(k, s)
			}
			walk(y, f)
		}
	case []any:
		for _, y := range x {
			walk(y, f)
		}
	}
}

func TestUnsafeAddressesAreNotLinks(t *testing.T) {
	set, _ := page.Build(portal(t))
	for _, p := range set.Pages {
		text, err := json.Marshal(p.View)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		walk(v, func(key, value string) {
			if strings.HasSuffix(strings.ToLower(key), "url") && strings.HasPrefix(value, "javascript:") {
				t.Errorf("%s links to %s", p.URL, value)
			}
		})
	}
	if links := set.Shell.FooterLinks; len(links) != 1 {
		t.Errorf("footer links %v", links)
	}
}

func TestNavigationFitsEveryPage(t *testing.T) {
	set, _ := page.Build(portal(t))
	for url, want := range map[string]string{
		"/docs/default/component/checkout/": `<ul><li><a href="./" aria-current="page">Home</a></li><li><details><summary>Operations</summary><ul><li><a href="./ops/runbook/">Runbook</a></li></ul></details></li>` +
			`<li><a href="https://github.com/acme/checkout" rel="noopener noreferrer">Source</a></li></ul>`,
		"/docs/default/component/checkout/ops/runbook/": `<ul><li><a href="../../">Home</a></li><li><details open><summary>Operations</summary><ul><li><a href="../../ops/runbook/" aria-current="page">Runbook</a></li></ul></details></li>` +
			`<li><a href="https://github.com/acme/checkout" rel="noopener noreferrer">Source</a></li></ul>`,
	} {
		got, err := find(t, set, url).View.(*page.DocView).NavHTML()
		if err != nil || got != want {
			t.Errorf("%s\n got %s\nwant %s (%v)", url, got, want, err)
		}
	}
}

func TestFragmentsAreRenderedWhenAsked(t *testing.T) {
	set, _ := page.Build(portal(t))
	v := find(t, set, "/catalog/default/component/checkout/").View.(*page.EntityView)
	for what, f := range map[string]*page.Fragment{"<strong>payments</strong>": v.Description, "<svg": v.Graph.SVG, "Checkout": v.Provenance.YAML} {
		html, err := f.HTML()
		if err != nil || !strings.Contains(html, what) {
			t.Errorf("fragment lacks %q: %s (%v)", what, html, err)
		}
	}
	svg, _ := v.Graph.SVG.HTML()
	if !strings.Contains(svg, `href="../../api/orders/"`) {
		t.Errorf("graph has no relative link to the API:\n%s", svg)
	}
	d := find(t, set, "/docs/default/component/checkout/ops/runbook/").View.(*page.DocView)
	c, err := d.Content.Load()
	if err != nil || !strings.Contains(c.HTML, "Turn it off and on") || len(c.TOC) != 1 {
		t.Errorf("content %+v, %v", c, err)
	}
}

func TestEveryRuleHasAnInput(t *testing.T) {
	in := portal(t)
	content, _, err := docs.Folder(context.Background(), checkouttest.Files("portal", map[string]string{"content/catalog.md": "# Mine\n", "content/index.md": "# Hello\n"}), "content", "Portal", docs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in.Content = content
	in.Sites[0].Redirects = map[string]string{"ops/runbook/": "", "old/": "ops/runbook/"}
	set, diags := page.Build(in)
	for _, d := range diags {
		if d.Message == "" || d.Hint == "" {
			t.Errorf("%s lacks words: %+v", d.Code, d)
		}
	}
	seen := diagtest.Codes{}
	seen.Add(diags)
	seen.Cover(t, page.Rules)
	if find(t, set, "/catalog/").Layout != "catalog" {
		t.Error("a page of the portal's content took the place of the catalog")
	}
	if v := find(t, set, "/problems/").View.(*page.ProblemsView); !slices.ContainsFunc(v.Codes, func(c page.CodeCount) bool { return c.Code == "page-url-collision" }) {
		t.Error("the problems page does not show what this stage found")
	}
	if want := (page.Redirect{From: "/docs/default/component/checkout/old/", To: "/docs/default/component/checkout/ops/runbook/"}); !slices.ContainsFunc(set.Redirects, func(r page.Redirect) bool { return r.From == want.From && r.To == want.To }) {
		t.Errorf("redirects %v lack %v", set.Redirects, want)
	}
}

func TestAnEmptyPortalHasItsPages(t *testing.T) {
	set, diags := page.Build(page.Input{Portal: page.Portal{Title: "New"}})
	if len(diags) > 0 {
		t.Errorf("diagnostics: %v", diags)
	}
	if v := find(t, set, "/").View.(*page.HomeView); !v.Empty {
		t.Error("home does not say that the catalog is empty")
	}
	for _, url := range []string{"/catalog/", "/docs/", "/api-docs/", "/explore/", "/graph/", "/search/", "/search/a-z/", "/problems/", "/about/", "/404.html"} {
		find(t, set, url)
	}
	if slices.ContainsFunc(set.Files, func(f page.File) bool { return f.Path == "sitemap.xml" }) {
		t.Error("a portal without an address has a sitemap")
	}
}

func TestNamesThatDifferInCaseAreToldApart(t *testing.T) {
	named := func(name string, line int) *entity.Entity {
		return &entity.Entity{
			APIVersion: "backstage.io/v1alpha1", Kind: "Component",
			Metadata: entity.Metadata{Name: name, Namespace: "default"},
			Origin:   entity.Origin{Source: "s", Path: "catalog-info.yaml", Line: line},
		}
	}
	// A name and its escaped form share an address only if escaping is not injective.
	set, diags := page.Build(page.Input{Catalog: entity.NewCatalog([]*entity.Entity{named("Pay.Service", 1), named("pay_service", 9), named("pay~2eservice", 20)})})
	if len(diags) > 0 {
		t.Errorf("diagnostics: %v", diags)
	}
	find(t, set, "/catalog/default/component/Pay.Service/")
	if !slices.ContainsFunc(set.Redirects, func(r page.Redirect) bool {
		return r.From == "/catalog/default/component/pay.service/" && r.To == "/catalog/default/component/Pay.Service/"
	}) {
		t.Errorf("no redirect from the lower-case spelling: %v", set.Redirects)
	}
}

func TestProblemsHaveOwners(t *testing.T) {
	set, _ := page.Build(portal(t))
	v := find(t, set, "/problems/owner/payments/").View.(*page.ProblemsView)
	if v.Owner == nil || v.Owner.Title != "Payments" || v.Counts.Total() == 0 {
		t.Errorf("view %+v", v)
	}
}
