package htmlcheck

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// placed is an element and how many elements it stands in.
type placed struct {
	name  string
	depth int
}

// nesting reads the source tag by tag, and compares the elements that its tags
// enclose with those that a browser makes of it: they differ wherever an end
// tag is missing or in the wrong place, or an element stands where HTML does
// not allow it.
func nesting(p *Page) []string {
	written, wrong := writtenElements(p.source)
	if len(wrong) > 0 {
		return wrong
	}
	read := readElements(p.Root)
	for i := range max(len(written), len(read)) {
		switch {
		case i >= len(read):
			return []string{fmt.Sprintf("<%s> is written and not read", written[i].name)}
		case i >= len(written):
			return []string{fmt.Sprintf("<%s> is read and not written", read[i].name)}
		case written[i] != read[i]:
			return []string{fmt.Sprintf("element %d is written as <%s> in %d others and read as <%s> in %d, after <%s>",
				i, written[i].name, written[i].depth, read[i].name, read[i].depth, written[max(0, i-1)].name)}
		}
	}
	return nil
}

// void are the elements of HTML without content and end tag.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// writtenElements returns the elements as the tags of the source enclose them.
func writtenElements(source []byte) (elements []placed, wrong []string) {
	z := html.NewTokenizer(bytes.NewReader(source))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				wrong = append(wrong, err.Error())
			}
			if len(open) > 0 {
				wrong = append(wrong, fmt.Sprintf("<%s> is not closed", open[len(open)-1]))
			}
			return elements, wrong
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := slices.Clone(z.Raw())
			t := z.Token()
			wrong = append(wrong, twice(t.Data, raw)...)
			elements = append(elements, placed{t.Data, len(open)})
			selfClosed := t.Type == html.SelfClosingTagToken && foreign(open, t.Data)
			if !slices.Contains(void, t.Data) && !selfClosed {
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return elements, append(wrong, fmt.Sprintf("</%s> closes nothing; open are %q", name, open))
			}
			open = open[:len(open)-1]
		}
	}
}

// foreign reports whether an element is SVG or MathML, where "/>" closes.
func foreign(open []string, name string) bool {
	return slices.Contains(append(slices.Clone(open), name), "svg") || slices.Contains(append(slices.Clone(open), name), "math")
}

// attributeSyntax is an attribute as it is written in a tag.
var attributeSyntax = regexp.MustCompile(`[\s/]([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?`)

// twice finds attributes that a tag has more than once. The tokenizer drops
// all but the first, as browsers do, so the source is read.
func twice(name string, tag []byte) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range attributeSyntax.FindAllSubmatch(tag[1+len(name):], -1) {
		key := strings.ToLower(string(m[1]))
		if seen[key] {
			out = append(out, fmt.Sprintf("<%s> has the attribute %s twice", name, key))
		}
		seen[key] = true
	}
	return out
}

// readElements returns the elements of the parsed page. Names are in lower
// case as the tokenizer gives them; the parser restores those of SVG.
func readElements(root *html.Node) []placed {
	var out []placed
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode {
				out = append(out, placed{strings.ToLower(c.Data), depth})
				walk(c, depth+1)
			}
		}
	}
	walk(root, 0)
	return out
}
