package docs

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/ext/toc"
)

// The limits of included sites.
const (
	maxIncludes     = 500
	maxIncludeDepth = 8
)

// include is another site's mkdocs.yml that nav includes, as the monorepo
// plugin does: its pages become part of this site, below its site_name.
type include struct {
	target string // as written, and the place in nav it was written at
	config *config
	alias  string // folder in the URL space
}

// includeTarget splits "!include path" and "*include path".
func includeTarget(s string) (pattern string, wildcard, ok bool) {
	if rest, found := strings.CutPrefix(s, "!include "); found {
		return strings.TrimSpace(rest), false, true
	}
	if rest, found := strings.CutPrefix(s, "*include "); found {
		return strings.TrimSpace(rest), true, true
	}
	return "", false, false
}

// loadIncludes reads the sites that nav includes and adds their files.
func (s *siteBuild) loadIncludes() {
	if s.config.nav != nil {
		s.loadFrom(s.config, s.config.nav, "", 0)
	}
	s.roots = []root{{s.config.docsDir, ""}}
	for _, in := range s.includes {
		s.roots = append(s.roots, root{in.config.docsDir, in.alias + "/"})
	}
}

// loadFrom reads what one nav includes; prefix is the alias of the site it is in.
func (s *siteBuild) loadFrom(c *config, n *yaml.Node, prefix string, depth int) {
	switch n.Kind {
	case yaml.ScalarNode:
		pattern, wildcard, ok := includeTarget(strings.TrimSpace(n.Value))
		if !ok {
			return
		}
		files, why := s.includeFiles(c, pattern, wildcard)
		for _, f := range files {
			if why == "" {
				why = s.load(c, n, f, prefix, depth)
			}
		}
		if why != "" {
			c.report("docs-nav-include", diag.Warning, n, "nav", "nav includes "+quote(pattern)+": "+why, "the entry was left out")
		}
	case yaml.SequenceNode, yaml.MappingNode:
		for _, x := range n.Content {
			s.loadFrom(c, x, prefix, depth)
		}
	}
}

// includeFiles returns the mkdocs.yml files that a target means, or why there are none.
func (s *siteBuild) includeFiles(c *config, pattern string, wildcard bool) ([]string, string) {
	full, ok := inside(path.Dir(c.file), pattern)
	switch ext := path.Ext(pattern); {
	case !ok || strings.HasPrefix(pattern, "/"):
		return nil, "the path leaves the repository"
	case ext != ".yml" && ext != ".yaml":
		return nil, "it is not a .yml file"
	case !wildcard && !isFile(s.place.checkout.FS, full):
		return nil, "there is no such file"
	case !wildcard:
		return []string{full}, ""
	}
	files, err := doublestar.Glob(s.place.checkout.FS, full)
	if err != nil || len(files) == 0 {
		return nil, "no file matches"
	}
	slices.Sort(files)
	return files, ""
}

// load reads one included site and returns why it could not be used, or "".
func (s *siteBuild) load(c *config, n *yaml.Node, file, prefix string, depth int) string {
	p := &place{entity: s.place.entity, checkout: s.place.checkout, root: path.Dir(file), config: file}
	in := &include{target: includeKey(c, n, file), config: readConfig(p)}
	switch {
	case len(s.includes) >= maxIncludes || depth >= maxIncludeDepth:
		return "too many files include one another"
	case in.config.siteName == "":
		return "the file has no site_name, which its pages' addresses begin with"
	case !isDirectory(s.place.checkout.FS, in.config.docsDir):
		return "there is no folder " + quote(in.config.docsDir)
	}
	in.alias = path.Join(prefix, alias(in.config.siteName))
	if slices.ContainsFunc(s.includes, func(o *include) bool { return o.alias == in.alias }) {
		return "another included file has the same site_name"
	}
	sub, diags := listTree(p, in.config)
	if len(s.tree.pages)+len(s.tree.assets)+len(sub.pages)+len(sub.assets) > maxFiles {
		return fmt.Sprintf("with it the docs would have more than %d files", maxFiles)
	}
	s.includes = append(s.includes, in)
	s.diags.Add(diags...)
	for _, f := range sub.pages {
		f.rel = in.alias + "/" + f.rel
	}
	for _, f := range sub.assets {
		f.rel = in.alias + "/" + f.rel
	}
	s.tree.pages = append(s.tree.pages, sub.pages...)
	s.tree.assets = append(s.tree.assets, sub.assets...)
	if in.config.nav != nil {
		s.loadFrom(in.config, in.config.nav, in.alias, depth+1)
	}
	return ""
}

// includeKey identifies an include: nav may include the same file twice.
func includeKey(c *config, n *yaml.Node, file string) string { return c.pos(n).String() + " " + file }

// alias is the folder a site_name becomes (mkdocs-monorepo-plugin, parser.py: getAlias).
func alias(siteName string) string {
	parts := strings.Split(strings.Trim(siteName, "/"), "/")
	for i, p := range parts {
		if strings.Trim(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			parts[i] = toc.Slug(p)
		}
		if parts[i] == "" {
			parts[i] = "site"
		}
	}
	return strings.Join(parts, "/")
}

// include makes the nav entries of an include.
func (n *navigation) include(title string, v *yaml.Node, target string) []*NavItem {
	outer, outerPrefix := n.config, n.prefix
	pattern, wildcard, _ := includeTarget(target)
	files, _ := n.site.includeFiles(outer, pattern, wildcard)
	var out []*NavItem
	for _, f := range files {
		i := slices.IndexFunc(n.site.includes, func(in *include) bool { return in.target == includeKey(outer, v, f) })
		if i < 0 {
			continue // reported when it was loaded
		}
		in := n.site.includes[i]
		n.config, n.prefix = in.config, in.alias+"/"
		var items []*NavItem
		if in.config.nav != nil && in.config.nav.Kind == yaml.SequenceNode {
			items = n.fromConfig(in.config.nav, 1)
		} else {
			items = n.folder("", in.alias)
		}
		n.config, n.prefix = outer, outerPrefix
		if wildcard || title == "" {
			items = []*NavItem{{Title: in.config.siteName, Children: items}}
		}
		out = append(out, items...)
	}
	if len(out) == 0 || title == "" {
		return out
	}
	return []*NavItem{{Title: title, Children: out}}
}

// root is a docs folder and where its files are in the site.
type root struct{ dir, prefix string }

// rel returns a file's path in the site's docs, and false for a file outside of them.
func (s *siteBuild) rel(file string) (string, bool) {
	best, found := "", false
	length := -1
	for _, r := range s.roots {
		rel, ok := strings.CutPrefix(file, r.dir+"/")
		if r.dir == "." {
			rel, ok = file, fs.ValidPath(file)
		}
		if ok && len(r.dir) > length {
			best, found, length = r.prefix+rel, true, len(r.dir)
		}
	}
	return best, found
}
