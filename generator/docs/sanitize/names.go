package sanitize

import (
	"slices"
	"strings"
)

// Prefix is put before ids and classes that must not be used as written.
const Prefix = "doc-"

// SafeID returns an id that shadows nothing scripts rely on: names of
// properties of window, document and Object get [Prefix], and so do ids that
// begin as those of the portal's own page do ("cb-", "__" except the
// dialect's own "__tabbed"). White space and control characters are dropped.
func SafeID(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || isBidi(r) {
			return -1
		}
		return r
	}, s)
	if clobbers(s) {
		return Prefix + s
	}
	return s
}

func clobbers(s string) bool {
	if strings.HasPrefix(s, "cb-") || strings.HasPrefix(s, "__") && !strings.HasPrefix(s, "__tabbed_") {
		return true
	}
	_, ok := slices.BinarySearch(shadowing, s)
	return ok
}

// shadowing are names that `window.x` or `x in object` find, as listed by the
// DOM clobbering collections. Words in lower case ("location", "domain",
// "alert", "implementation") are not among them: ids never win over the
// properties that window and document have of their own, and such words are
// headings, whose addresses must stay.
var shadowing = sorted("__proto__", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
	"toLocaleString", "toString", "valueOf", "toJSON", "nodeName", "nodeType", "nodeValue", "ownerDocument", "parentNode", "childNodes",
	"firstChild", "lastChild", "nextSibling", "previousSibling", "innerHTML", "outerHTML", "textContent", "innerText",
	"getElementById", "getElementsByName", "getElementsByTagName", "getElementsByClassName", "querySelector", "querySelectorAll",
	"createElement", "createTextNode", "appendChild", "removeChild", "insertBefore", "addEventListener", "removeEventListener",
	"documentElement", "currentScript", "defaultView", "activeElement", "baseURI", "documentURI",
	"localStorage", "sessionStorage", "XMLHttpRequest", "trustedTypes", "DOMPurify", "customElements", "globalThis", "frameElement")

func sorted(s ...string) []string {
	slices.Sort(s)
	return s
}

// classes returns the classes that are let through as they are: those of the
// dialect and of highlighted code. Any other gets [Prefix], so that a page
// cannot dress up as a part of the portal's own interface, yet a theme can
// still style it.
func classes(s string) string {
	var b strings.Builder
	for _, c := range strings.Fields(s) {
		if len(c) > 64 || !isName(strings.ReplaceAll(c, ":", "")) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if len(c) > 3 && !strings.HasPrefix(c, Prefix) && !strings.HasPrefix(c, "language-") && !strings.HasPrefix(c, "key-") {
			if _, ok := slices.BinarySearch(known, c); !ok {
				b.WriteString(Prefix)
			}
		}
		b.WriteString(c)
	}
	return b.String()
}

var known = sorted(
	"admonition", "admonition-title", "details", "inline", "end", "collapse",
	"note", "abstract", "summary", "tldr", "info", "todo", "tip", "hint", "important", "success", "check", "done", "question", "help", "faq",
	"warning", "caution", "attention", "failure", "fail", "missing", "danger", "error", "bug", "example", "snippet", "quote", "cite", "seealso",
	"tabbed-set", "tabbed-alternate", "tabbed-labels", "tabbed-content", "tabbed-block",
	"highlight", "chroma", "filename", "line", "line-numbers", "linenos", "code-title", "nowrap", "lntable", "lntd",
	"headerlink", "footnote", "footnotes", "footnote-ref", "footnote-backref", "task-list", "task-list-item", "task-list-control", "task-list-indicator",
	"keys", "emojione", "twemoji", "emoji", "critic", "break", "comment", "block", "magiclink", "arithmatex", "mermaid", "diagram",
	"broken-link", "external", "bidi-control", "card", "failed", "toc", "toctitle", "table-wrapper", "abbr", "md-button", "md-button--primary",
	"grid", "cards", "annotate", "progress", "embed", "embed-link", "figure", "caption", "text-center", "text-left", "text-right")
