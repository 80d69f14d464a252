// Package htmlcheck looks at finished pages the way a browser, a screen reader
// and a content security policy do, for tests: [Page.Problems] holds a whole
// page against the rules that every page must keep, [ReadSite] a whole folder
// and all links in it, and checks such as [In] and [HasText] say what one page
// must show. It knows nothing of themes or of what pages are made from.
package htmlcheck

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Page is a parsed HTML page. It is not changed after [Parse] and may be used
// from several goroutines.
type Page struct {
	// Root is the document node.
	Root *html.Node

	source []byte
	ids    map[string][]*html.Node
}

// Parse reads a whole page as a browser would, which never refuses anything;
// an error means that the bytes could not be read at all.
func Parse(data []byte) (*Page, error) {
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	p := &Page{Root: root, source: data, ids: map[string][]*html.Node{}}
	for n := range root.Descendants() {
		if id, ok := attr(n, "id"); ok {
			p.ids[id] = append(p.ids[id], n)
		}
	}
	return p, nil
}

// HasID reports whether a fragment "#id" leads somewhere on the page. The
// empty fragment and "top" always do.
func (p *Page) HasID(id string) bool { return id == "" || id == "top" || len(p.ids[id]) > 0 }

// Link is an address on a page.
type Link struct {
	// URL is as written, with character references resolved.
	URL string
	// Element and Attr are where it stands, such as "a" and "href".
	Element, Attr string
	// Node is the element.
	Node *html.Node
}

// addresses are the attributes that hold one URL. "ping" and "srcset", which
// hold several, are taken apart by [Page.Links].
var addresses = map[string]bool{
	"href": true, "src": true, "action": true, "formaction": true, "poster": true,
	"data": true, "cite": true, "background": true, "xlink:href": true, "data-root": true, "data-search": true,
}

// Links returns every address on the page in document order.
func (p *Page) Links() []Link {
	var out []Link
	for n := range p.Root.Descendants() {
		for _, a := range n.Attr {
			name := qualified(a)
			switch {
			case addresses[name]:
				out = append(out, Link{a.Val, n.Data, name, n})
			case name == "srcset":
				for part := range strings.SplitSeq(a.Val, ",") {
					if f := strings.Fields(part); len(f) > 0 {
						out = append(out, Link{f[0], n.Data, name, n})
					}
				}
			}
		}
	}
	return out
}

// qualified is an attribute's name as written in the source.
func qualified(a html.Attribute) string {
	if a.Namespace != "" {
		return a.Namespace + ":" + a.Key
	}
	return a.Key
}

func attr(n *html.Node, key string) (string, bool) {
	if n.Type != html.ElementNode {
		return "", false
	}
	for _, a := range n.Attr {
		if qualified(a) == key {
			return a.Val, true
		}
	}
	return "", false
}

// attrOr returns an attribute's value, trimmed, or "".
func attrOr(n *html.Node, key string) string {
	v, _ := attr(n, key)
	return strings.TrimSpace(v)
}

// Text returns the text below a node as it is read: runs of white space are
// one space.
func Text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// show writes an element's start tag for messages.
func show(n *html.Node) string {
	if n.Type != html.ElementNode {
		return "the page"
	}
	var b strings.Builder
	b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		if b.Len() > 100 {
			b.WriteString(" …")
			break
		}
		fmt.Fprintf(&b, " %s=%q", qualified(a), a.Val)
	}
	return b.String() + ">"
}
