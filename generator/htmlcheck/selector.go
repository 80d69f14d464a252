package htmlcheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Find returns the elements that a selector finds below a node, in document
// order. Selectors are the small part of CSS that tests need: an element name
// or "*", ".class", "#id", "[attr]", "[attr=value]" and "[attr^=value]" in any
// number, with white space for "somewhere inside" and no commas. Find panics on
// a selector that it does not understand, since that is a mistake in a test.
func Find(n *html.Node, selector string) []*html.Node {
	steps := strings.Fields(selector)
	parsed := make([]compound, len(steps))
	for i, s := range steps {
		parsed[i] = parseCompound(s)
	}
	if len(parsed) == 0 {
		panic("htmlcheck: empty selector")
	}
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && matches(d, n, parsed) {
			out = append(out, d)
		}
	}
	return out
}

// matches reports whether an element below top fits the last step, with
// ancestors for the steps before it.
func matches(n, top *html.Node, steps []compound) bool {
	last := len(steps) - 1
	if !steps[last].fits(n) {
		return false
	}
	if last == 0 {
		return true
	}
	for a := n.Parent; a != nil && a != top; a = a.Parent {
		if matches(a, top, steps[:last]) {
			return true
		}
	}
	return false
}

// compound is one step of a selector: all of it about one element.
type compound struct {
	element string
	tests   []attributeTest
}

type attributeTest struct{ name, op, value string }

var (
	compoundSyntax = regexp.MustCompile(`^([a-z0-9*]*)((?:[.#][\w-]+|\[[\w:-]+(?:\^?=[^\]]*)?\])*)$`)
	testSyntax     = regexp.MustCompile(`([.#])([\w-]+)|\[([\w:-]+)(?:(\^?=)"?([^\]"]*)"?)?\]`)
)

func parseCompound(s string) compound {
	m := compoundSyntax.FindStringSubmatch(s)
	if m == nil || s == "" {
		panic(fmt.Sprintf("htmlcheck: cannot read selector %q", s))
	}
	c := compound{element: m[1]}
	for _, t := range testSyntax.FindAllStringSubmatch(m[2], -1) {
		switch t[1] {
		case ".":
			c.tests = append(c.tests, attributeTest{"class", "~", t[2]})
		case "#":
			c.tests = append(c.tests, attributeTest{"id", "=", t[2]})
		default:
			c.tests = append(c.tests, attributeTest{t[3], t[4], t[5]})
		}
	}
	return c
}

func (c compound) fits(n *html.Node) bool {
	if n.Type != html.ElementNode || c.element != "" && c.element != "*" && c.element != n.Data {
		return false
	}
	for _, t := range c.tests {
		v, ok := attr(n, t.name)
		switch {
		case !ok,
			t.op == "=" && v != t.value,
			t.op == "^=" && !strings.HasPrefix(v, t.value),
			t.op == "~" && !slices.Contains(strings.Fields(v), t.value):
			return false
		}
	}
	return true
}
