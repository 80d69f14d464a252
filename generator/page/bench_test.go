package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
)

// generated is a portal of 100 repositories with entities and docs pages.
func generated(entities, pages int) Input {
	const repositories = 100
	in := Input{Portal: Portal{Title: "Bench", URL: "https://portal.example.com/"}, Now: time.Unix(1700000000, 0)}
	var all []*entity.Entity
	relate := func(from, to *entity.Entity, forward, back string) {
		from.Relations = append(from.Relations, entity.Relation{Type: forward, Target: to.Ref()})
		to.Relations = append(to.Relations, entity.Relation{Type: back, Target: from.Ref()})
	}
	named := func(kind, name, source string, spec map[string]any) *entity.Entity {
		e := &entity.Entity{
			APIVersion: "backstage.io/v1alpha1", Kind: kind, Spec: spec,
			Metadata: entity.Metadata{Name: name, Namespace: "default", Description: "What " + name + " does, **in short**.", Tags: []string{"java", "tag-" + name[len(name)-1:]},
				Annotations: map[string]string{"github.com/project-slug": "acme/" + name}},
			Origin: entity.Origin{Source: source, Path: "catalog-info.yaml", Line: 1, YAML: "kind: " + kind + "\n"},
		}
		all = append(all, e)
		return e
	}
	var groups, systems []*entity.Entity
	for i := range 50 {
		groups = append(groups, named("Group", fmt.Sprint("team-", i), "repo-0", map[string]any{"type": "team"}))
		if i > 0 {
			relate(groups[i], groups[i/8], entity.ChildOf, entity.ParentOf)
		}
	}
	for i := range 100 {
		systems = append(systems, named("System", fmt.Sprint("system-", i), "repo-0", nil))
		relate(systems[i], groups[i%50], entity.OwnedBy, entity.OwnerOf)
	}
	var components []*entity.Entity
	for i := range entities - 150 {
		c := named("Component", fmt.Sprint("component-", i), fmt.Sprint("repo-", i%repositories), map[string]any{"type": []string{"service", "library", "website"}[i%3], "lifecycle": "production"})
		relate(c, groups[i%50], entity.OwnedBy, entity.OwnerOf)
		relate(c, systems[i%100], entity.PartOf, entity.HasPart)
		for j := 1; j <= min(3, len(components)); j++ {
			relate(c, components[len(components)-j], entity.DependsOn, entity.DependencyOf)
		}
		components = append(components, c)
	}
	for i := range repositories {
		name := fmt.Sprint("repo-", i)
		s := &docs.Site{Entity: components[i].Ref(), Title: "Guide " + name, Source: name, Root: "."}
		for j := range pages / repositories {
			p := &docs.Page{
				Path: fmt.Sprintf("part-%d/page-%d/", j/10, j), File: fmt.Sprintf("docs/part-%d/page-%d.md", j/10, j), Title: fmt.Sprintf("Page %d of %s", j, name),
				Hash: fmt.Sprintf("%064d", i*pages+j), HasChange: true, Change: checkout.Change{Commit: strings.Repeat("a", 40), Author: checkout.Person{Name: "Jane Doe"}, Time: time.Unix(int64(1690000000+i*977+j), 0)},
			}
			s.Pages = append(s.Pages, p)
			s.Nav = append(s.Nav, &docs.NavItem{Title: p.Title, Page: p})
		}
		in.Sites = append(in.Sites, s)
		in.Checkouts = append(in.Checkouts, &checkout.Checkout{
			Name: name, State: checkout.Fresh, Commit: strings.Repeat("c", 40), Ref: "main", History: checkout.NewHistory(nil, false),
			Web: checkout.Web{Host: "github", Base: "https://github.com/acme/" + name, Branch: "main", Commit: strings.Repeat("c", 40)},
		})
	}
	in.Catalog = entity.NewCatalog(all)
	return in
}

// BenchmarkBuild10000 makes the views of 2,000 entities and 8,000 docs pages.
func BenchmarkBuild10000(b *testing.B) {
	in := generated(2000, 8000)
	b.ReportAllocs()
	for b.Loop() {
		set, _ := Build(in)
		b.ReportMetric(float64(len(set.Pages)), "pages")
	}
}

// BenchmarkKeys10000 makes the keys of the same pages, on all cores.
func BenchmarkKeys10000(b *testing.B) {
	set, _ := Build(generated(2000, 8000))
	b.ReportAllocs()
	for b.Loop() {
		parallel(len(set.Pages), func(i int) {
			if _, err := set.Pages[i].Key(); err != nil {
				b.Error(err)
			}
		})
	}
}

func BenchmarkNavHTML(b *testing.B) {
	set, _ := Build(generated(400, 1000))
	for _, p := range set.Pages {
		if v, ok := p.View.(*DocView); ok && v.Nav != nil {
			for b.Loop() {
				if _, err := v.NavHTML(); err != nil {
					b.Fatal(err)
				}
			}
			return
		}
	}
}
