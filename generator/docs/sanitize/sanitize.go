// Package sanitize makes HTML and SVG that strangers wrote safe to publish on
// a portal's own origin. Begin with [HTML].
//
// It is an allow-list with its own serialiser: nothing of the input reaches
// the output except text, in which every "<" is escaped, and tags written
// anew from known names with known attributes, each value quoted and escaped.
// So it does not matter how a browser would have read the input; only how it
// reads the output, which has no unusual forms, and is balanced.
//
// The rules follow Backstage's TechDocs sanitiser
// (plugins/techdocs/src/reader/transformers/html) where that is stricter than
// a browser, and are stricter still where the portal's content security policy
// (script-src 'self'; style-src 'self') would block what is let through.
package sanitize

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Slot is the byte [HTML] writes, after a space, in the place of a tag's URL, class and
// title when [Options.Link] took the tag over. It cannot occur otherwise.
const Slot = '\x01'

// MaxDepth is how many elements may be open at once; tags nested deeper are
// dropped and their text stays.
const MaxDepth = 200

// Link is a tag with a URL, as shown to [Options.Link].
type Link struct {
	// Tag is the element, such as "a" or "img"; Attr the attribute with the URL.
	Tag, Attr string
	// URL is the value as written, entities resolved; it has not been checked.
	URL string
	// Class and Title are the tag's other attributes that the caller has to write.
	Class, Title string
	// Sized is true where the tag has a width or height of its own.
	Sized bool
}

// Options say what else is let through. The zero value lets through nothing more.
type Options struct {
	// IframeHosts are the hosts (with port if any) whose pages may be embedded.
	IframeHosts []string
	// Link is called for every link and image. If it returns true, the
	// sanitiser writes " " and [Slot] instead of the URL, class and title.
	// If it returns false or is nil, an unsafe URL is left out.
	Link func(Link) bool
	// Removed is called with the name of each element that is not let through.
	Removed func(tag string)
	// ID is called with each id written.
	ID func(id string)
}

type writer struct {
	Options
	src   []byte
	out   []byte
	open  []*element
	extra int // start tags dropped because of MaxDepth and not closed yet
}

// HTML returns src, an HTML fragment, as a safe and balanced one. Applying it
// twice gives the same as applying it once. It never fails and takes time in
// proportion to the input's length.
func HTML(src []byte, o Options) []byte {
	w := &writer{Options: o, src: src, out: make([]byte, 0, len(src)+len(src)/16+64)}
	for i := 0; i < len(src); {
		if src[i] != '<' {
			i = w.text(i)
			continue
		}
		i = w.markup(i)
	}
	for n := len(w.open); n > 0; n = len(w.open) {
		w.pop()
	}
	return w.out
}

// plain marks the bytes that text may contain as they are.
var plain = func() (t [256]bool) {
	for i := range t {
		t[i] = i >= 0x20 && i != 0x7f && i != '<' && i != '&' && i != 0xe2
	}
	t['\n'], t['\t'] = true, true
	return t
}()

// text copies text from i up to the next "<" and returns its place.
func (w *writer) text(i int) int {
	src := w.src
	for i < len(src) && src[i] != '<' {
		start := i
		for i < len(src) && plain[src[i]] {
			i++
		}
		w.out = append(w.out, src[start:i]...)
		if i >= len(src) {
			break
		}
		switch src[i] {
		case '<':
		case '&':
			i = w.entity(i)
		case 0xe2:
			if r, n := utf8.DecodeRune(src[i:]); isBidi(r) {
				w.bidi(r)
				i += n
			} else {
				w.out = append(w.out, src[i])
				i++
			}
		default: // control characters vanish
			i++
		}
	}
	return i
}

// isBidi reports whether r changes the direction of the text after it without
// being seen: the means of "Trojan source" attacks (CVE-2021-42574). The marks
// LRM, RLM and ALM, which honest right-to-left text needs, are not among them.
func isBidi(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

func (w *writer) bidi(r rune) {
	w.out = append(w.out, `<span class="bidi-control">U+`...)
	w.out = append(w.out, strings.ToUpper(strconv.FormatInt(int64(r), 16))...)
	w.out = append(w.out, `</span>`...)
}

// entity copies the character reference at i, or escapes a lone ampersand,
// and returns the place after it. References to control and direction
// characters are treated as those characters are.
func (w *writer) entity(i int) int {
	end := i + 1
	for end < len(w.src) && end-i < 34 && (isAlphanumeric(w.src[end]) || w.src[end] == '#') {
		end++
	}
	if end >= len(w.src) || w.src[end] != ';' || end == i+1 {
		w.out = append(w.out, "&amp;"...)
		return i + 1
	}
	ref := string(w.src[i : end+1])
	s := html.UnescapeString(ref)
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case s == ref: // no such reference
		w.out = append(w.out, "&amp;"...)
		return i + 1
	case isBidi(r):
		w.bidi(r)
	case r < 0x20 && r != '\n' && r != '\t' || r == 0x7f:
	default:
		w.out = append(w.out, ref...)
	}
	return end + 1
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// markup handles the "<" at i and returns the place after what it consumed.
func (w *writer) markup(i int) int {
	src := w.src
	if n := w.fast(i); n > 0 {
		return n
	}
	switch {
	case i+1 >= len(src):
	case isLetter(src[i+1]):
		return w.startTag(i)
	case src[i+1] == '/' && i+2 < len(src) && isLetter(src[i+2]):
		return w.endTag(i)
	case bytes.HasPrefix(src[i:], []byte("<!--")):
		if rest := src[i+4:]; bytes.HasPrefix(rest, []byte(">")) || bytes.HasPrefix(rest, []byte("->")) {
			return i + 4 + bytes.IndexByte(rest, '>') + 1
		}
		if end := bytes.Index(src[i+4:], []byte("-->")); end >= 0 {
			return i + 4 + end + 3
		}
		return len(src)
	case src[i+1] == '!' || src[i+1] == '?' || src[i+1] == '/':
		if end := bytes.IndexByte(src[i:], '>'); end >= 0 {
			return i + end + 1
		}
		return len(src)
	}
	w.out = append(w.out, "&lt;"...)
	return i + 1
}

var (
	spanClass = []byte(`<span class="`)
	spanEnd   = []byte(`</span>`)
)

// fast copies the two tags that highlighted code consists of without taking
// them apart: </span> and <span class="k"> with classes of up to three
// letters or digits. It returns 0 for anything else.
func (w *writer) fast(i int) int {
	if bytes.HasPrefix(w.src[i:], spanEnd) && len(w.open) > 0 && w.extra == 0 {
		if e := w.open[len(w.open)-1]; e.name == "span" {
			w.open = w.open[:len(w.open)-1]
			w.out = append(w.out, spanEnd...)
			return i + len(spanEnd)
		}
		return 0
	}
	if !bytes.HasPrefix(w.src[i:], spanClass) || len(w.open) >= MaxDepth {
		return 0
	}
	j := i + len(spanClass)
	for j < len(w.src) && isAlphanumeric(w.src[j]) {
		j++
	}
	if n := j - i - len(spanClass); n == 0 || n > 3 || !bytes.HasPrefix(w.src[j:], []byte(`">`)) {
		return 0
	}
	w.out = append(w.out, w.src[i:j+2]...)
	w.open = append(w.open, elements["span"])
	return j + 2
}

func (w *writer) startTag(i int) int {
	name, attrs, selfClosing, next := w.tag(i + 1)
	if name == "" {
		return next
	}
	e := elements[name]
	if e == nil {
		return w.removed(name, attrs, next)
	}
	if e.needs != "" && !w.isOpen(e.needs) {
		return next
	}
	if !e.void && len(w.open) >= MaxDepth {
		w.extra++
		return next
	}
	w.closeImplied(e)
	w.out = append(w.out, '<')
	w.out = append(w.out, e.name...)
	w.attributes(e, attrs)
	w.out = append(w.out, '>')
	switch {
	case e.void:
	case selfClosing && e.mathML:
		w.out = append(w.out, "</"+e.name+">"...)
	default:
		w.open = append(w.open, e)
	}
	return next
}

// removed drops an element that is not let through, with its content where
// that is not text, and returns the place after it.
func (w *writer) removed(name string, attrs []attribute, next int) int {
	if name == "iframe" {
		w.iframe(attrs)
	} else if w.Removed != nil && opaque[name] != harmless {
		w.Removed(name)
	}
	if opaque[name] != withContent {
		return next
	}
	return w.skipTo(name, next)
}

// skipTo returns the place after the end tag of a raw text element.
func (w *writer) skipTo(name string, i int) int {
	for i < len(w.src) {
		j := bytes.Index(w.src[i:], []byte("</"))
		if j < 0 {
			return len(w.src)
		}
		i += j + 2
		if len(w.src)-i >= len(name) && strings.EqualFold(string(w.src[i:i+len(name)]), name) {
			if end := bytes.IndexByte(w.src[i:], '>'); end >= 0 {
				return i + end + 1
			}
			return len(w.src)
		}
	}
	return len(w.src)
}

func (w *writer) endTag(i int) int {
	name, _, _, next := w.tag(i + 2)
	e := elements[name]
	if e == nil || e.void {
		return next
	}
	if w.extra > 0 {
		w.extra--
		return next
	}
	for k := len(w.open) - 1; k >= 0; k-- {
		o := w.open[k]
		if o == e {
			for len(w.open) > k {
				w.pop()
			}
			return next
		}
		if o.block && !e.block || o.scope {
			return next // an end tag never reaches through a block, nor out of a table cell
		}
	}
	return next
}

func (w *writer) pop() {
	e := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	w.out = append(w.out, '<', '/')
	w.out = append(w.out, e.name...)
	w.out = append(w.out, '>')
}

// isOpen reports whether an element is open without a table in between.
func (w *writer) isOpen(name string) bool {
	for k := len(w.open) - 1; k >= 0; k-- {
		if w.open[k].name == name {
			return true
		}
	}
	return false
}

// closeImplied closes what a browser would close before e begins: a paragraph
// before a block, a list item before the next one, an outer link.
func (w *writer) closeImplied(e *element) {
	if !e.block && e.closes == nil {
		return
	}
	for k := len(w.open) - 1; k >= 0; k-- {
		o := w.open[k]
		switch {
		case o.name == "p" && e.block, slices.Contains(e.closes, o.name):
			for len(w.open) > k {
				w.pop()
			}
		case o.scope && e.needs != "table", slices.Contains(e.within, o.name):
			return
		case o.block && len(e.closes) == 0:
			return
		}
	}
}

// Escape appends s to dst as the value of a quoted attribute: markup escaped,
// control characters left out, direction controls spelled out.
func Escape(dst []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&#34;"...)
		case r == '\n' || r == '\t':
			dst = append(dst, ' ')
		case r < 0x20 || r == 0x7f:
		case isBidi(r):
			dst = append(dst, "U+"+strings.ToUpper(strconv.FormatInt(int64(r), 16))...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}
