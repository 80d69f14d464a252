package docs

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Pages may ask for a few facts in the words of common MkDocs plugins
// (git-revision-date-localized, macros):
//
//	Last changed on {{ git_revision_date_localized }} in {{ config.site_name }}.
//
// What is not among them, or not known, stays as it is written. Nothing is
// ever evaluated: each name is looked up in a list.

var macroPattern = regexp.MustCompile(`\{\{\s*([a-z_]+(?:\.[a-z_]+)?)\s*\}\}`)

// macros are the values of the names that a page uses, as HTML.
type macros map[string]string

// macrosOf returns the values that a page's HTML asks for, nil if none.
func (s *siteBuild) macrosOf(page *Page, source string) macros {
	if !strings.Contains(source, "{{") {
		return nil
	}
	var m macros
	for _, match := range macroPattern.FindAllStringSubmatch(source, 200) {
		if v := s.macro(match[1], page); v != "" {
			if m == nil {
				m = macros{}
			}
			m[match[1]] = html.EscapeString(v)
		}
	}
	return m
}

// longDate is how dates are written on a page, in UTC.
const longDate = "January 2, 2006"

func (s *siteBuild) macro(name string, page *Page) string {
	switch name {
	case "git_revision_date_localized", "git_revision_date":
		if c, ok := s.place.checkout.History.LastChange(page.File); ok {
			if c.Before {
				return "before " + c.Time.UTC().Format(longDate)
			}
			return c.Time.UTC().Format(longDate)
		}
	case "git_creation_date_localized":
		if t, ok := s.created(page.File); ok {
			return t.UTC().Format(longDate)
		}
	case "page.title":
		return page.Title
	case "config.site_name":
		return s.site.Title
	case "config.site_description":
		return s.site.Description
	}
	return ""
}

// created returns when a file first appeared, if all of the history is known.
func (s *siteBuild) created(file string) (time.Time, bool) {
	h := s.place.checkout.History
	if h == nil || !h.Complete {
		return time.Time{}, false
	}
	for _, c := range slices.Backward(h.Commits) {
		if slices.Contains(c.Paths, file) {
			return c.Time, true
		}
	}
	return time.Time{}, false
}

// apply puts the values in their places, but not inside of code.
func (m macros) apply(source string) string {
	if len(m) == 0 {
		return source
	}
	var b strings.Builder
	for source != "" {
		text, code, rest := cutCode(source)
		b.WriteString(macroPattern.ReplaceAllStringFunc(text, func(s string) string {
			if v, ok := m[macroPattern.FindStringSubmatch(s)[1]]; ok {
				return v
			}
			return s
		}))
		b.WriteString(code)
		source = rest
	}
	return b.String()
}

// cutCode splits off what stands before the next <code> element, and the element.
func cutCode(s string) (text, code, rest string) {
	i := strings.Index(s, "<code")
	if i < 0 {
		return s, "", ""
	}
	end := strings.Index(s[i:], "</code>")
	if end < 0 {
		return s[:i], s[i:], ""
	}
	end += i + len("</code>")
	return s[:i], s[i:end], s[end:]
}
