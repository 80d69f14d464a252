package markdown

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// suiteCase is a case of the suites of Python-Markdown and pymdown-extensions.
type suiteCase struct {
	Suite, Case string
	Extensions  []string
	Options     map[string]any
	Input, HTML string
}

// dialect are the extensions that are always on (../shared/spec/backstage.md 3.3).
var dialect = strings.Fields(`toc admonition pymdownx.details pymdownx.tabbed pymdownx.caret pymdownx.tilde pymdownx.mark pymdownx.critic
	pymdownx.emoji pymdownx.inlinehilite pymdownx.magiclink pymdownx.smartsymbols pymdownx.snippets pymdownx.highlight pymdownx.extra
	pymdownx.betterem pymdownx.superfences footnotes attr_list def_list tables abbr md_in_html pymdownx.tasklist pymdownx.keys
	pymdownx.blocks.admonition pymdownx.blocks.details pymdownx.blocks.tab pymdownx.arithmatex extra fenced_code`)

// TestSuites compares the dialect with the suites' expectations by meaning.
func TestSuites(t *testing.T) {
	raw, err := os.ReadFile("../../../../shared/corpus/markdown/cases.json")
	if err != nil {
		t.Skip("no corpus of suites")
	}
	var cases []suiteCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	passed, total := map[string]int{}, map[string]int{}
	for _, c := range cases {
		if !c.inDialect() || c.HTML == "" && strings.TrimSpace(c.Input) != "" {
			continue // the second: cases whose expectation was computed by the suite
		}
		doc, err := Render([]byte(c.Input), Options{})
		if err != nil {
			t.Errorf("%s %s: %v", c.Suite, c.Case, err)
			continue
		}
		autolinks := slices.Contains(c.Extensions, "pymdownx.magiclink")
		expected := alignStyle.ReplaceAllString(c.HTML, `align="$1"`)
		got, want := meaning(filled(doc), autolinks), meaning(string(sanitize.HTML([]byte(expected), sanitize.Options{})), autolinks)
		total[c.Suite]++
		if got == want {
			passed[c.Suite]++
		} else if f := os.Getenv("SUITE"); f != "" && strings.Contains(c.Suite+" "+c.Case, f) {
			fmt.Printf("=== %s %s %v\n--- input\n%s\n--- want\n%s\n--- got\n%s\n", c.Suite, c.Case, c.Options, c.Input, want, got)
		}
	}
	var names []string
	p, n := 0, 0
	for s := range total {
		names = append(names, s)
		p, n = p+passed[s], n+total[s]
	}
	slices.Sort(names)
	for _, s := range names {
		t.Logf("%-32s %3d of %3d", s, passed[s], total[s])
	}
	t.Logf("%d of %d cases agree", p, n)
}

// inDialect reports whether a case uses extensions of the dialect alone, with
// the options they have there.
func (c suiteCase) inDialect() bool {
	names := slices.Clone(c.Extensions)
	configs := map[string]any{}
	for key, v := range c.Options {
		switch v := v.(type) {
		case []any:
			if key != "extensions" {
				return false
			}
			for _, e := range v {
				names = append(names, fmt.Sprint(e))
			}
		case map[string]any:
			if key == "extension_configs" {
				for k, x := range v {
					configs[k] = x
				}
			} else {
				configs[key] = v
			}
		default:
			return false // tab_length and the like
		}
	}
	if slices.Contains(names, "pymdownx.tabbed") && fmt.Sprint(configs["pymdownx.tabbed"]) != "map[alternate_style:true]" ||
		slices.Contains(names, "pymdownx.blocks.tab") && fmt.Sprint(configs["pymdownx.blocks.tab"]) != "map[alternate_style:true]" {
		return false // the old style is the default, the dialect sets the other
	}
	for k, v := range configs {
		names = append(names, k)
		options, _ := v.(map[string]any)
		for name, value := range options {
			if fmt.Sprint(dialectOptions[strings.TrimPrefix(k, "markdown.extensions.")+"."+name]) != fmt.Sprint(value) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(names, func(e string) bool { return !slices.Contains(dialect, strings.TrimPrefix(e, "markdown.extensions.")) })
}

// dialectOptions are the options that mkdocs-techdocs-core sets.
var dialectOptions = map[string]any{"toc.permalink": true, "pymdownx.tabbed.alternate_style": true, "pymdownx.snippets.restrict_base_path": true,
	"pymdownx.highlight.linenums": true, "pymdownx.highlight.pygments_lang_class": true, "pymdownx.tasklist.custom_checkbox": true,
	"pymdownx.blocks.tab.alternate_style": true, "pymdownx.betterem.smart_enable": "all"}

// filled returns a page with its links as written.
func filled(d *Document) string {
	s := d.HTML
	for _, l := range d.Links {
		attrs := fmt.Sprintf("%s=%q", l.Attr, html.EscapeString(l.URL))
		if l.Title != "" {
			attrs += fmt.Sprintf(" title=%q", html.EscapeString(l.Title))
		}
		s = strings.Replace(s, "\x01", attrs, 1)
	}
	return s
}

// meaning returns a canonical form of HTML in which classes, the order of
// attributes, ids of widgets, permalinks and white space do not count.
//
// What the dialect always does and the case does not ask for does not count
// either: links made of bare addresses, and which of two nested elements for
// the same words is the outer one.
func meaning(s string, autolinks bool) string {
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, n := range nodes {
		canonical(&b, n, false)
	}
	out := b.String()
	if !autolinks {
		out = bareLink.ReplaceAllStringFunc(out, func(link string) string {
			m := bareLink.FindStringSubmatch(link)
			if m[1] == m[2] || m[1] == "mailto:"+m[2] {
				return m[2]
			}
			return link
		})
	}
	out = strings.NewReplacer("<em><strong>", "<strong><em>", "</strong></em>", "</em></strong>").Replace(out)
	return strings.TrimSpace(spaces.ReplaceAllString(tagSpace.ReplaceAllString(out, "$1"), " "))
}

var alignStyle = regexp.MustCompile(`style="text-align: (left|right|center);"`)

var bareLink = regexp.MustCompile(`<a href="([^"]*)">([^<]*)</a>`)

var spaces = regexp.MustCompile(`[ \n\t]+`)

// tagSpace is white space beside block tags.
var tagSpace = regexp.MustCompile(`\s*(</?(?:p|div|ul|ol|li|blockquote|table|thead|tbody|tr|td|th|h[1-6]|hr|dl|dt|dd|pre|details|summary|section|figure|figcaption|br|input|label)\b[^>]*>)\s*`)

func canonical(b *strings.Builder, n *html.Node, pre bool) {
	if n.Type == html.TextNode {
		s := n.Data
		if pre {
			s = strings.NewReplacer("\n", "⏎", " ", "␣").Replace(s)
		}
		b.WriteString(html.EscapeString(s))
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	class := attribute(n, "class")
	if class == "headerlink" || class == "linenos" {
		return
	}
	if n.Data == "div" && strings.Contains(class, "highlight") && attribute(n, "id") != "" {
		if pre := n.LastChild; pre != nil && pre.Data == "pre" {
			pre.Attr = append(pre.Attr, html.Attribute{Key: "id", Val: attribute(n, "id")})
		}
	}
	unwrap := n.Data == "span" && attribute(n, "title") == "" || n.Data == "div" && (strings.Contains(class, "table-wrapper") || strings.Contains(class, "highlight"))
	if !unwrap {
		b.WriteString("<" + n.Data)
		var attrs []string
		for _, a := range n.Attr {
			v := a.Val
			switch {
			case a.Key == "class", strings.HasPrefix(a.Key, "data-"), a.Key == "rel", a.Key == "role":
				continue
			case strings.HasPrefix(v, "__tabbed_"), strings.HasPrefix(v, "__span"):
				v = "widget"
			case a.Key == "checked", a.Key == "open", a.Key == "disabled":
				v = ""
			case a.Key == "title" && v == "Permanent link":
				continue
			case a.Key == "id" && n.Data[0] == 'h' && len(n.Data) == 2:
				continue
			}
			attrs = append(attrs, fmt.Sprintf(" %s=%q", a.Key, v))
		}
		slices.Sort(attrs)
		b.WriteString(strings.Join(attrs, "") + ">")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		canonical(b, c, pre || n.Data == "pre")
	}
	if !unwrap && n.Data != "br" && n.Data != "hr" && n.Data != "img" && n.Data != "input" {
		b.WriteString("</" + n.Data + ">")
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
