package page

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// safeURL reports whether s is an absolute http, https or mailto URL that a
// page may link to.
func safeURL(s string) bool {
	if strings.ContainsAny(s, "\x00\n\r\t") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}

// sitePath reports whether s is a path inside the site.
func sitePath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.HasPrefix(s, "/\\")
}

// external makes a link out of the site, or reports false for an unsafe URL.
// Without a title the URL says where it leads, without its scheme.
func external(title, address string) (Link, bool) {
	if !safeURL(address) {
		return Link{}, false
	}
	if title == "" {
		_, rest, _ := strings.Cut(address, ":")
		title = strings.TrimSuffix(strings.TrimPrefix(rest, "//"), "/")
	}
	return Link{Title: title, URL: address, External: true}, true
}

var (
	mdLink  = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	mdMarks = strings.NewReplacer("**", "", "__", "", "`", "", "\\", "")
)

// excerpt turns a short Markdown text into one line of plain text of at most
// limit characters.
func excerpt(s string, limit int) string {
	if len(s) > 8*limit {
		s = strings.ToValidUTF8(s[:8*limit], "")
	}
	if strings.Contains(s, "](") {
		s = mdLink.ReplaceAllString(s, "$1")
	}
	words := strings.Fields(mdMarks.Replace(s))
	for len(words) > 0 && strings.Trim(words[0], "#>-*") == "" {
		words = words[1:]
	}
	s = strings.Join(words, " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)[:limit]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:") + "…"
}
