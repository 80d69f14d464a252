package htmlcheck

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Problem is something on a page that a rule forbids.
type Problem struct {
	// Page is the page's path in its site; empty for a page by itself.
	Page string
	// Rule is the short name of what is broken, such as "one-h1".
	Rule string
	// Message says what is wrong.
	Message string
}

// String returns "page: rule: message".
func (p Problem) String() string {
	if p.Page == "" {
		return p.Rule + ": " + p.Message
	}
	return p.Page + ": " + p.Rule + ": " + p.Message
}

// pageRules are the rules for a whole page by itself. The numbers are success
// criteria of WCAG 2.2.
var pageRules = []struct {
	name  string
	check func(*Page) []string
}{
	{"nesting", nesting},                // what is written is what a browser reads
	{"document", document},              // 2.4.2, 3.1.1
	{"one-h1", oneH1},                   // 1.3.1, 2.4.6
	{"heading-order", headingOrder},     // 1.3.1
	{"unique-ids", uniqueIDs},           // 1.3.1, 4.1.2
	{"references", references},          // 1.3.1, 4.1.2
	{"landmarks", landmarks},            // 1.3.1, 2.4.1
	{"names", names},                    // 1.1.1, 2.4.4, 3.3.2, 4.1.2
	{"structure", structure},            // 1.3.1
	{"policy", policy},                  // script-src 'self'; style-src 'self'
	{"dangerous-url", dangerousAddress}, // no javascript: and its relatives
}

// Rules returns the names of the rules that [Page.Problems] applies.
func Rules() []string {
	var out []string
	for _, r := range pageRules {
		out = append(out, r.name)
	}
	return out
}

// Problems holds the page against every rule.
func (p *Page) Problems() []Problem {
	var out []Problem
	for _, r := range pageRules {
		for _, m := range r.check(p) {
			out = append(out, Problem{Rule: r.name, Message: m})
		}
	}
	return out
}

func document(p *Page) []string {
	var out []string
	if first := p.Root.FirstChild; first == nil || first.Type != html.DoctypeNode || first.Data != "html" || len(first.Attr) > 0 {
		out = append(out, "the page does not begin with <!doctype html>")
	}
	for _, n := range Find(p.Root, "html") {
		if attrOr(n, "lang") == "" {
			out = append(out, "<html> has no lang")
		}
	}
	if titles := Find(p.Root, "head title"); len(titles) != 1 || Text(titles[0]) == "" {
		out = append(out, fmt.Sprintf("%d titles, or an empty one, want one that says something", len(titles)))
	}
	if len(Find(p.Root, "meta[charset=utf-8]")) != 1 {
		out = append(out, "want one <meta charset=utf-8>")
	}
	return out
}

// headings returns the page's headings in order, leaving out hidden ones.
func headings(p *Page) []*html.Node {
	var out []*html.Node
	for n := range p.Root.Descendants() {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' && !hidden(n) {
			out = append(out, n)
		}
	}
	return out
}

func oneH1(p *Page) []string {
	n := 0
	var out []string
	for _, h := range headings(p) {
		if h.Data == "h1" {
			n++
		}
		if Text(h) == "" {
			out = append(out, show(h)+" says nothing")
		}
	}
	if n != 1 {
		out = append(out, fmt.Sprintf("%d elements <h1>", n))
	}
	return out
}

func headingOrder(p *Page) []string {
	var out []string
	last := 0
	for _, h := range headings(p) {
		level := int(h.Data[1] - '0')
		if level > last+1 {
			out = append(out, fmt.Sprintf("<h%d> %q follows a heading of level %d", level, shorten(Text(h)), last))
		}
		last = level
	}
	return out
}

func uniqueIDs(p *Page) []string {
	var out []string
	for id, nodes := range p.ids {
		if id == "" || strings.ContainsAny(id, " \t\r\n\f") {
			out = append(out, fmt.Sprintf("%s: an id is not empty and has no space", show(nodes[0])))
		}
		if len(nodes) > 1 {
			out = append(out, fmt.Sprintf("%d elements have the id %q, the first is %s", len(nodes), id, show(nodes[0])))
		}
	}
	slices.Sort(out)
	return out
}

// pointing are the attributes whose value is one id or several.
var pointing = []string{
	"for", "form", "list", "headers", "popovertarget", "commandfor", "aria-labelledby", "aria-describedby",
	"aria-controls", "aria-owns", "aria-activedescendant", "aria-details", "aria-errormessage", "aria-flowto",
}

func references(p *Page) []string {
	var out []string
	for n := range p.Root.Descendants() {
		for _, key := range pointing {
			v, ok := attr(n, key)
			for _, id := range strings.Fields(v) {
				if len(p.ids[id]) == 0 {
					out = append(out, fmt.Sprintf("%s: %s names %q, which is not on the page", show(n), key, id))
				}
			}
			if ok && strings.TrimSpace(v) == "" {
				out = append(out, fmt.Sprintf("%s: %s is empty", show(n), key))
			}
		}
	}
	return out
}

func landmarks(p *Page) []string {
	var out []string
	if n := len(Find(p.Root, "main")); n != 1 {
		out = append(out, fmt.Sprintf("%d elements <main>", n))
	}
	seen := map[string]bool{}
	for _, n := range Find(p.Root, "nav") {
		name := p.label(n)
		switch {
		case hidden(n):
		case name == "":
			out = append(out, show(n)+" has no aria-label or aria-labelledby")
		case seen[name]:
			out = append(out, fmt.Sprintf("two <nav> are called %q", name))
		}
		seen[name] = true
	}
	return out
}

// children says which elements may stand directly in which.
var children = map[string][]string{
	"ul": {"li", "script", "template"}, "ol": {"li", "script", "template"}, "menu": {"li", "script", "template"},
	"dl": {"dt", "dd", "div", "script", "template"}, "tr": {"td", "th", "script", "template"},
	"select": {"option", "optgroup", "hr"},
}

// parents says in which elements an element must directly stand.
var parents = map[string][]string{
	"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "summary": {"details"}, "legend": {"fieldset"}, "figcaption": {"figure"},
}

func structure(p *Page) []string {
	var out []string
	for n := range p.Root.Descendants() {
		if n.Type != html.ElementNode || n.Namespace != "" {
			continue
		}
		if in, ok := parents[n.Data]; ok && !slices.Contains(in, n.Parent.Data) {
			out = append(out, fmt.Sprintf("%s stands in <%s>", show(n), n.Parent.Data))
		}
		if allowed, ok := children[n.Parent.Data]; ok && n.Parent.Namespace == "" && !slices.Contains(allowed, n.Data) {
			out = append(out, fmt.Sprintf("%s stands directly in <%s>", show(n), n.Parent.Data))
		}
		if v := attrOr(n, "tabindex"); v != "" && v != "0" && v != "-1" {
			out = append(out, show(n)+": tabindex changes the order of the keyboard")
		}
		if outer := interactiveAround(n); outer != nil {
			out = append(out, fmt.Sprintf("%s stands in %s; one control cannot be inside another", show(n), show(outer)))
		}
	}
	return out
}

func interactive(n *html.Node) bool {
	switch n.Data {
	case "a":
		_, ok := attr(n, "href")
		return ok
	case "button", "select", "textarea", "summary":
		return true
	case "input":
		return attrOr(n, "type") != "hidden"
	}
	return false
}

// interactiveAround returns the control that a control stands in. A link in a
// summary is allowed by HTML, and used.
func interactiveAround(n *html.Node) *html.Node {
	if !interactive(n) {
		return nil
	}
	for a := n.Parent; a != nil; a = a.Parent {
		if a.Type == html.ElementNode && interactive(a) && a.Data != "summary" {
			return a
		}
	}
	return nil
}
