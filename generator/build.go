// Package generator is the program: it takes a portal's configuration through
// every stage to a finished site. This file is its table of contents; each
// stage is a package below, and the wiring between what a user writes and what
// a stage takes is in wiring.go.
package generator

import (
	"context"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/config"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/source"
)

// Build makes a portal: it brings the sources up to date, reads descriptors
// and docs, and writes the site. Mistakes in what people wrote are findings in
// the report and never stop it. An error means that nothing was replaced:
// [*ConfigError] for a configuration that cannot be used, [ErrBusy] while
// another build holds the state folder, and whatever the machine said.
func Build(ctx context.Context, opt Options) (*Report, error) {
	b, err := begin(ctx, opt)
	if err != nil {
		return nil, err
	}
	defer b.end()

	p := b.load()

	shards := step(b, "search", func() ([]page.File, string, error) {
		return index(ctx, b.opt, p)
	})

	released := step(b, "site", func() (publish.Result, string, error) {
		r, err := release(ctx, b, p, shards)
		return r, diag.Count(r.Rendered, "page") + " rendered", err
	})

	return b.finish(p, released)
}

// Load runs the reading stages up to and including the one named ("" for all
// of them) and returns their values. It writes caches, never a site.
func Load(ctx context.Context, opt Options, until string) (*Portal, error) {
	b, err := begin(ctx, opt)
	if err != nil {
		return nil, err
	}
	defer b.end()
	b.until = until
	return b.load(), b.err
}

// load runs the stages that read: from the configuration to the view-models.
func (b *build) load() *Portal {
	p, ctx, opt := &Portal{}, b.ctx, b.opt

	p.Config = step(b, "config", func() (*config.Config, string, error) {
		c, list, err := loadConfig(opt)
		return c, "read", p.keep(list, err)
	})

	p.Checkouts = step(b, "sync", func() ([]*checkout.Checkout, string, error) {
		c, list, err := source.Sync(ctx, sourceSpecs(p.Config), sourceOptions(opt, p.Config))
		return c, diag.Count(len(c), "source"), p.keep(list, err)
	})

	p.Catalog = step(b, "catalog", func() (*entity.Catalog, string, error) {
		c, list, err := loadCatalog(ctx, opt, p)
		return c, entities(c), p.keep(list, err)
	})

	p.Sites = step(b, "docs", func() ([]*docs.Site, string, error) {
		s, list, err := docs.Build(ctx, p.Catalog, p.Checkouts, docsOptions(opt, p.Config))
		return s, diag.Count(docPages(s), "page"), p.keep(list, err)
	})

	p.Content = step(b, "content", func() (*docs.Site, string, error) {
		s, list, err := ownContent(ctx, opt, p.Config)
		return s, "the portal's own pages", p.keep(list, err)
	})

	p.Set = step(b, "pages", func() (page.Set, string, error) {
		in, list := pageInput(opt, p)
		set, more := page.Build(in)
		return set, diag.Count(len(set.Pages), "page"), p.keep(append(list, more...), nil)
	})

	return p
}
