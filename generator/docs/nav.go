package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// navigation builds the Nav of a site and the reading order of its pages.
type navigation struct {
	site    *siteBuild
	config  *config // whose nav is being read
	prefix  string  // of its pages in the site
	listed  map[*pageBuild]bool
	order   []*pageBuild
	byDir   map[string][]child // of fromFolders
	hints   int                // suggestions looked for
	items   int                // entries read, so that aliases cannot multiply without end
	listing int                // pages of folders that entries name, likewise
}

// maxNav is how many entries a nav may have.
const maxNav = 20_000

// buildNav sets the site's Nav and puts its pages in reading order.
func (s *siteBuild) buildNav() {
	n := &navigation{site: s, config: s.config, listed: map[*pageBuild]bool{}}
	if s.config.nav != nil && s.config.nav.Kind == yaml.SequenceNode && len(s.config.nav.Content) > 0 {
		s.site.Nav = n.fromConfig(s.config.nav, 0)
		n.reportUnlisted()
	} else {
		if s.config.nav != nil && s.config.nav.Tag != "!!null" && len(s.config.nav.Content) > 0 {
			s.config.report("docs-nav-invalid", diag.Error, s.config.nav, "nav", "nav is not a list and was ignored", "write a list: - Title: page.md")
		}
		s.site.Nav = n.fromFiles()
	}
	for _, p := range s.pages {
		if !n.listed[p] {
			n.order = append(n.order, p)
		}
	}
	s.pages = n.order
	s.site.Pages = make([]*Page, len(n.order))
	for i, p := range n.order {
		s.site.Pages[i] = p.page
	}
}

// fromConfig reads a list of nav entries.
func (n *navigation) fromConfig(list *yaml.Node, depth int) []*NavItem {
	var out []*NavItem
	c := n.config
	for _, x := range list.Content {
		if n.items++; n.items > maxNav {
			break
		}
		if x.Kind == yaml.AliasNode && x.Alias != nil {
			x = x.Alias
		}
		switch {
		case x.Kind == yaml.ScalarNode:
			out = append(out, n.leaf("", x)...)
		case x.Kind == yaml.MappingNode:
			pairs(x, func(key, v *yaml.Node) {
				if n.items++; n.items > maxNav {
					return
				}
				switch {
				case v.Kind == yaml.ScalarNode && v.Tag != "!!null":
					out = append(out, n.leaf(key.Value, v)...)
				case v.Kind == yaml.SequenceNode && depth < 16:
					out = append(out, &NavItem{Title: key.Value, Children: n.fromConfig(v, depth+1)})
				default:
					c.report("docs-nav-invalid", diag.Error, v, "nav", "nav entry "+quote(key.Value)+" has neither a page nor a list of entries", "write - Title: page.md")
				}
			})
		default:
			c.report("docs-nav-invalid", diag.Error, x, "nav", "nav entry is neither a page nor a section", "write - Title: page.md")
		}
	}
	return out
}

// leaf reads an entry that names a page or an address.
func (n *navigation) leaf(title string, v *yaml.Node) []*NavItem {
	c := n.config
	target := strings.TrimSpace(v.Value)
	if _, _, ok := includeTarget(target); ok {
		return n.include(title, v, target)
	}
	if _, ok := sanitize.Scheme(target); ok || strings.HasPrefix(target, "//") {
		u, safe := sanitize.URL(target, false)
		if !safe {
			c.report("docs-nav-invalid", diag.Error, v, "nav", "nav address "+quote(target)+" is not one that may be linked", "use https:")
			return nil
		}
		if title == "" {
			title = target
		}
		return []*NavItem{{Title: title, URL: u}}
	}
	rel, frag, _ := strings.Cut(target, "#")
	rel = path.Clean(n.prefix + strings.TrimPrefix(strings.ReplaceAll(rel, `\`, "/"), "/"))
	if p := n.site.byRel[rel]; p != nil {
		if title != "" && p.page.Title == "" && frag == "" {
			p.page.Title = title
		}
		if !n.listed[p] {
			n.listed[p] = true
			n.order = append(n.order, p)
		}
		return []*NavItem{{Title: title, Page: p.page}}
	}
	if items := n.folder(title, rel); items != nil {
		return items
	}
	if a := n.site.publish(path.Join(c.docsDir, strings.TrimPrefix(rel, n.prefix))); a != nil {
		return []*NavItem{{Title: cmpOr(title, path.Base(rel)), URL: escapePath(a.Path)}}
	}
	c.report("docs-nav-missing", diag.Error, v, "nav", "nav leads to "+quote(target)+", which is not a page in "+c.docsDir, n.nearest(rel))
	return nil
}

// nearest suggests a page, for the first few entries that lead nowhere.
func (n *navigation) nearest(rel string) string {
	if n.hints++; n.hints > maxHints {
		return ""
	}
	return nearestHint(rel, n.site.rels())
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// folder lists the pages of a folder that nav names.
func (n *navigation) folder(title, rel string) []*NavItem {
	var pages []*pageBuild
	for _, p := range n.site.pages {
		if strings.HasPrefix(p.file.rel, rel+"/") || rel == "." {
			pages = append(pages, p)
		}
	}
	if len(pages) == 0 {
		return nil
	}
	if n.listing += len(pages); n.listing > 2*maxNav {
		return []*NavItem{}
	}
	items := n.nest(pages, strings.Count(rel, "/")+1)
	if title == "" {
		return items
	}
	return []*NavItem{{Title: title, Children: items}}
}

// fromFiles derives the navigation from the files, as MkDocs does without nav.
func (n *navigation) fromFiles() []*NavItem {
	if n.site.hasFolderNavs() {
		return n.fromFolders(".", 0)
	}
	return n.nest(n.site.pages, 0)
}

// nest makes sections of folders below the given depth, in the order of pages.
func (n *navigation) nest(pages []*pageBuild, depth int) []*NavItem {
	var out []*NavItem
	sections := map[string]*NavItem{}
	for _, p := range pages {
		if n.site.config.notInNav.match(p.file.rel) {
			continue
		}
		list := &out
		parts := strings.Split(p.file.rel, "/")
		for i := depth; i < len(parts)-1; i++ {
			key := strings.Join(parts[:i+1], "/")
			s := sections[key]
			if s == nil {
				s = &NavItem{Title: fileTitle(parts[i])}
				sections[key] = s
				*list = append(*list, s)
			}
			list = &s.Children
		}
		*list = append(*list, &NavItem{Page: p.page})
		if !n.listed[p] {
			n.listed[p] = true
			n.order = append(n.order, p)
		}
	}
	return out
}

// fileTitle is MkDocs' title for a file or folder without one: "-" and "_"
// become spaces, and all lower case gets a capital (mkdocs/utils: dirname_to_title).
func fileTitle(name string) string {
	s := strings.NewReplacer("-", " ", "_", " ").Replace(name)
	if s == strings.ToLower(s) && s != "" {
		r := []rune(s)
		return strings.ToUpper(string(r[0])) + string(r[1:])
	}
	return s
}

func (n *navigation) reportUnlisted() {
	var missing []string
	for _, p := range n.site.pages {
		if !n.listed[p] && !n.site.config.notInNav.match(p.file.rel) {
			missing = append(missing, p.file.rel)
		}
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	more := ""
	if len(missing) > 5 {
		more = fmt.Sprintf(" and %d more", len(missing)-5)
	}
	n.site.config.report("docs-not-in-nav", diag.Info, n.site.config.nav, "nav",
		"pages are not in nav: "+strings.Join(missing[:min(5, len(missing))], ", ")+more, "they can be found by search and links; list them in nav, or in not_in_nav to say that this is meant")
}

// fillTitles gives nav entries without a title their page's.
func fillTitles(items []*NavItem) {
	for _, it := range items {
		if it.Title == "" && it.Page != nil {
			it.Title = it.Page.Title
		}
		fillTitles(it.Children)
	}
}
