package docs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/ext/snippets"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// render reads and renders every page.
func (s *siteBuild) render(ctx context.Context) error {
	opt := markdown.Options{IframeHosts: s.opt.IframeHosts, TOC: s.config.toc, Math: s.config.math}
	settings := s.opt.key() + fmt.Sprint(s.config.toc, s.config.math)
	return s.each(ctx, func(p *pageBuild) error {
		p.key = digest(settings, s.place.checkout.BlobHash(p.file.path))
		if s.takeCached(p) {
			return nil
		}
		source, err := fs.ReadFile(s.place.checkout.FS, p.file.path)
		if err != nil {
			p.doc = &record{Failed: "the file could not be read"}
			return nil
		}
		var included snippets.Result
		if snippets.Present(source) {
			included = s.includeSnippets(p, source)
			source = included.Source
		}
		if p.doc = s.renderSafely(ctx, source, opt); p.doc.transient {
			p.key = ""
		}
		p.doc.place(included)
		if s.opt.rendered != nil {
			s.opt.rendered.Add(1)
		}
		return nil
	})
}

// takeCached uses the record of an older pack if the page's source and the
// snippets in it are the same.
func (s *siteBuild) takeCached(p *pageBuild) bool {
	old, ok := s.cached[p.key]
	if !ok {
		return false
	}
	for file, hash := range old.snippets {
		if s.probe(file) != hash {
			return false
		}
	}
	r, _, err := old.read()
	if err != nil {
		return false // made anew; the pack goes when this build is done
	}
	p.doc, p.snippets = r, old.snippets
	return true
}

// includeSnippets reads snippets from the folder of mkdocs.yml, from docs_dir
// and from beside the page, in this order, and never from elsewhere.
func (s *siteBuild) includeSnippets(p *pageBuild, source []byte) snippets.Result {
	p.snippets = map[string]string{}
	return snippets.Expand(source, func(name string) ([]byte, bool) {
		for _, dir := range []string{s.place.root, s.config.docsDir, path.Dir(p.file.path)} {
			file, ok := inside(dir, name)
			if !ok || strings.HasPrefix(name, "/") || hidden(file) {
				continue
			}
			p.snippets[file] = s.probe(file)
			if info, err := fs.Stat(s.place.checkout.FS, file); err != nil || info.IsDir() || info.Size() > markdown.MaxSource {
				continue
			}
			if b, err := fs.ReadFile(s.place.checkout.FS, file); err == nil {
				return b, true
			}
		}
		return nil, false
	})
}

// place corrects the places noted in a page with snippets to be those in the
// page's own file, and notes what could not be included.
func (r *record) place(included snippets.Result) {
	if included.Lines == nil {
		return
	}
	line := func(n int) int {
		if n < 1 || n > len(included.Lines) {
			return n
		}
		return included.Lines[n-1]
	}
	for i := range r.Links {
		r.Links[i].Line = line(r.Links[i].Line)
	}
	for i := range r.Removed {
		r.Removed[i].Line = line(r.Removed[i].Line)
	}
	r.FailedLine = line(r.FailedLine)
	r.Missing = included.Problems
}

func renderPage(source []byte, opt markdown.Options) *record {
	doc, err := markdown.Render(source, opt)
	if err == nil {
		return &record{Document: *doc}
	}
	r := &record{Failed: err.Error()}
	if limit := (*markdown.LimitError)(nil); errors.As(err, &limit) {
		r.FailedLine = limit.Line
	}
	return r
}

// describe fills a page's fields from its front matter and first heading.
func (s *siteBuild) describe(p *pageBuild) {
	m, page := p.doc.Meta, p.page
	page.Title = firstOf(page.Title, m.Title, p.doc.Outline.Title)
	if page.Title == "" {
		name := path.Base(p.file.rel)
		if page.Title = fileTitle(strings.TrimSuffix(name, path.Ext(name))); page.Path == "" {
			page.Title = "Home"
		}
	}
	page.Description, page.Tags = m.Description, m.Tags
	page.HideNav, page.HideTOC, page.NoSearch = m.HideNav, m.HideTOC, m.NoSearch
	report := func(code string, sev diag.Severity, line, column int, message, hint string) {
		p.diags.Add(diag.Diagnostic{Code: code, Severity: sev, Entity: s.site.Entity.String(), Message: message, Hint: hint,
			Pos: diag.Pos{Source: s.site.Source, File: page.File, Line: line, Column: column}})
	}
	if m.Err != "" {
		report("docs-front-matter", diag.Warning, m.ErrLine, 1, m.Err, "the page is shown without its front matter")
	}
	if p.doc.Failed != "" {
		report("docs-page-failed", diag.Error, p.doc.FailedLine, 0, p.doc.Failed, "the page shows this message instead of its content")
	}
	for _, m := range p.doc.Missing {
		report("docs-snippet-missing", diag.Warning, m.Line, 1, "snippet "+quote(m.Name)+" was not included: "+m.Why, "paths are relative to the folder of mkdocs.yml")
	}
	for _, r := range p.doc.Removed {
		report("docs-html-removed", diag.Info, r.Line, r.Column, "HTML element <"+r.What+"> is not published and was left out", removedHints[r.What])
	}
}

var removedHints = map[string]string{
	"iframe": "an operator can allow hosts to be embedded; the page shows a link instead",
	"svg":    "put the picture in a file and use it as an image",
	"style":  "styles belong to the portal's theme",
	"script": "scripts from repositories are never published",
}

func firstOf(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// record is what is known of a page from its source alone.
type record struct {
	markdown.Document
	// Failed says why the page could not be rendered; FailedLine is where.
	Failed     string
	FailedLine int
	// Missing are snippets that could not be included.
	Missing []snippets.Problem
	// transient failures may be the machine's: the next build tries again.
	transient bool
}
