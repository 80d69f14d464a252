package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/config"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
)

// Portal is what the reading stages made: each field is one stage's value.
type Portal struct {
	Config    *config.Config
	Checkouts []*checkout.Checkout
	Catalog   *entity.Catalog
	Sites     []*docs.Site
	// Content is the portal's own Markdown folder; nil where there is none.
	Content *docs.Site
	Set     page.Set
	// Findings are the diagnostics of all stages so far, sorted.
	Findings diag.List
}

// add adds findings to the portal's.
func (p *Portal) add(list diag.List) {
	p.Findings.Add(list...)
	p.Findings.Sort()
}

// keep adds a stage's findings to the portal's; it passes err on.
func (p *Portal) keep(list diag.List, err error) error {
	p.add(list)
	return err
}

// ErrBusy says that another build holds the state folder.
var ErrBusy = publish.ErrBusy

// ErrLimit says that the site exceeds a bound set under `output`.
var ErrLimit = publish.ErrLimit

// ConfigError says that callboard.yaml cannot be used as it stands.
type ConfigError struct {
	File     string
	Findings diag.List
}

// Error names the file; the findings say what is wrong with it.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s cannot be used: %s", e.File, diag.Count(e.Findings.Count(diag.Error), "error"))
}

// build is one run of the stages.
type build struct {
	ctx    context.Context
	opt    Options
	lock   *publish.Lock
	began  time.Time
	stages []StageReport
	until  string // the last stage wanted; "" for all
	done   bool   // that stage has run
	err    error
}

// begin takes the state folder for this run.
func begin(ctx context.Context, opt Options) (*build, error) {
	opt = opt.WithDefaults()
	lock, err := publish.LockState(opt.StateDir)
	if err != nil {
		return nil, err
	}
	return &build{ctx: ctx, opt: opt, lock: lock, began: time.Now()}, nil
}

// end gives the state folder back.
func (b *build) end() { _ = b.lock.Unlock() }

// step runs one stage. It is the only place that names stages in errors,
// times them and tells of their progress. After an error or the last stage
// wanted, and once the build is to stop, the remaining steps do nothing and
// return zero values.
func step[T any](b *build, name string, run func() (value T, summary string, err error)) (value T) {
	if b.err == nil && !b.done && b.ctx.Err() != nil {
		b.err = context.Cause(b.ctx)
	}
	if b.err != nil || b.done {
		return value
	}
	b.progress(StageReport{Name: name})
	began := time.Now()
	value, summary, err := run()
	stage := StageReport{Name: name, Seconds: time.Since(began).Seconds(), Summary: summary, Done: true}
	b.stages = append(b.stages, stage)
	b.done = name == b.until
	b.progress(stage)
	var unusable *ConfigError
	switch {
	case err == nil:
	case errors.As(err, &unusable):
		b.err = err
	default:
		b.err = fmt.Errorf("%s: %w", name, err)
	}
	return value
}

func (b *build) progress(s StageReport) {
	if b.opt.Progress != nil {
		b.opt.Progress(s)
	}
}

// finish puts the report together.
func (b *build) finish(p *Portal, r publish.Result) (*Report, error) {
	if b.err != nil {
		return nil, b.err
	}
	p.add(r.Warnings)
	report := &Report{
		Version: reportVersion, SiteHash: r.SiteHash, Started: b.opt.Now,
		Seconds: time.Since(b.began).Seconds(), Stages: b.stages,
		Pages: PageReport{Total: r.Total, Rendered: r.Rendered, Unchanged: r.Unchanged, Removed: r.Removed},
		Files: r.Files, Bytes: r.Bytes,
		Entities: map[string]int{}, Docs: DocsReport{Sites: len(p.Sites), Pages: docPages(p.Sites)},
		Diagnostics: DiagnosticCounts{
			Error: p.Findings.Count(diag.Error), Warning: p.Findings.Count(diag.Warning), Info: p.Findings.Count(diag.Info),
		},
		PeakRSSBytes: peakRSS(), Findings: p.Findings,
	}
	for _, k := range p.Catalog.Kinds() {
		report.Entities[k] = len(p.Catalog.Kind(k))
	}
	for _, c := range p.Checkouts {
		age := 0.0
		if !c.FetchedAt.IsZero() {
			age = max(0, b.opt.Now.Sub(c.FetchedAt).Seconds())
		}
		report.Sources = append(report.Sources, SourceReport{Name: c.Name, Commit: c.Commit, Age: age, State: string(c.State), Error: c.Err})
	}
	slices.SortFunc(report.Sources, func(a, b SourceReport) int { return cmp.Compare(a.Name, b.Name) })
	return report, nil
}

func docPages(sites []*docs.Site) int {
	n := 0
	for _, s := range sites {
		n += len(s.Pages)
	}
	return n
}

func entities(c *entity.Catalog) string {
	if c == nil {
		return ""
	}
	return diag.Count(len(c.All()), "entity")
}
