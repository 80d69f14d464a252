package page

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// lists returns all list pages by URL.
func lists(set Set) map[string]*CatalogView {
	out := map[string]*CatalogView{}
	for _, p := range set.Pages {
		if v, ok := p.View.(*CatalogView); ok {
			out[p.URL] = v
		}
	}
	return out
}

// reachable collects the rows of a list and of the lists it is split into.
func reachable(t *testing.T, all map[string]*CatalogView, url string, seen map[string]int) {
	t.Helper()
	v := all[url]
	if v == nil {
		t.Fatalf("no list %s", url)
	}
	if len(v.Rows) > MaxRows {
		t.Errorf("%s has %d rows", url, len(v.Rows))
	}
	for _, r := range v.Rows {
		seen[r.Ref]++
	}
	if v.Split != nil {
		for _, s := range v.Split.Values {
			reachable(t, all, s.URL, seen)
		}
	}
	for _, p := range v.Parts {
		if p.Current || p.URL == url {
			continue
		}
		for _, r := range all[p.URL].Rows {
			seen[r.Ref]++
		}
	}
}

func TestLongListsAreSplitAndLoseNothing(t *testing.T) {
	set, diags := Build(generated(2000, 100))
	if len(diags) > 0 {
		t.Errorf("diagnostics: %v", diags)
	}
	all := lists(set)
	for url, want := range map[string]int{"/catalog/": 2000, "/catalog/kind/component/": 1850, "/catalog/tag/java/": 2000} {
		seen := map[string]int{}
		reachable(t, all, url, seen)
		if len(seen) != want {
			t.Errorf("%s leads to %d entities, want %d", url, len(seen), want)
		}
		for ref, n := range seen {
			if n != 1 {
				t.Errorf("%s leads to %s %d times", url, ref, n)
			}
		}
	}
	if s := all["/catalog/kind/component/"].Split; s == nil || s.Facet != "owner" {
		t.Errorf("components are split by %+v, want owner", s)
	}
	for url, v := range all {
		for _, f := range v.Facets {
			for _, x := range f.Values {
				if target, _, _ := strings.Cut(x.URL, "?"); all[target] == nil {
					t.Errorf("%s links to %s, which is not there", url, x.URL)
				}
			}
		}
	}
}

func alike(n int, title func(i int) string) Input {
	var all []*entity.Entity
	for i := range n {
		all = append(all, &entity.Entity{Kind: "Resource", Metadata: entity.Metadata{Name: fmt.Sprint("r", i), Namespace: "default", Title: title(i)}})
	}
	return Input{Catalog: entity.NewCatalog(all)}
}

func TestAListThatNoFacetDividesIsSplitByLetter(t *testing.T) {
	set, _ := Build(alike(900, func(i int) string { return string(rune('a'+i%3)) + fmt.Sprint(i) }))
	all := lists(set)
	v := all["/catalog/kind/resource/"]
	if v.Split == nil || v.Split.Facet != "letter" || len(v.Split.Values) != 3 {
		t.Fatalf("split %+v", v.Split)
	}
	seen := map[string]int{}
	reachable(t, all, "/catalog/kind/resource/", seen)
	if len(seen) != 900 {
		t.Errorf("%d of 900", len(seen))
	}
}

func TestAListThatNothingDividesHasParts(t *testing.T) {
	set, _ := Build(alike(1200, func(i int) string { return fmt.Sprintf("same %04d", i) }))
	all := lists(set)
	v := all["/catalog/kind/resource/"]
	if len(v.Parts) != 3 || len(v.Rows) != MaxRows || v.Total != 1200 || !v.Parts[0].Current {
		t.Fatalf("parts %+v, %d rows of %d", v.Parts, len(v.Rows), v.Total)
	}
	seen := map[string]int{}
	reachable(t, all, "/catalog/kind/resource/", seen)
	if len(seen) != 1200 {
		t.Errorf("%d of 1200", len(seen))
	}
}

func TestBigCatalogsAreChunked(t *testing.T) {
	var texts [][]byte
	for i := range 10 {
		texts = append(texts, fmt.Appendf(nil, `{"n":%d}`, i))
	}
	files := entitiesFiles(texts, 30)
	var index struct {
		Total  int
		Chunks []string
	}
	byPath := map[string][]byte{}
	for _, f := range files {
		data, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		byPath[f.Path] = data
	}
	if err := json.Unmarshal(byPath[entitiesPath], &index); err != nil || index.Total != 10 || len(index.Chunks) != len(files)-1 || len(files) < 3 {
		t.Fatalf("index %s, %v", byPath[entitiesPath], err)
	}
	n := 0
	for _, c := range index.Chunks {
		var part []struct{ N int }
		if err := json.Unmarshal(byPath["api/catalog/"+c], &part); err != nil {
			t.Fatal(err)
		}
		for _, x := range part {
			if x.N != n {
				t.Errorf("entity %d is where %d belongs", x.N, n)
			}
			n++
		}
	}
	if n != 10 {
		t.Errorf("chunks hold %d entities", n)
	}
}

func TestCirclesEnd(t *testing.T) {
	named := func(kind, name string, relations ...entity.Relation) *entity.Entity {
		return &entity.Entity{Kind: kind, Metadata: entity.Metadata{Name: name, Namespace: "default"}, Relations: relations}
	}
	to := func(typ, kind, name string) entity.Relation {
		return entity.Relation{Type: typ, Target: entity.Ref{Kind: kind, Namespace: "default", Name: name}}
	}
	set, _ := Build(Input{Catalog: entity.NewCatalog([]*entity.Entity{
		named("Group", "a", to(entity.ChildOf, "group", "b"), to(entity.ParentOf, "group", "b")),
		named("Group", "b", to(entity.ChildOf, "group", "a"), to(entity.ParentOf, "group", "a")),
		named("Domain", "c", to(entity.PartOf, "domain", "d"), to(entity.HasPart, "domain", "d")),
		named("Domain", "d", to(entity.PartOf, "domain", "c"), to(entity.HasPart, "domain", "c")),
	})})
	for _, p := range set.Pages {
		switch v := p.View.(type) {
		case *ExploreView:
			if len(v.Groups) != 1 || len(v.Groups[0].Children) != 1 || len(v.Domains) != 1 {
				t.Errorf("groups %+v, domains %+v", v.Groups, v.Domains)
			}
		case *EntityView:
			if v.Graph == nil {
				t.Errorf("%s has no graph", p.URL)
				continue
			}
			if _, err := v.Graph.SVG.HTML(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestPartsInACircleStayTiedToTheirSystem(t *testing.T) {
	g := newGraph(newBuilder(Input{}))
	ref := func(name string) entity.Ref { return entity.Ref{Kind: "component", Namespace: "default", Name: name} }
	for _, name := range []string{"s", "a", "b", "c", "d"} {
		g.node(ref(name), "", "")
	}
	for _, pair := range []string{"sa", "sb", "sc", "sd"} {
		g.edge(ref(pair[:1]), entity.Relation{Type: entity.HasPart, Target: ref(pair[1:])})
	}
	for _, pair := range []string{"ab", "ba", "cd"} {
		g.edge(ref(pair[:1]), entity.Relation{Type: entity.DependsOn, Target: ref(pair[1:])})
	}
	g.thinParts(ref("s").Key())
	var got []string
	for _, e := range g.chart.Edges {
		got = append(got, e.From[len(e.From)-1:]+e.To[len(e.To)-1:])
	}
	if want := "sa sc ab ba cd"; strings.Join(got, " ") != want {
		t.Errorf("arrows %v, want %s", got, want)
	}
}

func TestWellKnownAnnotationsAreSorted(t *testing.T) {
	for i := 1; i < len(wellKnown); i++ {
		if wellKnown[i-1].key >= wellKnown[i].key {
			t.Errorf("%s is not before %s, so it would not be found", wellKnown[i-1].key, wellKnown[i].key)
		}
	}
}

func TestAnnotationsBecomeLinks(t *testing.T) {
	b := newBuilder(Input{})
	for _, c := range []struct{ key, value, want string }{
		{"github.com/project-slug", "acme/pay", "https://github.com/acme/pay"},
		{"github.com/project-slug", "acme/pay/../../evil", ""},
		{"github.com/team-slug", "acme/team", "https://github.com/orgs/acme/teams/team"},
		{"gitlab.com/project-slug", "group/sub/pay", "https://gitlab.com/group/sub/pay"},
		{"circleci.com/project-slug", "github/acme/pay", "https://app.circleci.com/pipelines/github/acme/pay"},
		{"sentry.io/project-slug", "acme/pay", "https://sentry.io/organizations/acme/projects/pay/"},
		{"pagerduty.com/service-id", "P1", "https://app.pagerduty.com/service-directory/P1"},
		{"backstage.io/source-location", "url:https://example.com/x/", "https://example.com/x/"},
		{"backstage.io/source-location", "url:javascript:alert(1)", ""},
		{"backstage.io/view-url", "javascript:alert(1)", ""},
		{"datadoghq.com/dashboard-url", "https://a.example/1, https://a.example/2", "https://a.example/1"},
		{"example.com/anything", "https://example.com/", "https://example.com/"},
		{"example.com/anything", "text", ""},
	} {
		e := &entity.Entity{Metadata: entity.Metadata{Annotations: map[string]string{c.key: c.value}}}
		if got := b.annotations(e)[0].URL; got != c.want {
			t.Errorf("%s: %s leads to %q, want %q", c.key, c.value, got, c.want)
		}
	}
	e := &entity.Entity{Metadata: entity.Metadata{Annotations: map[string]string{
		"dev.azure.com/project-repo": "proj/repo", "dev.azure.com/host-org": "dev.azure.com/acme",
		"github.com/project-slug": "a/b", "backstage.io/source-location": "url:https://git.acme.example/a/b/",
	}}}
	got := map[string]string{}
	for _, a := range b.annotations(e) {
		got[a.Key] = a.URL
	}
	if got["dev.azure.com/project-repo"] != "https://dev.azure.com/acme/proj/_git/repo" || got["github.com/project-slug"] != "https://git.acme.example/a/b" {
		t.Errorf("links %v", got)
	}
}

func TestDefinitionsAreCutAtLines(t *testing.T) {
	long := strings.Repeat("line\n", 5000)
	if got := firstLines(long, 2000, 1<<20); got != strings.Repeat("line\n", 2000) {
		t.Errorf("%d bytes", len(got))
	}
	if got := firstLines("a\nb", 10, 100); got != "a\nb" {
		t.Errorf("%q", got)
	}
	if got := firstLines(strings.Repeat("x", 1000), 10, 100); len(got) != 100 {
		t.Errorf("%d bytes", len(got))
	}
	if got := firstLines("a\n"+strings.Repeat("x", 1000), 10, 100); got != "a\n" {
		t.Errorf("%q", got)
	}
}

func TestUnresolvedDefinitionsAreUnavailable(t *testing.T) {
	for spec, want := range map[string][2]any{
		`{}`:                                    {"", false},
		`{"definition":"x: 1"}`:                 {"x: 1", true},
		`{"definition":{"$text":"./api.yaml"}}`: {"", true},
		`{"definition":{"openapi":"3.0.0"}}`:    {"{\n  \"openapi\": \"3.0.0\"\n}", true},
		`{"definition":5}`:                      {"", true},
	} {
		e := &entity.Entity{}
		if err := json.Unmarshal([]byte(spec), &e.Spec); err != nil {
			t.Fatal(err)
		}
		text, declared := definition(e)
		if text != want[0] || declared != want[1] {
			t.Errorf("%s: %q, %v", spec, text, declared)
		}
	}
}

func TestAnIncludeThatFailedIsNotAMissingDefinition(t *testing.T) {
	api := func(name string) *entity.Entity {
		return &entity.Entity{
			Kind: "API", Metadata: entity.Metadata{Name: name, Namespace: "default"},
			Spec: map[string]any{"type": "openapi"}, Origin: entity.Origin{Source: "shop", Path: "catalog-info.yaml"},
		}
	}
	problem := func(code, name, source string) diag.Diagnostic {
		return diag.Diagnostic{
			Code: code, Severity: diag.Error, Entity: "api:default/" + name, Field: "spec.definition",
			Pos: diag.Pos{Source: source, File: "catalog-info.yaml", Line: 9}, Message: "message",
		}
	}
	set, _ := Build(Input{
		Catalog: entity.NewCatalog([]*entity.Entity{api("gone"), api("none"), api("other")}),
		Diagnostics: diag.List{
			problem("include-missing", "gone", "shop"), problem("spec-required", "none", "shop"),
			problem("include-missing", "other", "copy"), // of a duplicate that lost
		},
	})
	for _, p := range set.Pages {
		if v, ok := p.View.(*EntityView); ok && v.API != nil {
			if want := strings.HasSuffix(p.URL, "/gone/"); v.API.Unavailable != want {
				t.Errorf("%s: unavailable is %v", p.URL, v.API.Unavailable)
			}
		}
	}
}
