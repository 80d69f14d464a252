package generator

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/config"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/entity"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/remote"
	"github.com/callboard-portal/callboard/generator/search"
	"github.com/callboard-portal/callboard/generator/site"
	"github.com/callboard-portal/callboard/generator/source"
	"github.com/callboard-portal/callboard/themes"
)

// What a user writes in callboard.yaml, turned into what each stage takes.

// loadConfig reads callboard.yaml and what it names. Errors in it are fatal:
// a portal built from half a configuration would lose pages.
func loadConfig(opt Options) (*config.Config, diag.List, error) {
	c, list, err := config.Load(opt.Config, opt.LookupEnv)
	if err != nil {
		return nil, nil, err
	}
	if list.Count(diag.Error) > 0 {
		return nil, nil, &ConfigError{File: opt.Config, Findings: list}
	}
	return c, list, nil
}

func sourceOptions(opt Options, c *config.Config) source.Options {
	return source.Options{
		StateDir: opt.StateDir, BaseDir: c.Dir, Offline: opt.Offline || opt.NoSync,
		Exclude: []string{absolute(opt.Output)}, Now: opt.Now, WorkerCommand: workerCommand(opt, source.WorkerVerb), Log: opt.Log,
	}
}

func absolute(p string) string {
	if abs, err := filepath.Abs(p); err == nil {
		return abs
	}
	return p
}

func sourceSpecs(c *config.Config) []source.Spec {
	specs := make([]source.Spec, len(c.Sources))
	for i, s := range c.Sources {
		specs[i] = source.Spec{
			Git: s.Git, Directory: s.Directory, File: s.File, Name: s.Name, Ref: s.Ref, Refs: s.Refs,
			Descriptors: s.Descriptors, History: history(s.History), Timeout: s.Timeout, MaxBytes: int64(s.MaxSize),
			Auth: source.Auth{
				Username: s.Auth.Username, Password: s.Auth.Password, Token: s.Auth.Token,
				KeyFile: beside(c.Dir, s.Auth.SSHKey), KeyPassphrase: s.Auth.Password, KnownHosts: beside(c.Dir, s.Auth.KnownHosts),
			},
			Priority: i, Pos: s.Pos,
		}
		if g := s.GitHub; g != nil {
			specs[i].GitHub = &source.GitHub{
				Organization: g.Organization + g.User, API: g.API, Token: g.Token,
				Topics: source.Filter{Include: g.Filter.Topics.Include, Exclude: g.Filter.Topics.Exclude},
				Names:  source.Filter{Include: g.Filter.Match, Exclude: g.Filter.Exclude}, Archived: g.Filter.Archived, Forks: g.Filter.Forks,
			}
		}
		if g := s.GitLab; g != nil {
			specs[i].GitLab = &source.GitLab{
				Group: g.Group, API: g.API, Token: g.Token, DirectOnly: !g.Subgroups,
				Topics: source.Filter{Include: g.Filter.Topics.Include, Exclude: g.Filter.Topics.Exclude},
				Names:  source.Filter{Include: g.Filter.Match, Exclude: g.Filter.Exclude}, Archived: g.Filter.Archived, Forks: g.Filter.Forks,
			}
		}
	}
	return specs
}

// beside resolves a path that callboard.yaml gives relative to its own folder.
func beside(dir, p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(dir, p)
}

func history(d config.Depth) source.History {
	switch d {
	case config.NoHistory:
		return source.NoHistory
	case config.FullHistory:
		return source.FullHistory
	}
	return source.History(d)
}

// loadCatalog reads the descriptors of all checkouts, and from the web what
// they include and the operator allows.
func loadCatalog(ctx context.Context, opt Options, p *Portal) (*entity.Catalog, diag.List, error) {
	web := remote.New(remote.Options{
		Allow: p.Config.Catalog.Reading.Allow, Dir: filepath.Join(opt.StateDir, "remote"),
		Offline: opt.Offline || opt.NoSync, Now: opt.Now, Log: opt.Log,
	})
	catalogOpt := catalogOptions(p.Config)
	catalogOpt.Read = web.Read
	c, _, list, err := catalog.Load(ctx, p.Checkouts, catalogOpt)
	for _, d := range web.Findings() {
		d.Pos.File = filepath.Base(p.Config.File)
		list.Add(d)
	}
	return c, list, err
}

func catalogOptions(c *config.Config) catalog.Options {
	opt := catalog.Options{AllowHosts: c.Catalog.Reading.Allow, EntitiesPerSource: c.Catalog.MaxEntities}
	for _, r := range c.Catalog.Rules {
		opt.Rules = append(opt.Rules, catalog.Rule{Allow: r.Allow, Sources: r.Sources})
	}
	for _, k := range c.Kinds {
		custom := kind.Custom{Name: k.Kind, Plural: k.Plural, APIVersions: k.APIVersions, Schema: k.Schema.Value}
		for _, r := range k.Relations {
			custom.Relations = append(custom.Relations, kind.CustomRelation{
				Field: r.Field, Relation: kind.Relation{DefaultKind: r.DefaultKind, Forward: r.Forward, Reverse: r.Reverse},
			})
		}
		opt.Kinds = append(opt.Kinds, custom)
	}
	return opt
}

func docsOptions(opt Options, c *config.Config) docs.Options {
	return docs.Options{
		CacheDir: filepath.Join(opt.StateDir, "docs"), IframeHosts: c.Docs.IframeHosts,
		WorkerCommand: workerCommand(opt, docsWorkerVerb),
	}
}

// pageInput gathers what pages are made from: the stages before, the brand's
// files and the portal's own content.
func pageInput(opt Options, p *Portal) (page.Input, diag.List) {
	c := p.Config
	in := page.Input{
		Catalog: p.Catalog, Sites: p.Sites, Content: p.Content, Announcements: page.AnnouncementsFrom(p.Content),
		Checkouts: p.Checkouts, Diagnostics: p.Findings,
		Portal: page.Portal{
			Title: c.Portal.Title, Organization: c.Portal.Organization, Description: c.Portal.Description,
			Language: c.Portal.Language, URL: c.Portal.URL,
		},
		IframeHosts: c.Docs.IframeHosts, Now: opt.Now, Version: opt.Version, Markdown: docs.Description, Highlight: docs.Highlight,
	}
	var findings diag.List
	in.Brand, findings = brandFiles(c)
	in.Diagnostics = onSite(append(in.Diagnostics, findings...), c.Dir)
	return in, findings
}

// onSite returns findings as pages show them: files of the portal's own folder
// by their path in it, so that a site does not depend on where it was built.
func onSite(list diag.List, dir string) diag.List {
	list = slices.Clone(list)
	for i := range list {
		list[i].Pos = inFolder(list[i].Pos, dir)
		list[i].Related = slices.Clone(list[i].Related)
		for j := range list[i].Related {
			list[i].Related[j] = inFolder(list[i].Related[j], dir)
		}
	}
	list.Sort()
	return list
}

func inFolder(p diag.Pos, dir string) diag.Pos {
	if rel, err := filepath.Rel(dir, absolute(p.File)); p.Source == "" && p.File != "" && err == nil && filepath.IsLocal(rel) {
		p.File = filepath.ToSlash(rel)
	}
	return p
}

// ownContent renders the portal's own Markdown folder; nil where there is none.
func ownContent(ctx context.Context, opt Options, c *config.Config) (*docs.Site, diag.List, error) {
	dir := filepath.Join(c.Dir, c.Content)
	if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
		return nil, nil, nil
	}
	so := sourceOptions(opt, c)
	so.StateDir = filepath.Join(opt.StateDir, "content")
	found, list, err := source.Sync(ctx, []source.Spec{{Directory: c.Content, Name: "portal"}}, so)
	if err != nil || len(found) == 0 || found[0].FS == nil {
		return nil, list, err
	}
	content, more, err := docs.Folder(ctx, found[0], ".", c.Portal.Title, docsOptions(opt, c))
	list.Add(more...)
	return content, list, err
}

// brandFiles reads the files that brand.yaml names. A missing one is a finding.
func brandFiles(c *config.Config) (page.Brand, diag.List) {
	out := page.Brand{Name: c.Brand.Name}
	var findings diag.List
	publishFile := func(field, name string) string {
		if name == "" {
			return ""
		}
		data, err := os.ReadFile(filepath.Join(c.Brand.Dir, filepath.FromSlash(name)))
		ext := path.Ext(name)
		if err == nil && ext == ".svg" {
			data, err = docs.CleanSVG(data)
		}
		if err != nil {
			findings.Add(diag.Diagnostic{
				Code: "brand-file", Severity: diag.Warning, Pos: diag.Pos{File: c.BrandFile}, Field: field,
				Message: fmt.Sprintf("%q cannot be used: %v", name, err), Hint: "give the path of an image beside brand.yaml",
			})
			return ""
		}
		f := page.NewFile("brand/"+field+ext, data)
		out.Files = append(out.Files, f)
		return "/" + f.Path
	}
	out.Logo = publishFile("logo", c.Brand.Logo)
	out.LogoDark = publishFile("logoDark", c.Brand.LogoDark)
	out.Favicon = publishFile("favicon", c.Brand.Favicon)
	for _, l := range c.Brand.Links.Header {
		out.HeaderLinks = append(out.HeaderLinks, page.NavLink{Title: l.Title, URL: l.URL})
	}
	for _, l := range c.Brand.Links.Footer {
		out.FooterLinks = append(out.FooterLinks, page.NavLink{Title: l.Title, URL: l.URL})
	}
	return out, findings
}

// index brings the search index up to date and returns its static shards.
func index(ctx context.Context, opt Options, p *Portal) ([]page.File, string, error) {
	x, err := search.Open(searchDir(opt))
	if err != nil {
		return nil, "", err
	}
	defer x.Close()
	stats, err := x.Update(ctx, append(search.Documents(p.Catalog, p.Sites), search.ContentDocuments(p.Content)...))
	if err != nil {
		return nil, "", err
	}
	files, err := x.Export()
	return files, fmt.Sprintf("%s, %d indexed", diag.Count(stats.Documents, "document"), stats.Indexed), err
}

func searchDir(opt Options) string { return filepath.Join(opt.StateDir, "index") }

// release renders what changed and exchanges the site.
func release(ctx context.Context, b *build, p *Portal, shards []page.File) (publish.Result, error) {
	theme, list, err := loadTheme(b.opt, p)
	if err != nil {
		return publish.Result{}, err
	}
	p.Findings.Add(list...)
	set := p.Set
	set.Files = append(slices.Clone(set.Files), shards...)
	return publish.Release(ctx, publish.Options{
		Dir: b.opt.Output, StateDir: b.opt.StateDir, Lock: b.lock, Set: &set, Theme: theme,
		MaxFiles: p.Config.Output.MaxFiles, MaxBytes: int64(p.Config.Output.MaxSize),
	})
}

func loadTheme(opt Options, p *Portal) (*site.Theme, diag.List, error) {
	c := p.Config
	o := site.ThemeOptions{
		Base: themes.Base(), Shell: p.Set.Shell, StateDir: opt.StateDir,
		Brand: site.Brand{
			Accent: c.Brand.Accent, Accent2: c.Brand.Accent2, Radius: c.Brand.Radius, Density: c.Brand.Density, Font: c.Brand.Font,
			Pos: diag.Pos{File: c.BrandFile},
		},
	}
	if c.Theme != "" && c.Theme != "base" {
		dir := filepath.Join(c.Dir, c.Theme)
		if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
			return nil, nil, fmt.Errorf("theme: there is no bundled theme and no folder %q", c.Theme)
		}
		o.Override = os.DirFS(dir)
	}
	found, err := lintTheme(o.Override, c.Theme)
	if err != nil {
		return nil, nil, err
	}
	if css, err := os.ReadFile(filepath.Join(c.Brand.Dir, "custom.css")); err == nil {
		o.CustomCSS = css
	} else if !os.IsNotExist(err) {
		return nil, nil, fmt.Errorf("read custom.css: %w", err)
	}
	theme, list, err := site.LoadTheme(o)
	found.Add(list...)
	return theme, found, err
}

// lintTheme finds what a portal's own templates must not use; nothing where it
// has none.
func lintTheme(override fs.FS, folder string) (diag.List, error) {
	if override == nil {
		return nil, nil
	}
	return site.Lint(override, func(name string) string { return path.Join(filepath.ToSlash(folder), name) })
}

// entityOf finds the entity that a ref written by a user names.
func entityOf(c *entity.Catalog, ref string) (*entity.Entity, error) {
	r, err := entity.ParseRef(ref, "component", entity.DefaultNamespace)
	if err != nil {
		return nil, err
	}
	if e := c.Get(r); e != nil {
		return e, nil
	}
	var keys []string
	for _, e := range c.All() {
		keys = append(keys, e.Ref().Key())
	}
	if n, ok := diag.Nearest(r.Key(), keys); ok {
		return nil, fmt.Errorf("there is no entity %s\ndid you mean %s?", r, n)
	}
	return nil, fmt.Errorf("there is no entity %s\nrun callboard inspect catalog to see what there is", r)
}
