package htmlcheck

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Check looks at a part of a page and says what is wrong there, nothing if it
// is as it should be.
type Check func(n *html.Node) []string

// Check applies checks to the whole page.
func (p *Page) Check(checks ...Check) []string { return all(p.Root, checks) }

func all(n *html.Node, checks []Check) []string {
	var out []string
	for _, c := range checks {
		out = append(out, c(n)...)
	}
	return out
}

// In requires that some element found by the selector passes all the checks;
// with no checks, that there is one. Where none does, it says what is wrong
// with the first.
func In(selector string, checks ...Check) Check {
	return func(n *html.Node) []string {
		found := Find(n, selector)
		if len(found) == 0 {
			return []string{fmt.Sprintf("%s has no %q inside", show(n), selector)}
		}
		var first []string
		for i, f := range found {
			wrong := all(f, checks)
			if len(wrong) == 0 {
				return nil
			}
			if i == 0 {
				first = wrong
			}
		}
		for i := range first {
			first[i] = fmt.Sprintf("in %q (%d found): %s", selector, len(found), first[i])
		}
		return first
	}
}

// NotIn requires that no element found by the selector passes all the checks;
// with no checks, that there is none.
func NotIn(selector string, checks ...Check) Check {
	return func(n *html.Node) []string {
		for _, f := range Find(n, selector) {
			if len(all(f, checks)) == 0 {
				return []string{fmt.Sprintf("%s is there and should not be (%q)", show(f), selector)}
			}
		}
		return nil
	}
}

// Count requires that the selector finds exactly so many elements.
func Count(selector string, want int) Check {
	return func(n *html.Node) []string {
		if got := len(Find(n, selector)); got != want {
			return []string{fmt.Sprintf("%s has %d of %q, want %d", show(n), got, selector, want)}
		}
		return nil
	}
}

// HasText requires that the text contains what is given; white space in runs
// counts as one space.
func HasText(want string) Check {
	return func(n *html.Node) []string {
		if text := Text(n); !strings.Contains(text, want) {
			return []string{fmt.Sprintf("the text %q lacks %q", shorten(text), want)}
		}
		return nil
	}
}

// HasHref requires a link, the element itself or one inside, to exactly this
// address.
func HasHref(want string) Check {
	return func(n *html.Node) []string {
		if v, ok := attr(n, "href"); ok && v == want {
			return nil
		}
		for d := range n.Descendants() {
			if v, ok := attr(d, "href"); ok && v == want {
				return nil
			}
		}
		return []string{fmt.Sprintf("%s has no link to %q", show(n), want)}
	}
}

// Attr requires an attribute of the element itself to have this value.
func Attr(name, want string) Check {
	return func(n *html.Node) []string {
		v, ok := attr(n, name)
		switch {
		case !ok:
			return []string{fmt.Sprintf("%s has no attribute %q", show(n), name)}
		case v != want:
			return []string{fmt.Sprintf("%s has %s=%q, want %q", show(n), name, v, want)}
		}
		return nil
	}
}

func shorten(s string) string {
	if len(s) <= 200 {
		return s
	}
	return strings.ToValidUTF8(s[:200], "") + "…"
}
