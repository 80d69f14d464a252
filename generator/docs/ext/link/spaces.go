package link

import (
	"bytes"
)

// space stands for a space inside of a link's address while the page is parsed.
const space = '\x03'

var opening = []byte("](")

// HideSpaces makes addresses with spaces readable for a CommonMark parser,
// which ends them there: [guide](My Guide.md) works in Python-Markdown, and
// names of files do have spaces. It changes the source in place; [Restore]
// undoes it in what was rendered.
func HideSpaces(source []byte) {
	for i := bytes.Index(source, opening); i >= 0; {
		start := i + 2
		end := lineOf(source, start)
		if address := addressIn(source[start:end]); address != nil {
			for k, c := range address {
				if c == ' ' {
					address[k] = space
				}
			}
		}
		next := bytes.Index(source[start:], opening)
		if next < 0 {
			return
		}
		i = start + next
	}
}

func lineOf(source []byte, i int) int {
	const longest = 1000 // of an address with its title
	limit := min(len(source), i+longest)
	if end := bytes.IndexByte(source[i:limit], '\n'); end >= 0 {
		return i + end
	}
	return limit
}

// addressIn returns the address in "address "title") …" if it has spaces inside, else nil.
func addressIn(rest []byte) []byte {
	depth := 0
	end := -1
	for i, c := range rest {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				end = i
			}
		case '<', '`', '[':
			return nil
		}
		if end >= 0 {
			break
		}
	}
	if end < 0 {
		return nil
	}
	address := bytes.TrimSpace(rest[:end])
	if q := titleStart(address); q > 0 {
		address = bytes.TrimRight(address[:q], " ")
	}
	if bytes.IndexByte(address, ' ') < 0 || bytes.ContainsAny(address, "\"'") {
		return nil
	}
	return address
}

// titleStart returns where a title in quotes at the end begins, or 0.
func titleStart(s []byte) int {
	if len(s) < 3 || s[len(s)-1] != '"' && s[len(s)-1] != '\'' {
		return 0
	}
	for i := 1; i < len(s)-1; i++ {
		if s[i] == s[len(s)-1] && s[i-1] == ' ' {
			return i
		}
	}
	return 0
}

// Restore puts the spaces back into rendered HTML, in place.
func Restore(html []byte) {
	for i := bytes.IndexByte(html, space); i >= 0; {
		html[i] = ' '
		next := bytes.IndexByte(html[i:], space)
		if next < 0 {
			return
		}
		i += next
	}
}
