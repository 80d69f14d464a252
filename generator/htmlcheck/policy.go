package htmlcheck

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// dataBlocks are script types that are data, not code.
var dataBlocks = map[string]bool{"application/json": true, "application/ld+json": true, "speculationrules": true}

func policy(p *Page) []string {
	var out []string
	for n := range p.Root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "style", "base", "object", "embed", "applet":
			out = append(out, show(n)+" is not allowed")
		case "script":
			if _, ok := attr(n, "src"); !ok && !dataBlocks[attrOr(n, "type")] {
				out = append(out, show(n)+" is inline")
			}
		}
		for _, a := range n.Attr {
			key := strings.ToLower(a.Key)
			if key == "style" || key == "srcdoc" || strings.HasPrefix(key, "on") {
				out = append(out, fmt.Sprintf("%s has %s", show(n), key))
			}
		}
	}
	return out
}

func dangerousAddress(p *Page) []string {
	var out []string
	for _, l := range p.Links() {
		switch scheme := schemeOf(l.URL); {
		case scheme == "javascript" || scheme == "vbscript",
			scheme == "data" && (l.Element != "img" && l.Element != "image" || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(l.URL)), "data:image/")):
			out = append(out, fmt.Sprintf("%s leads to %q", show(l.Node), shorten(l.URL)))
		}
	}
	return out
}

// schemeOf returns an address's scheme as a browser finds it, which passes over
// control characters and white space.
func schemeOf(address string) string {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, address)
	scheme, _, ok := strings.Cut(address, ":")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?#") {
		return ""
	}
	return scheme
}
