package docs

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs/ext/toc"
)

// The limits of mkdocs.yml.
const (
	maxConfig      = 256 << 10
	maxConfigNodes = 20_000
	maxConfigDepth = 32
)

// config is what counts of a mkdocs.yml. Nothing in it is ever executed,
// looked up in the environment or fetched.
type config struct {
	file        string // path in the checkout, "" if there is none
	source      string
	siteName    string
	description string
	repoURL     string
	editURI     string
	hasEditURI  bool
	docsDir     string // in the checkout
	nav         *yaml.Node
	exclude     ignore
	notInNav    ignore
	redirects   map[string]string
	toc         toc.Settings
	math        bool // pymdownx.arithmatex is listed
	diags       diag.List
}

// pos returns a node's position.
func (c *config) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{Source: c.source, File: c.file, Line: n.Line, Column: n.Column}
}

func (c *config) report(code string, s diag.Severity, n *yaml.Node, field, message, hint string) {
	c.diags.Add(diag.Diagnostic{Code: code, Severity: s, Pos: c.pos(n), Field: field, Message: message, Hint: hint})
}

// readConfig reads the mkdocs.yml of a place. Mistakes are in config.diags;
// what could not be read has its default.
func readConfig(p *place) *config {
	c := &config{file: p.config, source: p.checkout.Name, docsDir: cmpOr(p.docsDir, path.Join(p.root, "docs"))}
	if p.config == "" {
		return c
	}
	raw, err := fs.ReadFile(p.checkout.FS, p.config)
	if err == nil && len(raw) > maxConfig {
		c.report("mkdocs-invalid", diag.Error, &yaml.Node{}, "", "the file is longer than 256 KiB", "")
		return c
	}
	var doc yaml.Node
	if err == nil {
		doc, err = decode(raw)
	}
	if err != nil {
		c.report("mkdocs-invalid", diag.Error, &yaml.Node{Line: errorLine(err)}, "",
			"the file is not YAML: "+strings.TrimPrefix(err.Error(), "yaml: "), "the docs are shown without it: all pages, sorted by path")
		return c
	}
	if len(doc.Content) == 0 {
		return c
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode || tooLarge(root, 0, new(int)) {
		c.report("mkdocs-invalid", diag.Error, root, "", "the file is not a mapping of settings, or is too large or too deep", "")
		return c
	}
	pairs(root, func(key, value *yaml.Node) { c.set(p, key, value) })
	return c
}

// decode reads YAML to nodes. The library's own mistakes count as the file's.
func decode(raw []byte) (doc yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it cannot be read: %v", r)
		}
	}()
	err = yaml.Unmarshal(raw, &doc)
	return doc, err
}

func tooLarge(n *yaml.Node, depth int, count *int) bool {
	*count++
	if depth > maxConfigDepth || *count > maxConfigNodes || n.Kind == yaml.AliasNode && depth > 16 {
		return true
	}
	return slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return tooLarge(c, depth+1, count) })
}

// errorLine takes the line out of yaml's "yaml: line 3: …".
func errorLine(err error) int {
	_, s, _ := strings.Cut(err.Error(), "line ")
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1e6 {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// pairs calls f for the entries of a mapping.
func pairs(n *yaml.Node, f func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v := n.Content[i+1]
		if v.Kind == yaml.AliasNode && v.Alias != nil {
			v = v.Alias
		}
		f(n.Content[i], v)
	}
}

// ignoredKeys mean nothing to a portal: what they set, the portal's own
// configuration or theme sets, or the key is about running MkDocs.
var ignoredKeys = []string{"site_url", "site_author", "repo_name", "site_dir", "theme", "extra", "extra_css", "strict", "dev_addr", "watch",
	"copyright", "remote_branch", "remote_name", "validation", "google_analytics", "use_directory_urls"}

// usedKeys are the keys with a meaning here.
var usedKeys = []string{"site_name", "site_description", "repo_url", "edit_uri", "edit_uri_template", "docs_dir", "nav", "exclude_docs",
	"not_in_nav", "plugins", "markdown_extensions", "mdx_configs"}

func (c *config) set(p *place, key, v *yaml.Node) {
	switch key.Value {
	case "site_name":
		c.siteName = c.text(key, v)
	case "site_description":
		c.description = c.text(key, v)
	case "repo_url":
		c.repoURL = c.text(key, v)
	case "edit_uri":
		c.editURI, c.hasEditURI = c.text(key, v), true
	case "docs_dir":
		c.setDocsDir(p, key, v)
	case "nav":
		c.nav = v
	case "exclude_docs":
		c.exclude = parseIgnore(c.text(key, v))
	case "not_in_nav":
		c.notInNav = parseIgnore(c.text(key, v))
	case "plugins":
		c.setPlugins(v)
	case "markdown_extensions":
		c.setExtensions(v)
	default:
		if slices.Contains(ignoredKeys, key.Value) || slices.Contains(usedKeys, key.Value) {
			return
		}
		known := slices.Sorted(slices.Values(slices.Concat(usedKeys, ignoredKeys)))
		c.report("mkdocs-key", diag.Warning, key, key.Value, "key "+quote(key.Value)+" is not supported and was ignored",
			cmp.Or(unsupportedKeys[key.Value], nearestHint(key.Value, known)))
	}
}

// unsupportedKeys say what happens instead.
var unsupportedKeys = map[string]string{
	"hooks":            "code from repositories is never run",
	"INHERIT":          "repeat the settings in this file",
	"extra_javascript": "scripts from repositories are never published; diagrams and code highlighting work without them",
	"extra_templates":  "templates from repositories are never run",
	"draft_docs":       "use exclude_docs",
}

// text returns a scalar's text. Values with a tag of their own (!ENV) are
// never evaluated.
func (c *config) text(key, v *yaml.Node) string {
	if v.Kind == yaml.ScalarNode && (strings.HasPrefix(v.Tag, "!!") || v.Tag == "") {
		if v.Tag == "!!null" {
			return ""
		}
		return strings.TrimSpace(v.Value)
	}
	c.report("mkdocs-value", diag.Warning, v, key.Value, "the value of "+quote(key.Value)+" is not plain text and was ignored",
		"tags such as !ENV are never evaluated; write the value itself")
	return ""
}

func (c *config) setDocsDir(p *place, key, v *yaml.Node) {
	dir := c.text(key, v)
	if dir == "" {
		return
	}
	full, ok := inside(p.root, strings.ReplaceAll(dir, `\`, "/"))
	if !ok || strings.HasPrefix(dir, "/") || p.root != "." && full != p.root && !strings.HasPrefix(full, p.root+"/") {
		c.report("docs-dir-outside", diag.Error, v, "docs_dir", "docs_dir "+quote(dir)+" leaves the folder of mkdocs.yml and was ignored", "the default is docs")
		return
	}
	c.docsDir = full
	if info, err := fs.Stat(p.checkout.FS, full); err != nil || !info.IsDir() {
		c.report("docs-dir-missing", diag.Error, v, "docs_dir", "docs_dir "+quote(dir)+" does not exist", nearestHint(path.Base(full), names(p.checkout.FS, path.Dir(full))))
	}
}

// items calls f for the entries of a list of names, each of which may have
// settings (MkDocs accepts "- name", "- name: {…}" and a mapping of names).
func items(n *yaml.Node, f func(name, settings *yaml.Node)) {
	none := &yaml.Node{}
	switch n.Kind {
	case yaml.MappingNode:
		pairs(n, f)
	case yaml.SequenceNode:
		for _, x := range n.Content {
			if x.Kind == yaml.MappingNode {
				pairs(x, f)
			} else if x.Kind == yaml.ScalarNode {
				f(x, none)
			}
		}
	}
}

// plugins that need no word: what they do is done anyway, or has no meaning on a portal.
var plugins = []string{"search", "techdocs-core", "monorepo", "awesome-pages", "awesome-nav", "material/search", "gh-admonitions", "git-revision-date-localized", "git-revision-date",
	"mermaid2", "minify", "glightbox", "privacy", "offline", "tags", "material/tags", "autolinks", "optimize", "social", "material/social", "callouts", "group"}

func (c *config) setPlugins(v *yaml.Node) {
	items(v, func(name, settings *yaml.Node) {
		switch {
		case name.Value == "redirects":
			c.setRedirects(settings)
		case slices.Contains(plugins, name.Value):
		default:
			c.report("mkdocs-plugin", diag.Warning, name, "plugins", "plugin "+quote(name.Value)+" is not supported: pages are shown without what it does",
				nearestHint(name.Value, plugins))
		}
	})
}

func (c *config) setRedirects(settings *yaml.Node) {
	pairs(settings, func(key, maps *yaml.Node) {
		if key.Value != "redirect_maps" {
			return
		}
		c.redirects = map[string]string{}
		pairs(maps, func(from, to *yaml.Node) {
			if to.Kind == yaml.ScalarNode && len(c.redirects) < 2000 {
				c.redirects[from.Value] = to.Value
			}
		})
	})
}

// extensions of the dialect, which are always on.
var extensions = []string{"admonition", "attr_list", "abbr", "def_list", "extra", "fenced_code", "footnotes", "md_in_html", "meta", "nl2br",
	"sane_lists", "smarty", "tables", "toc", "codehilite", "mdx_truly_sane_lists", "github-callouts",
	"pymdownx.arithmatex", "pymdownx.b64", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details", "pymdownx.emoji",
	"pymdownx.escapeall", "pymdownx.extra", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark",
	"pymdownx.smartsymbols", "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde",
	"pymdownx.saneheaders", "pymdownx.blocks.admonition", "pymdownx.blocks.details", "pymdownx.blocks.tab", "pymdownx.blocks.html", "pymdownx.blocks.definition"}

func (c *config) setExtensions(v *yaml.Node) {
	items(v, func(name, settings *yaml.Node) {
		n := strings.TrimPrefix(name.Value, "markdown.extensions.")
		c.math = c.math || n == "pymdownx.arithmatex"
		switch {
		case n == "toc":
			pairs(settings, func(key, value *yaml.Node) {
				switch key.Value {
				case "permalink":
					c.toc.NoPermalink = value.Value == "false"
				case "slugify":
					c.toc.Unicode = strings.Contains(value.Tag+value.Value, "pymdownx.slugs")
				}
			})
		case slices.Contains(extensions, n):
		default:
			c.report("mkdocs-extension", diag.Warning, name, "markdown_extensions",
				"Markdown extension "+quote(name.Value)+" is not supported: its syntax is shown as it is written", nearestHint(n, extensions))
		}
	})
}
