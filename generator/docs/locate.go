package docs

import (
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// The annotations that say where an entity's documentation is
// (Backstage: docs/features/software-catalog/well-known-annotations.md).
const (
	annotationRef    = "backstage.io/techdocs-ref"
	annotationEntity = "backstage.io/techdocs-entity"
	annotationSource = "backstage.io/source-location"
)

// place is where the documentation of an entity lies.
type place struct {
	entity   *entity.Entity
	checkout *checkout.Checkout
	root     string // folder of mkdocs.yml in the checkout, "." for the top
	config   string // path of mkdocs.yml in the checkout, "" if there is none
	docsDir  string // where the pages are while mkdocs.yml says nothing; "" means docs below root
}

// locate finds the documentation of an entity. It returns nil, with a
// diagnostic where something is wrong, for an entity without a site of its own.
func locate(e *entity.Entity, checkouts []*checkout.Checkout) (*place, diag.List) {
	ref := strings.TrimSpace(e.Annotation(annotationRef))
	if ref == "" || e.Annotation(annotationEntity) != "" {
		return nil, nil
	}
	problem := func(code, message, hint string) (*place, diag.List) {
		return nil, diag.List{{
			Code: code, Severity: diag.Error, Pos: e.Pos("metadata.annotations." + annotationRef), Entity: e.Ref().String(),
			Field: "metadata.annotations." + annotationRef, Message: message, Hint: hint,
		}}
	}
	kind, target, found := strings.Cut(ref, ":")
	var p *place
	switch {
	case found && kind == "dir":
		p = locateDir(e, target, checkouts)
	case found && kind == "url":
		p = locateURL(target, checkouts)
	default:
		return problem("docs-ref-invalid", "techdocs-ref "+quote(ref)+" is neither dir: nor url:",
			"write dir:. for docs beside the descriptor")
	}
	if p == nil {
		return problem("docs-ref-unknown", "techdocs-ref "+quote(ref)+" leads to no folder of a known repository",
			"add the repository to the sources, or use dir: with a path inside this one")
	}
	p.entity = e
	if info, err := fs.Stat(p.checkout.FS, p.root); err != nil || !info.IsDir() {
		return problem("docs-ref-missing", "techdocs-ref "+quote(ref)+" leads to "+quote(p.root)+", which is not a folder of "+p.checkout.Name,
			nearestHint(path.Base(p.root), names(p.checkout.FS, path.Dir(p.root))))
	}
	for _, name := range []string{"mkdocs.yaml", "mkdocs.yml"} {
		if file := path.Join(p.root, name); isFile(p.checkout.FS, file) {
			p.config = file
			break
		}
	}
	return p, nil
}

func quote(s string) string { return `"` + s + `"` }

func nearestHint(word string, candidates []string) string {
	if n, ok := diag.Nearest(word, candidates); ok {
		return "did you mean " + quote(n) + "?"
	}
	return ""
}

func names(fsys fs.FS, dir string) []string {
	entries, _ := fs.ReadDir(fsys, dir)
	out := make([]string, 0, len(entries))
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func isFile(fsys fs.FS, file string) bool {
	info, err := fs.Stat(fsys, file)
	return err == nil && !info.IsDir()
}

// locateDir resolves dir: against the entity's source location if that is in
// a known repository, else against the descriptor's folder.
func locateDir(e *entity.Entity, dir string, checkouts []*checkout.Checkout) *place {
	base := place{root: path.Dir(e.Origin.Path)}
	if at, ok := strings.CutPrefix(e.Annotation(annotationSource), "url:"); ok {
		if p := locateURL(at, checkouts); p != nil {
			base = *p
		}
	}
	if base.checkout == nil {
		i := slices.IndexFunc(checkouts, func(c *checkout.Checkout) bool { return c.Name == e.Origin.Source && c.FS != nil })
		if i < 0 {
			return nil
		}
		base.checkout = checkouts[i]
	}
	dir = strings.TrimSpace(strings.ReplaceAll(dir, `\`, "/"))
	root, ok := inside(base.root, dir)
	if !ok || strings.HasPrefix(dir, "/") {
		return nil
	}
	base.root = root
	return &base
}

// inside joins a relative path to a folder and reports whether the result is
// still inside the tree.
func inside(dir, rel string) (string, bool) {
	p := path.Join(dir, rel)
	return p, p != ".." && !strings.HasPrefix(p, "../") && !strings.HasPrefix(p, "/") && fs.ValidPath(p)
}

// locateURL finds the checkout and folder that a web address of a repository
// host means, such as https://github.com/acme/shop/tree/main/docs.
func locateURL(raw string, checkouts []*checkout.Checkout) *place {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return nil
	}
	for _, c := range checkouts {
		if c.FS == nil {
			continue
		}
		for _, base := range []string{c.Web.Base, strings.TrimSuffix(c.URL, ".git")} {
			b, err := url.Parse(base)
			if err != nil || b.Host == "" || !strings.EqualFold(b.Host, u.Host) {
				continue
			}
			rest, ok := cutFold(strings.TrimSuffix(u.Path, "/")+"/", strings.TrimSuffix(b.Path, "/")+"/")
			if !ok {
				continue
			}
			if root, ok := repositoryPath(rest, c); ok {
				return &place{checkout: c, root: root}
			}
		}
	}
	return nil
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// repositoryPath takes the host's words and the branch off the path of an
// address, which may contain slashes itself.
func repositoryPath(rest string, c *checkout.Checkout) (string, bool) {
	rest = strings.TrimPrefix(rest, "-/")
	for _, verb := range []string{"tree/", "blob/", "src/branch/", "src/", "browse/", "raw/"} {
		if after, ok := strings.CutPrefix(rest, verb); ok {
			rest = after
			if at, ok := strings.CutPrefix(rest, c.Web.Branch+"/"); ok && c.Web.Branch != "" {
				rest = at
			} else if at, ok := strings.CutPrefix(rest, c.Ref+"/"); ok && c.Ref != "" {
				rest = at
			} else {
				_, rest, _ = strings.Cut(rest, "/")
			}
			break
		}
	}
	root, ok := c.Web.Inside(strings.Trim(rest, "/"))
	if !ok {
		return "", false
	}
	return inside(".", root)
}
