package docs

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignore is a list of patterns in the manner of .gitignore, as exclude_docs
// and not_in_nav are (MkDocs 1.5: "gitignore pattern format").
type ignore []pattern

type pattern struct {
	glob    string
	negated bool
	dirOnly bool
}

func parseIgnore(text string) ignore {
	var out ignore
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(strings.TrimSpace(line), " ")
		if line == "" || strings.HasPrefix(line, "#") || len(out) >= 1000 {
			continue
		}
		var p pattern
		if line, p.negated = strings.CutPrefix(line, "!"); line == "" {
			continue
		}
		line, p.dirOnly = strings.CutSuffix(line, "/")
		if !strings.Contains(line, "/") {
			line = "**/" + line
		}
		p.glob = strings.TrimPrefix(line, "/")
		if doublestar.ValidatePattern(p.glob) {
			out = append(out, p)
		}
	}
	return out
}

// match reports whether a path, or a folder it lies in, is ignored. The last
// pattern that matches decides.
func (ig ignore) match(file string) bool {
	ignored := false
	for _, p := range ig {
		if p.matches(file) {
			ignored = !p.negated
		}
	}
	return ignored
}

func (p pattern) matches(file string) bool {
	if ok, _ := doublestar.Match(p.glob, file); ok && !p.dirOnly {
		return true
	}
	for i := range len(file) {
		if file[i] == '/' {
			if ok, _ := doublestar.Match(p.glob, file[:i]); ok {
				return true
			}
		}
	}
	return false
}
