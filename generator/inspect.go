package generator

import (
	"context"
	"fmt"

	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
)

// InspectStages lists the stages whose values Inspect returns.
func InspectStages() []string { return []string{"catalog", "docs", "pages"} }

// Inspect runs a portal's reading stages and returns what one of them made, as
// a value that encodes to JSON: all of it, or the part about one entity.
func Inspect(ctx context.Context, opt Options, stage, ref string) (any, error) {
	until := stage
	if stage == "pages" {
		until = ""
	}
	p, err := Load(ctx, opt, until)
	if err != nil {
		return nil, err
	}
	var only *entity.Entity
	if ref != "" {
		if only, err = entityOf(p.Catalog, ref); err != nil {
			return nil, err
		}
	}
	switch stage {
	case "catalog":
		if only != nil {
			return only, nil
		}
		return p.Catalog.All(), nil
	case "docs":
		return inspectDocs(p.Sites, only), nil
	case "pages":
		return inspectPages(p.Set, only)
	}
	return nil, fmt.Errorf("there is no stage %q", stage)
}

type docsSummary struct {
	Entity entity.Ref   `json:"entity"`
	Title  string       `json:"title"`
	Source string       `json:"source"`
	Root   string       `json:"root"`
	Pages  []docSummary `json:"pages"`
}

type docSummary struct {
	Path  string `json:"path"`
	File  string `json:"file"`
	Title string `json:"title"`
	Hash  string `json:"hash"`
}

func inspectDocs(sites []*docs.Site, only *entity.Entity) []docsSummary {
	out := []docsSummary{}
	for _, s := range sites {
		if only != nil && s.Entity.Key() != only.Ref().Key() {
			continue
		}
		sum := docsSummary{Entity: s.Entity, Title: s.Title, Source: s.Source, Root: s.Root, Pages: []docSummary{}}
		for _, p := range s.Pages {
			sum.Pages = append(sum.Pages, docSummary{p.Path, p.File, p.Title, p.Hash})
		}
		out = append(out, sum)
	}
	return out
}

type pageSummary struct {
	URL    string `json:"url"`
	Layout string `json:"layout"`
	Title  string `json:"title"`
	Key    string `json:"key"`
	// View is left out of the list of all pages.
	View any `json:"view,omitempty"`
}

func inspectPages(set page.Set, only *entity.Entity) (any, error) {
	out := []pageSummary{}
	for _, p := range set.Pages {
		if only != nil && p.URL != page.EntityURL(only.Ref()) {
			continue
		}
		key, err := p.Key()
		if err != nil {
			return nil, err
		}
		s := pageSummary{URL: p.URL, Layout: p.Layout, Title: p.Title, Key: key}
		if only != nil {
			s.View = p.View
			return s, nil
		}
		out = append(out, s)
	}
	return out, nil
}
