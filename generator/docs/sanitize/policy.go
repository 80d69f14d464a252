package sanitize

import (
	"net/url"
	"slices"
	"strings"
)

// element is an HTML element that is let through.
type element struct {
	name   string
	block  bool // ends an open paragraph
	void   bool // has no content and no end tag
	scope  bool // end tags inside never reach out of it
	mathML bool
	attrs  []string // besides the global ones
	needs  string   // an element that must be open
	closes []string // open elements that its start ends …
	within []string // … looking no further out than these
}

// elements is the allow-list. Absent on purpose: everything that runs, loads
// or styles (script, style, link, meta, base, object, embed, svg, template),
// and everything that asks for input (form, textarea, select, button).
var elements = index(
	group(true, nil, "address", "article", "aside", "div", "figure", "figcaption", "footer", "header", "hgroup", "main", "nav", "p", "pre", "section", "center", "hr", "dl"),
	group(true, []string{"cite"}, "blockquote"),
	group(true, []string{"align"}, "h1", "h2", "h3", "h4", "h5", "h6"),
	group(true, []string{"open"}, "details"),
	group(true, nil, "summary"),
	group(true, []string{"start", "type", "reversed"}, "ol"),
	group(true, []string{"type"}, "ul"),
	group(true, []string{"value"}, "li"),
	group(true, nil, "dt", "dd"),
	group(true, []string{"border", "align"}, "table"),
	group(true, []string{"align", "valign", "span"}, "thead", "tbody", "tfoot", "tr", "colgroup", "col", "caption"),
	group(true, []string{"align", "valign", "colspan", "rowspan", "scope", "headers", "abbr"}, "td", "th"),
	group(false, nil, "abbr", "acronym", "b", "bdi", "big", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "rp", "rt", "ruby",
		"s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "br", "bdo"),
	group(false, []string{"cite", "datetime"}, "del", "ins"),
	group(false, []string{"datetime"}, "time"),
	group(false, []string{"value"}, "data"),
	group(false, []string{"color", "size", "face"}, "font"),
	group(false, []string{"href", "hreflang", "download", "target", "rel", "name"}, "a"),
	group(false, []string{"src", "alt", "width", "height", "align", "loading"}, "img"),
	group(false, nil, "picture"),
	group(false, []string{"src", "type", "media"}, "source"),
	group(false, []string{"src", "controls", "loop", "muted", "preload", "width", "height", "poster"}, "video", "audio"),
	group(false, []string{"value", "max", "min"}, "progress", "meter"),
	group(false, []string{"type", "checked", "disabled", "name"}, "input"),
	group(false, []string{"for"}, "label"),
	mathML("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover", "munder",
		"munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none"),
)

func group(block bool, attrs []string, names ...string) []*element {
	out := make([]*element, len(names))
	for i, n := range names {
		out[i] = &element{name: n, block: block, attrs: attrs}
	}
	return out
}

func mathML(names ...string) []*element {
	out := group(false, []string{"display", "mathvariant", "stretchy", "fence", "separator", "accent", "accentunder", "lspace", "rspace",
		"linethickness", "displaystyle", "scriptlevel", "columnalign", "rowspacing", "columnspacing", "width", "height", "depth", "minsize",
		"maxsize", "movablelimits", "largeop", "symmetric", "form", "notation", "xmlns", "columnlines", "rowlines", "frame"}, names...)
	for _, e := range out {
		e.mathML = true
		if e.name != "math" {
			e.needs = "math"
		}
	}
	return out
}

var tableParts = []string{"td", "th", "tr", "thead", "tbody", "tfoot", "caption", "colgroup", "col"}

func index(groups ...[]*element) map[string]*element {
	m := map[string]*element{}
	for _, e := range slices.Concat(groups...) {
		m[e.name] = e
	}
	for _, n := range []string{"hr", "br", "wbr", "img", "col", "input", "source"} {
		m[n].void = true
	}
	for _, n := range tableParts {
		m[n].needs, m[n].within = "table", []string{"table"}
	}
	for _, n := range []string{"td", "th", "caption"} {
		m[n].scope = true
	}
	m["td"].closes, m["th"].closes = []string{"td", "th"}, []string{"td", "th"}
	m["tr"].closes = []string{"tr", "caption", "colgroup"}
	for _, n := range []string{"thead", "tbody", "tfoot"} {
		m[n].closes = []string{"thead", "tbody", "tfoot", "tr", "caption", "colgroup"}
	}
	m["li"].closes, m["li"].within = []string{"li"}, []string{"ul", "ol"}
	m["dt"].closes, m["dt"].within = []string{"dt", "dd"}, []string{"dl"}
	m["dd"].closes, m["dd"].within = []string{"dt", "dd"}, []string{"dl"}
	m["summary"].needs = "details"
	m["a"].closes = []string{"a"}
	for _, n := range []string{"h1", "h2", "h3", "h4", "h5", "h6"} {
		m[n].closes, m[n].within = []string{"h1", "h2", "h3", "h4", "h5", "h6"}, []string{"div", "li", "blockquote", "details", "section", "td", "th", "dd"}
	}
	return m
}

// What becomes of elements that are not let through.
const (
	tagOnly     = iota // the tags vanish, the content stays
	withContent        // the content vanishes as well
	harmless           // as tagOnly, and not worth a word
)

var opaque = map[string]int{
	"script": withContent, "style": withContent, "textarea": withContent, "title": withContent, "xmp": withContent, "iframe": withContent,
	"noembed": withContent, "noframes": withContent, "plaintext": withContent, "template": withContent, "noscript": withContent,
	"svg": withContent, "object": withContent, "select": withContent,
	"html": harmless, "head": harmless, "body": harmless,
}

// global are the attributes every element may have. Not style and no on…; the
// data- attributes are only those of Callboard's own markup.
var global = []string{"id", "class", "title", "lang", "dir", "role", "translate", "data-tabs", "data-lang", "data-line", "data-math"}

func allowed(e *element, name string) bool {
	return slices.Contains(global, name) || slices.Contains(e.attrs, name) || strings.HasPrefix(name, "aria-") && isName(name)
}

func isName(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return s != ""
}

// Rel is the attribute, after a space, that links to other sites carry.
const Rel = ` rel="noopener noreferrer nofollow"`

// attributes writes the attributes of e that are let through.
func (w *writer) attributes(e *element, attrs []attribute) {
	hasID := slices.ContainsFunc(attrs, func(a attribute) bool { return a.name == "id" && a.value != "" })
	link := Link{Tag: e.name}
	for _, a := range attrs {
		switch {
		case !allowed(e, a.name), a.name == "name" && e.name == "a" && hasID:
		case a.name == "href" || a.name == "src":
			link.Attr, link.URL = a.name, a.value
		case a.name == "class":
			link.Class = classes(a.value)
		case a.name == "title":
			link.Title = Printable(a.value)
		default:
			if v, ok := w.value(e, a); ok {
				w.attribute(v.name, v.value)
				link.Sized = link.Sized || v.name == "width" || v.name == "height"
			}
		}
	}
	switch e.name {
	case "input":
		w.out = append(w.out, inputDefaults(attrs)...)
	case "img":
		if !slices.ContainsFunc(attrs, func(a attribute) bool { return a.name == "alt" }) {
			w.attribute("alt", "")
		}
	}
	if link.Attr != "" && w.Link != nil && w.Link(link) {
		w.out = append(w.out, ' ', Slot)
		return
	}
	if link.Attr != "" {
		if u, ok := URL(link.URL, link.Attr == "src"); ok {
			w.attribute(link.Attr, u)
			if scheme, _ := Scheme(u); e.name == "a" && (scheme == "http" || scheme == "https") {
				w.out = append(w.out, Rel...)
			}
		}
	}
	if link.Class != "" {
		w.attribute("class", link.Class)
	}
	if link.Title != "" {
		w.attribute("title", link.Title)
	}
}

// inputDefaults makes a checkbox from an input of any kind but a radio button.
// A checkbox is one of a task list, which has no label of its own; screen
// readers say "Done, checkbox, not checked".
func inputDefaults(attrs []attribute) string {
	named := false
	for _, a := range attrs {
		switch {
		case a.name == "type" && strings.EqualFold(a.value, "radio"):
			return ` type="radio"`
		case a.name == "aria-label":
			named = true
		}
	}
	if named {
		return ` type="checkbox"`
	}
	return ` aria-label="Done" type="checkbox"`
}

// value returns an attribute with the value it may have, and false to leave it out.
func (w *writer) value(e *element, a attribute) (attribute, bool) {
	switch a.name {
	case "id", "for", "headers":
		a.value = SafeID(a.value)
	case "name":
		if e.name == "a" { // an anchor of old; a name could shadow document.…
			a.name = "id"
		}
		a.value = SafeID(a.value)
	case "cite", "poster":
		u, ok := URL(a.value, a.name == "poster")
		return attribute{a.name, u}, ok
	case "type":
		return a, e.name != "input" && isName(strings.ReplaceAll(a.value, "/", ""))
	case "target":
		return a, a.value == "_blank"
	case "rel", "xmlns":
		return a, false
	case "width", "height", "align", "colspan", "rowspan", "span", "start", "value", "data-tabs", "data-line":
		return a, len(a.value) < 40 && !strings.ContainsAny(a.value, "<>\"'();{}")
	}
	if a.name == "id" {
		if a.value == "" {
			return a, false
		}
		if w.ID != nil {
			w.ID(a.value)
		}
	}
	return a, true
}

func (w *writer) attribute(name, value string) {
	w.out = append(w.out, ' ')
	w.out = append(w.out, name...)
	w.out = append(w.out, '=', '"')
	w.out = Escape(w.out, value)
	w.out = append(w.out, '"')
}

// Printable returns s without control and direction characters, save line ends.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' || r == 0x7f || isBidi(r) {
			return -1
		}
		return r
	}, s)
}

// schemes that a link may lead to. Everything else (javascript, vbscript,
// data, blob, filesystem, intent, ms-…) could run or fetch something on the
// reader's machine.
var schemes = []string{"http", "https", "mailto", "tel", "ftp", "ftps", "sftp", "irc", "ircs", "xmpp", "slack", "vscode", "ssh", "git"}

// URL returns a link's target, or an image's if embedded, as it may be
// published: without white space and control characters. It returns false for
// a scheme that is not let through. Relative URLs pass.
func URL(s string, embedded bool) (string, bool) {
	s = strings.TrimSpace(strings.ReplaceAll(Printable(s), "\n", ""))
	scheme, ok := Scheme(s)
	if !ok {
		return s, !strings.HasPrefix(s, `\`) // browsers read a backslash as a slash
	}
	if embedded {
		return s, scheme == "http" || scheme == "https" || scheme == "data" && isImageData(s)
	}
	return s, slices.Contains(schemes, scheme)
}

// Scheme returns a URL's scheme in lower case and whether it has one, seen
// as liberally as a browser does it.
func Scheme(s string) (string, bool) {
	i := strings.IndexAny(s, ":/?#")
	if i <= 0 || s[i] != ':' {
		return "", i == 0 && s[0] == ':'
	}
	return strings.ToLower(strings.TrimSpace(s[:i])), true
}

func isImageData(s string) bool {
	s = strings.ToLower(s[:min(len(s), 32)])
	for _, t := range []string{"png", "gif", "jpeg", "webp", "avif"} {
		if strings.HasPrefix(s, "data:image/"+t+";base64,") {
			return true
		}
	}
	return false
}

// iframe writes an embedded page from an allowed host in a sandbox, and a
// plain link to any other.
func (w *writer) iframe(attrs []attribute) {
	var src, title, width, height string
	for _, a := range attrs {
		switch a.name {
		case "src":
			src = a.value
		case "title":
			title = a.value
		case "width":
			width = a.value
		case "height":
			height = a.value
		}
	}
	u, err := url.Parse(strings.TrimSpace(src))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		if w.Removed != nil {
			w.Removed("iframe")
		}
		return
	}
	if title == "" {
		title = "Embedded page from " + u.Host
	}
	if !allowsHost(w.IframeHosts, u.Host) {
		if w.Removed != nil {
			w.Removed("iframe")
		}
		w.closeImplied(elements["a"])
		w.out = append(w.out, "<a"...)
		w.attribute("href", u.String())
		w.out = append(w.out, Rel+` class="embed-link external">`...)
		w.out = Escape(w.out, title)
		w.out = append(w.out, "</a>"...)
		return
	}
	w.out = append(w.out, `<iframe class="embed"`...)
	w.attribute("src", u.String())
	w.attribute("title", title)
	for _, a := range []attribute{{"width", width}, {"height", height}} {
		if a.value != "" && isName(strings.TrimSuffix(a.value, "%")) {
			w.attribute(a.name, a.value)
		}
	}
	w.out = append(w.out, ` loading="lazy" referrerpolicy="no-referrer" sandbox="allow-scripts allow-popups"></iframe>`...)
}

// allowsHost reports whether one of the hosts allowed is host, or stands for
// it: "*.example.com" stands for every host below example.com.
func allowsHost(allowed []string, host string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		suffix, wild := strings.CutPrefix(a, "*")
		return wild && strings.HasPrefix(suffix, ".") && strings.HasSuffix(host, suffix) || a == host
	})
}
