package htmlcheck

import (
	"strings"

	"golang.org/x/net/html"
)

// hidden reports whether nobody can see, hear or reach an element as the page
// is delivered.
func hidden(n *html.Node) bool {
	for a := n; a != nil; a = a.Parent {
		if _, ok := attr(a, "hidden"); ok {
			return true
		}
		if a.Type == html.ElementNode && (a.Data == "template" || attrOr(a, "aria-hidden") == "true") {
			return true
		}
	}
	return false
}

// label returns the name that aria-labelledby or aria-label give.
func (p *Page) label(n *html.Node) string {
	var parts []string
	for id := range strings.FieldsSeq(attrOr(n, "aria-labelledby")) {
		for _, m := range p.ids[id] {
			parts = append(parts, Text(m))
		}
	}
	if name := strings.TrimSpace(strings.Join(parts, " ")); name != "" {
		return name
	}
	return attrOr(n, "aria-label")
}

// Name returns an element's accessible name: the part of the W3C's "Accessible
// Name and Description Computation 1.2" that finished pages use.
func (p *Page) Name(n *html.Node) string {
	if name := p.label(n); name != "" {
		return name
	}
	switch n.Data {
	case "img", "area":
		return attrOr(n, "alt")
	case "input":
		switch attrOr(n, "type") {
		case "submit", "reset", "button":
			return attrOr(n, "value")
		case "image":
			return attrOr(n, "alt")
		}
		return p.labelText(n)
	case "select", "textarea":
		return p.labelText(n)
	case "svg":
		for c := range n.ChildNodes() {
			if c.Data == "title" {
				return Text(c)
			}
		}
		return ""
	}
	if name := p.contentName(n); name != "" {
		return name
	}
	return attrOr(n, "title")
}

// labelText is the text of the label elements that belong to a control, or its title.
func (p *Page) labelText(n *html.Node) string {
	id, has := attr(n, "id")
	for d := range p.Root.Descendants() {
		if d.Type == html.ElementNode && d.Data == "label" && has && attrOr(d, "for") == id {
			return Text(d)
		}
	}
	for a := n.Parent; a != nil; a = a.Parent {
		if a.Type == html.ElementNode && a.Data == "label" {
			return Text(a)
		}
	}
	return attrOr(n, "title")
}

// contentName is the name that an element's content gives, without parts that
// are hidden from assistive technology.
func (p *Page) contentName(n *html.Node) string {
	var parts []string
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			parts = append(parts, c.Data)
		case c.Type != html.ElementNode || attrOr(c, "aria-hidden") == "true":
		default:
			if _, ok := attr(c, "hidden"); !ok {
				parts = append(parts, p.Name(c))
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func names(p *Page) []string {
	var out []string
	for n := range p.Root.Descendants() {
		if n.Type != html.ElementNode || hidden(n) {
			continue
		}
		switch {
		case n.Data == "img":
			// alt="" says that the picture adds nothing, and is enough.
			if _, ok := attr(n, "alt"); !ok && p.label(n) == "" {
				out = append(out, show(n)+" has no alt")
			}
		case n.Data == "svg":
			if p.Name(n) == "" {
				out = append(out, show(n)+" has neither a name nor aria-hidden")
			}
		case interactive(n) && p.Name(n) == "":
			out = append(out, show(n)+" has no name")
		case n.Data == "iframe" && p.Name(n) == "":
			out = append(out, show(n)+" has no title")
		}
	}
	return out
}
