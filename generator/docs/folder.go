package docs

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// folderNav is a file ".pages" (awesome-pages) or ".nav.yml" (awesome-nav) in
// a folder of the docs: how the folder is called and in which order its
// entries stand, where mkdocs.yml has no nav.
type folderNav struct {
	file    string // path in the checkout
	title   string
	hide    bool
	reverse bool
	entries []folderEntry
}

// folderEntry is an item of such a file; name "..." is all that is not named.
type folderEntry struct{ title, name string }

const rest = "..."

// readFolderNavs reads the files of all folders that hold pages.
func (s *siteBuild) readFolderNavs() {
	s.folders = map[string]*folderNav{}
	for _, f := range s.tree.pages {
		for dir := path.Dir(f.rel); ; dir = path.Dir(dir) {
			if _, ok := s.folders[dir]; ok {
				break
			}
			s.folders[dir] = s.readFolderNav(dir)
			if dir == "." {
				break
			}
		}
	}
}

func (s *siteBuild) readFolderNav(dir string) *folderNav {
	for _, name := range []string{".pages", ".nav.yml"} {
		file := path.Join(s.config.docsDir, dir, name)
		raw, err := fs.ReadFile(s.place.checkout.FS, file)
		if err != nil || len(raw) > maxConfig {
			continue
		}
		n := &folderNav{file: file}
		var doc yaml.Node
		if err := yaml.Unmarshal(raw, &doc); err != nil || len(doc.Content) == 0 || tooLarge(&doc, 0, new(int)) {
			if err != nil {
				s.diags.Add(diag.Diagnostic{Code: "docs-nav-invalid", Severity: diag.Error, Entity: s.site.Entity.String(),
					Pos:     diag.Pos{Source: s.site.Source, File: file, Line: max(1, errorLine(err))},
					Message: "the file is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: "), Hint: "the folder is shown in the order of its files"})
			}
			return n
		}
		pairs(doc.Content[0], n.set)
		return n
	}
	return nil
}

func (n *folderNav) set(key, v *yaml.Node) {
	switch key.Value {
	case "title":
		n.title = v.Value
	case "hide":
		n.hide = v.Value == "true"
	case "order":
		n.reverse = v.Value == "desc"
	case "nav", "arrange":
		for _, x := range v.Content {
			switch x.Kind {
			case yaml.ScalarNode:
				n.entries = append(n.entries, folderEntry{"", strings.TrimSuffix(x.Value, "/")})
			case yaml.MappingNode:
				pairs(x, func(title, name *yaml.Node) {
					if name.Kind == yaml.ScalarNode {
						n.entries = append(n.entries, folderEntry{title.Value, strings.TrimSuffix(name.Value, "/")})
					}
				})
			}
		}
	}
}

// child is an entry of a folder: a page, or a folder below.
type child struct {
	name string // last part of the path
	page *pageBuild
}

// fromFolders derives the navigation of a folder and all below it.
func (n *navigation) fromFolders(dir string, depth int) []*NavItem {
	var out []*NavItem
	children := n.children(dir)
	f := n.site.folders[dir]
	if f != nil && f.reverse {
		slices.Reverse(children)
	}
	entries := []folderEntry{{"", rest}}
	if f != nil && len(f.entries) > 0 {
		entries = f.entries
	}
	named := map[string]bool{}
	for _, e := range entries {
		named[e.name] = true
	}
	for _, e := range entries {
		if _, ok := sanitize.Scheme(e.name); ok {
			if u, safe := sanitize.URL(e.name, false); safe {
				out = append(out, &NavItem{Title: cmpOr(e.title, e.name), URL: u})
			}
			continue
		}
		for _, c := range children {
			if c.name == e.name || (e.name == rest || e.name == "*") && !named[c.name] {
				out = append(out, n.child(c, path.Join(dir, c.name), e.title, depth)...)
			}
		}
	}
	return out
}

// child returns the entry of a page or folder, none if it is empty or hidden.
func (n *navigation) child(c child, full, title string, depth int) []*NavItem {
	if c.page != nil {
		if n.site.config.notInNav.match(c.page.file.rel) || n.listed[c.page] {
			return nil
		}
		n.listed[c.page] = true
		n.order = append(n.order, c.page)
		if title != "" && c.page.page.Title == "" {
			c.page.page.Title = title
		}
		return []*NavItem{{Title: title, Page: c.page.page}}
	}
	f := n.site.folders[full]
	if f != nil && f.hide || depth > maxDepth {
		return nil
	}
	if f != nil && title == "" {
		title = f.title
	}
	items := n.fromFolders(full, depth+1)
	if len(items) == 0 {
		return nil
	}
	return []*NavItem{{Title: cmpOr(title, fileTitle(c.name)), Children: items}}
}

// children returns what is directly in a folder, in the order of the site's pages.
func (n *navigation) children(dir string) []child {
	if n.byDir == nil {
		n.byDir = map[string][]child{}
		seen := map[string]bool{}
		for _, p := range n.site.pages {
			n.addChild(path.Dir(p.file.rel), child{path.Base(p.file.rel), p}, seen)
		}
	}
	return slices.Clone(n.byDir[dir])
}

// addChild puts an entry into its folder, and that folder into its own.
func (n *navigation) addChild(dir string, c child, seen map[string]bool) {
	n.byDir[dir] = append(n.byDir[dir], c)
	if dir != "." && !seen[dir] {
		seen[dir] = true
		n.addChild(path.Dir(dir), child{path.Base(dir), nil}, seen)
	}
}

// hasFolderNavs reports whether any folder says something of itself.
func (s *siteBuild) hasFolderNavs() bool {
	for _, f := range s.folders {
		if f != nil {
			return true
		}
	}
	return false
}
