package sanitize

import (
	"bytes"
	"html"
	"slices"
	"strings"
)

type attribute struct{ name, value string }

// tag reads the tag whose name begins at i and returns its name in lower
// case, its attributes (the first of each name) and the place after it. At
// the end of input without ">" it returns an empty name, as browsers do.
func (w *writer) tag(i int) (name string, attrs []attribute, selfClosing bool, next int) {
	src, start := w.src, i
	for i < len(src) && !isTagSpace(src[i]) && src[i] != '/' && src[i] != '>' {
		i++
	}
	name = strings.ToLower(string(src[start:i]))
	for {
		for i < len(src) && (isTagSpace(src[i]) || src[i] == '/') {
			selfClosing = src[i] == '/'
			i++
		}
		if i >= len(src) {
			return "", nil, false, len(src)
		}
		if src[i] == '>' {
			return name, attrs, selfClosing, i + 1
		}
		var a attribute
		a, i = readAttribute(src, i)
		if len(attrs) < 64 && !slices.ContainsFunc(attrs, func(b attribute) bool { return a.name == b.name }) {
			attrs = append(attrs, a)
		}
	}
}

func isTagSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func readAttribute(src []byte, i int) (attribute, int) {
	start := i
	i++ // a leading "=" belongs to the name
	for i < len(src) && !isTagSpace(src[i]) && src[i] != '/' && src[i] != '>' && src[i] != '=' {
		i++
	}
	a := attribute{name: strings.ToLower(string(src[start:i]))}
	j := i
	for j < len(src) && isTagSpace(src[j]) {
		j++
	}
	if j >= len(src) || src[j] != '=' {
		return a, i
	}
	for j++; j < len(src) && isTagSpace(src[j]); j++ {
	}
	if j >= len(src) {
		return a, j
	}
	if q := src[j]; q == '"' || q == '\'' {
		end := bytes.IndexByte(src[j+1:], q)
		if end < 0 {
			return a, len(src)
		}
		a.value = unescape(src[j+1 : j+1+end])
		return a, j + 1 + end + 1
	}
	start = j
	for j < len(src) && !isTagSpace(src[j]) && src[j] != '>' {
		j++
	}
	a.value = unescape(src[start:j])
	return a, j
}

func unescape(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	return html.UnescapeString(string(b))
}
