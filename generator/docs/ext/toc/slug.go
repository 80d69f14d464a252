// Package toc gives headings the ids that Python-Markdown gives them, so that
// deep links made for MkDocs and TechDocs keep working, and permalinks, and
// puts the table of contents in the place of [TOC].
package toc

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Slug returns the id Python-Markdown derives from a heading's plain text
// (markdown/extensions/toc.py, slugify): compatibility decomposition, ASCII
// only, everything but word characters, white space and "-" removed, trimmed,
// lower case, runs of "-" and white space made one "-". It may be empty.
func Slug(s string) string { return slug(s, false) }

// SlugUnicode is [Slug] keeping letters of all scripts, as
// pymdownx.slugs.slugify{case: lower} does.
func SlugUnicode(s string) string { return slug(s, true) }

func slug(s string, keep bool) string {
	if keep {
		s = norm.NFC.String(s)
	} else {
		s = norm.NFKD.String(s)
	}
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r < utf8.RuneSelf && unicode.IsSpace(r):
			return r
		case r < utf8.RuneSelf || keep:
			if unicode.IsLetter(r) || unicode.IsNumber(r) || keep && unicode.IsMark(r) {
				return unicode.ToLower(r)
			}
		}
		return -1
	}, s))
	var b strings.Builder
	gap := false
	for _, r := range s {
		isGap := r == '-' || unicode.IsSpace(r)
		switch {
		case !isGap:
			b.WriteRune(r)
		case !gap:
			b.WriteByte('-')
		}
		gap = isGap
	}
	return b.String()
}

// IDs hands out the ids of a page. The zero value is ready to use.
type IDs struct {
	used map[string]bool
	last map[string]int // highest number tried for a stem
}

// Put marks an id as taken.
func (ids *IDs) Put(id string) {
	if ids.used == nil {
		ids.used, ids.last = map[string]bool{}, map[string]int{}
	}
	ids.used[id] = true
}

// Unique returns id, or the next free variant, and marks it as taken.
// Python-Markdown counts up a "_<number>" at the end, and begins at _1
// (toc.py, unique).
func (ids *IDs) Unique(id string) string {
	for id == "" || ids.used[id] {
		stem, n := id, 0
		if i := strings.LastIndexByte(id, '_'); i >= 0 && isDigits(id[i+1:]) {
			stem = id[:i]
			n, _ = strconv.Atoi(id[i+1:])
		}
		n = max(n, ids.last[stem]) + 1
		id = stem + "_" + strconv.Itoa(n)
		if ids.last != nil {
			ids.last[stem] = n
		}
	}
	ids.Put(id)
	return id
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) < 10
}
