package docs

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
	"github.com/callboard-portal/callboard/generator/entity"
)

// resolver turns the links of a page as written into addresses, knowing the
// whole site.
type resolver struct {
	site *siteBuild
	page *pageBuild
	out  []string // per link, what goes into its slot
	// hints counts the suggestions looked for: each takes a comparison with
	// every candidate, so a page gets so many and no more.
	hints int
}

// maxHints is how many suggestions a page's broken links get.
const maxHints = 30

// attributes collects what goes into a slot.
type attributes []byte

func (a *attributes) add(name, value string) {
	if len(*a) > 0 {
		*a = append(*a, ' ')
	}
	*a = append(append(*a, name...), '=', '"')
	*a = append(sanitize.Escape(*a, value), '"')
}

// resolve returns the contents of the slots of a page.
func (s *siteBuild) resolve(p *pageBuild) []string {
	r := &resolver{site: s, page: p, out: make([]string, 0, len(p.doc.Links))}
	for i := range p.doc.Links {
		r.out = append(r.out, r.slot(&p.doc.Links[i]))
	}
	return r.out
}

// target is where a link leads.
type target struct {
	url      string
	external bool
	asset    *Asset
	broken   string // why it leads nowhere
	code     string // of the diagnostic, if it is broken
	hint     string
}

func (r *resolver) slot(l *markdown.Link) string {
	t := r.target(l)
	var a attributes
	class, title := l.Class, l.Title
	switch {
	case t.broken != "":
		class, title = strings.TrimSpace(class+" broken-link"), "Broken link: "+t.broken
		r.report(l, t)
	default:
		a.add(l.Attr, t.url)
		if t.external && l.Tag == "a" {
			class = strings.TrimSpace(class + " external")
		}
	}
	if class != "" {
		a.add("class", class)
	}
	if title != "" {
		a.add("title", title)
	}
	if t.external && l.Tag == "a" {
		a = append(a, sanitize.Rel...)
	}
	if t.asset != nil && l.Tag == "img" && t.asset.Width > 0 && !l.Sized {
		a = append(a, r.size(t.asset)...)
	}
	return string(a)
}

func (r *resolver) report(l *markdown.Link, t target) {
	r.page.diags = append(r.page.diags, diag.Diagnostic{
		Code: t.code, Severity: diag.Warning, Entity: r.site.site.Entity.String(),
		Pos:     diag.Pos{Source: r.site.site.Source, File: r.page.page.File, Line: l.Line, Column: l.Column},
		Message: t.broken, Hint: t.hint,
	})
}

func (r *resolver) target(l *markdown.Link) target {
	raw := strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(sanitize.Printable(l.URL), "\ufffd"), "\n", ""))
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	if scheme, ok := sanitize.Scheme(raw); ok {
		u, safe := sanitize.URL(raw, l.Attr == "src")
		if !safe {
			return target{code: "docs-link-unsafe", broken: "the address " + quote(shorten(raw)) + " is of a kind that is not published", hint: "use https:"}
		}
		return target{url: escapeURL(u), external: scheme == "http" || scheme == "https"}
	}
	dest, frag, hasFrag := strings.Cut(raw, "#")
	dest, query, hasQuery := strings.Cut(dest, "?")
	if p, err := url.PathUnescape(dest); err == nil {
		dest = p
	}
	if frag, err := url.PathUnescape(frag); err == nil && dest == "" && (hasFrag || raw == "") {
		return r.anchor(r.page, frag, "#"+escapeURL(frag))
	}
	t := r.path(l, strings.ReplaceAll(dest, `\`, "/"), frag)
	if t.broken == "" && !strings.Contains(t.url, "#") {
		if hasQuery {
			t.url += "?" + escapeURL(query)
		}
		if hasFrag {
			t.url += "#" + escapeURL(frag)
		}
	}
	return t
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// path resolves a path relative to the page's file, or as people also write
// them: from the docs' top, without ".md", or relative to the page's address.
func (r *resolver) path(l *markdown.Link, dest, frag string) target {
	s := r.site
	dir := path.Dir(r.page.file.path)
	if strings.HasPrefix(dest, "/") {
		if t, ok := r.portal(dest); ok {
			return t
		}
		dir, dest = s.config.docsDir, strings.TrimPrefix(dest, "/")
	}
	full, ok := inside(dir, dest)
	if !ok {
		return target{code: "docs-link-outside", broken: "the link " + quote(dest) + " leaves the repository"}
	}
	for _, file := range []string{full, full + ".md", strings.TrimSuffix(full, ".html") + ".md", full + "/index.md", full + "/README.md"} {
		if p := s.byFile[file]; p != nil {
			return r.anchor(p, frag, "")
		}
	}
	if p := s.byURL[strings.ToLower(pageURLOf(path.Join(r.page.page.Path, dest)))]; p != nil && dest != "" {
		return r.anchor(p, frag, "") // written relative to the page's address
	}
	if _, ok := s.rel(full); l.Attr == "href" && !ok && full != s.config.docsDir {
		if t := r.onHost(full); t.url != "" {
			return t
		}
	}
	if a := s.publish(full); a != nil {
		return target{url: relative(r.page.page.Path, a.Path), asset: a}
	}
	if l.Attr == "src" { // raw HTML images are written relative to the page's address
		if alt, ok := inside(s.config.docsDir, path.Join(r.page.page.Path, dest)); ok {
			if a := s.publish(alt); a != nil {
				return target{url: relative(r.page.page.Path, a.Path), asset: a}
			}
		}
	}
	return r.outside(l, full, dest)
}

func pageURLOf(p string) string {
	p = strings.Trim(p, "/")
	if p == "" || p == "." {
		return ""
	}
	return slugPath(p) + "/"
}

// portal resolves an absolute path to a page of the portal itself.
func (r *resolver) portal(dest string) (target, bool) {
	parts := strings.Split(strings.Trim(dest, "/"), "/")
	if len(parts) < 4 || parts[0] != "docs" && parts[0] != "catalog" {
		return target{}, false
	}
	home := r.site.entityHome(entity.Ref{Kind: parts[2], Namespace: parts[1], Name: parts[3]})
	if home == "" {
		return target{}, false
	}
	rest := ""
	if len(parts) > 4 {
		rest = strings.Join(parts[4:], "/") + "/"
	}
	return target{url: strings.Repeat("../", 4+strings.Count(r.page.page.Path, "/")) + escapePath(parts[0]+"/"+home+rest)}, true
}

// onHost returns the address of a file or folder on the repository's web
// host; its url is "" where there is none.
func (r *resolver) onHost(full string) target {
	web := r.site.place.checkout.Web
	if web.Branch != "" {
		web.Commit = "" // a link to the branch stays the same from commit to commit
	}
	switch r.site.probe(full) {
	case "":
		return target{}
	case "folder":
		return target{url: web.Tree(full), external: true}
	}
	return target{url: web.File(full, 0), external: true}
}

// outside resolves a link to something that is not published.
func (r *resolver) outside(l *markdown.Link, full, dest string) target {
	s := r.site
	switch found := s.probe(full); {
	case found == "":
		return target{code: "docs-link-broken", broken: quote(shorten(dest)) + " does not exist", hint: r.nearestFile(dest)}
	case l.Attr != "href":
		return target{code: "docs-asset-type", broken: quote(dest) + " is not an image that can be published", hint: "use PNG, JPEG, WebP, GIF, AVIF or SVG up to 5 MiB"}
	}
	if t := r.onHost(full); t.url != "" {
		return t
	}
	return target{code: "docs-link-unpublished", broken: quote(dest) + " is in the repository but not part of the docs",
		hint: "move it into " + s.config.docsDir + ", or link to it on the repository's host"}
}

// anchor resolves a link to a page, and to an anchor on it unless frag is empty.
func (r *resolver) anchor(p *pageBuild, frag, own string) target {
	if un, err := url.PathUnescape(frag); err == nil {
		frag = un
	}
	t := target{url: own}
	if own == "" {
		t.url = relative(r.page.page.Path, p.page.Path)
		if frag != "" {
			t.url += "#" + escapeURL(frag)
		}
	}
	if frag == "" || frag == "top" || p.doc == nil || p.doc.Failed != "" {
		return t
	}
	if _, ok := slices.BinarySearch(p.doc.IDs, frag); ok {
		return t
	}
	if safe := sanitize.SafeID(frag); safe != frag {
		if _, ok := slices.BinarySearch(p.doc.IDs, safe); ok {
			t.url = strings.TrimSuffix(t.url, escapeURL(frag)) + escapeURL(safe)
			return t
		}
	}
	return target{code: "docs-anchor-broken", broken: "there is no anchor " + quote("#"+shorten(frag)) + " on " + path.Base(p.file.path), hint: r.nearestAnchor(frag, p.doc.IDs)}
}

func (r *resolver) nearestAnchor(frag string, ids []string) string {
	if r.hints++; r.hints > maxHints {
		return ""
	}
	return nearestHint(frag, ids)
}

// nearestFile suggests a file for a link that leads nowhere.
func (r *resolver) nearestFile(dest string) string {
	if r.hints++; r.hints > maxHints {
		return ""
	}
	x, dir := r.site.nearby(), path.Dir(r.page.file.path)
	best := ""
	if same := x.byBase[path.Base(dest)]; len(same) > 0 {
		best = same[0]
	} else if full, ok := inside(dir, dest); ok {
		candidates := x.all
		if len(candidates) > 2000 {
			candidates = x.byDir[path.Dir(full)]
		}
		if best, ok = diag.Nearest(full, candidates); !ok {
			return ""
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + quote(relativeFile(dir, best)) + "?"
}

// neighbors are the files of a site, sorted, for suggestions.
type neighbors struct {
	all           []string
	byBase, byDir map[string][]string
}

// nearby returns the site's files, indexed when first needed.
func (s *siteBuild) nearby() *neighbors {
	s.near.Do(func() {
		s.neighbors = &neighbors{byBase: map[string][]string{}, byDir: map[string][]string{}}
		for _, f := range slices.Concat(s.tree.pages, s.tree.assets) {
			s.neighbors.all = append(s.neighbors.all, f.path)
		}
		slices.Sort(s.neighbors.all)
		for _, f := range s.neighbors.all {
			s.neighbors.byBase[path.Base(f)] = append(s.neighbors.byBase[path.Base(f)], f)
			s.neighbors.byDir[path.Dir(f)] = append(s.neighbors.byDir[path.Dir(f)], f)
		}
	})
	return s.neighbors
}

// relativeFile returns the path from a folder to a file.
func relativeFile(dir, file string) string {
	if dir == "." {
		return file
	}
	return strings.TrimSuffix(relative(dir+"/", file), "/")
}

// relative returns the relative URL from a page's path to another path of the
// same site; both are relative to the site's top.
func relative(from, to string) string {
	f, t := strings.Split(from, "/"), strings.Split(to, "/")
	i := 0
	for i < len(f)-1 && i < len(t)-1 && f[i] == t[i] {
		i++
	}
	out := strings.Repeat("../", len(f)-1-i) + escapePath(strings.Join(t[i:], "/"))
	return cmp.Or(out, "./")
}

// escapePath percent-encodes a path for use in a relative URL.
func escapePath(p string) string {
	s := (&url.URL{Path: p}).EscapedPath()
	if first, _, _ := strings.Cut(s, "/"); strings.Contains(first, ":") {
		return "./" + s
	}
	return s
}

var urlEscapes = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "`", "%60")

// escapeURL encodes what an address must not contain as it is.
func escapeURL(u string) string { return urlEscapes.Replace(u) }
