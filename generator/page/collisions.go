package page

import (
	"fmt"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// claims is the site's file tree while it is being shared out. Names count as
// equal when only their case differs, since hosts and disks differ on that.
type claims struct {
	files map[string]claim // lower-case path of each file
	dirs  map[string]claim // lower-case path of each folder that holds something
}

type claim struct {
	path string
	from diag.Pos
}

// dropCollisions keeps the first of several pages and files that want the same
// path and reports the others. It is where every path of the site is checked.
func (b *builder) dropCollisions() {
	c := claims{files: map[string]claim{}, dirs: map[string]claim{}}
	for _, path := range reserved {
		c.files[path] = claim{path: path}
	}
	pages := b.set.Pages[:0]
	for _, p := range b.set.Pages {
		if b.claim(c, filePath(p.URL), p.from) {
			pages = append(pages, p)
		}
	}
	b.set.Pages = pages
	files := b.set.Files[:0]
	for _, f := range b.set.Files {
		if b.claim(c, f.Path, f.from) {
			files = append(files, f)
		}
	}
	b.set.Files = files
	b.dropRedirects(c)
}

// filePath returns the file of a page.
func filePath(url string) string {
	if strings.HasSuffix(url, "/") {
		url += "index.html"
	}
	return strings.TrimPrefix(url, "/")
}

// claim takes a path, or reports who has it.
func (b *builder) claim(c claims, path string, from diag.Pos) bool {
	key := strings.ToLower(path)
	other, taken := c.files[key]
	if !taken {
		other, taken = c.dirs[key] // a folder has this name
	}
	for dir, ok := parent(key); ok && !taken; dir, ok = parent(dir) {
		other, taken = c.files[dir] // a file has the name of a folder above
	}
	if !taken && strings.HasPrefix(key, ownersProblems) {
		other, taken = claim{path: ownersProblems}, true
	}
	if taken {
		b.collision(path, from, other)
		return false
	}
	c.files[key] = claim{path, from}
	for dir, ok := parent(key); ok; dir, ok = parent(dir) {
		if _, known := c.dirs[dir]; known {
			break
		}
		c.dirs[dir] = claim{path, from}
	}
	return true
}

// ownersProblems is where the pages of each owner's problems will be.
var ownersProblems = strings.TrimPrefix(ProblemsURL, "/") + "owner/"

func parent(path string) (string, bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", false
	}
	return path[:i], true
}

func (b *builder) collision(path string, from diag.Pos, other claim) {
	d := diag.Diagnostic{
		Code: "page-url-collision", Severity: diag.Error, Pos: from,
		Message: fmt.Sprintf("the address %q is already taken by %q", "/"+path, "/"+other.path),
		Hint:    "rename one of the two: addresses that differ only in case count as the same",
	}
	if !other.from.IsZero() {
		d.Related = []diag.Pos{other.from}
	}
	b.diags.Add(d)
}

// dropRedirects keeps redirects whose old address is free, the first of
// several from the same one, and none that lead to themselves.
func (b *builder) dropRedirects(c claims) {
	var out []Redirect
	seen := map[string]bool{}
	for _, r := range append(b.set.Redirects, b.otherAddresses()...) {
		file := filePath(r.From)
		switch {
		case r.From == r.To || seen[file]:
		case c.files[strings.ToLower(file)].path == file:
			b.diags.Add(diag.Diagnostic{
				Code: "page-redirect-shadowed", Severity: diag.Warning, Pos: r.from,
				Message: fmt.Sprintf("the redirect from %q to %q does nothing, since that page exists", r.From, r.To),
				Hint:    "remove the redirect, or the page",
			})
		default:
			seen[file] = true
			out = append(out, r)
		}
	}
	b.set.Redirects = out
}

// otherAddresses are those of Backstage's stock app that have another name
// here, and those of entities and their documentation in lower case, as
// Backstage writes them, where the name has capitals.
func (b *builder) otherAddresses() []Redirect {
	create := CatalogURL
	if len(b.cat.Kind("template")) > 0 {
		create = FacetURL("kind", "template")
	}
	out := []Redirect{{From: "/catalog-graph/", To: GraphURL}, {From: "/create/", To: create}}
	for _, e := range b.cat.All() {
		urls := []string{EntityURL(e.Ref())}
		if b.siteOf[b.key(e.Ref())] != nil {
			urls = append(urls, DocsSiteURL(e.Ref()))
		}
		for _, u := range urls {
			if lower := strings.ToLower(u); lower != u {
				out = append(out, Redirect{From: lower, To: u})
			}
		}
	}
	return out
}
