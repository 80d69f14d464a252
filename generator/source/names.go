package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// badName says why a name may not appear in a tree, or "" when it may. The
// rules are git's verify_path with its HFS and NTFS protections, made
// stricter: what is refused here can neither be written on every system nor
// be a URL without surprises.
func badName(name string) string {
	switch {
	case name == "" || name == "." || name == "..":
		return "is empty or a dot"
	case len(name) > maxNameBytes:
		return "is longer than 255 bytes"
	case !utf8.ValidString(name):
		return "is not valid UTF-8"
	case !norm.NFC.IsNormalString(name):
		return "is not in Unicode normal form C"
	case strings.ContainsAny(name, `\/:`):
		return "contains a slash, backslash or colon"
	case strings.IndexFunc(name, isHidden) >= 0:
		return "contains control or invisible characters"
	case isDotGit(name):
		return "is a spelling of .git"
	}
	return ""
}

// isHidden reports control characters, line separators, bidirectional
// overrides and the characters that HFS+ ignores in names.
func isHidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f':
		return true
	}
	return false
}

// isDotGit reports the names that Windows or macOS take for .git.
func isDotGit(name string) bool {
	n := strings.ToLower(strings.TrimRight(name, " ."))
	return n == ".git" || n == "git~1"
}

var folder = cases.Fold()

// foldName returns what two names share that cannot stand side by side on a
// case-insensitive system.
func foldName(name string) string {
	if isLowerASCII(name) {
		return name
	}
	return norm.NFC.String(folder.String(name))
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// lister applies the rules and budgets that every tree obeys while it is
// listed, from git objects or from disk.
type lister struct {
	findings *findings
	entries  int
	full     bool // the entry budget is used up
}

// take counts one entry and reports whether there was room for it.
func (l *lister) take() bool {
	if l.full {
		return false
	}
	if l.entries++; l.entries > maxEntries {
		l.full = true
		l.findings.file("tree-entries", "", "point the source at a smaller folder",
			"the tree has more than %d entries; the rest is left out", maxEntries)
		return false
	}
	return true
}

// allowed reports whether a name in folder dir may be listed, and says why not.
func (l *lister) allowed(dir, name string) bool {
	if why := badName(name); why != "" {
		l.findings.file("tree-name", dir, "rename it", "the name %q %s; it is left out", name, why)
		return false
	}
	if len(dir)+1+len(name) > maxPathBytes {
		l.findings.file("tree-name", dir, "shorten the path", "the path of %q is longer than %d bytes; it is left out", name, maxPathBytes)
		return false
	}
	return true
}

// deep reports whether a folder lies too deep to be listed, and says so.
func (l *lister) deep(dir string, depth int) bool {
	if depth <= maxTreeDepth {
		return false
	}
	l.findings.file("tree-depth", dir, "", "folders are nested more than %d deep; what lies deeper is left out", maxTreeDepth)
	return true
}

// distinct drops the entries whose name differs only in case from an earlier
// one. Children are sorted by name.
func (l *lister) distinct(dir string, children []*entry) []*entry {
	seen := make(map[string]string, len(children))
	kept := children[:0]
	for _, c := range children {
		key := foldName(c.name)
		if first, dup := seen[key]; dup {
			l.findings.file("tree-collision", join(dir, c.name), "rename one of them",
				"%q differs from %q only in case; it is left out", c.name, first)
			continue
		}
		seen[key] = c.name
		kept = append(kept, c)
	}
	return kept
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// checkLinks reports the symlinks of a listed tree that lead nowhere.
func checkLinks(t *tree, f *findings) {
	var walk func(dir string, e *entry)
	walk = func(dir string, e *entry) {
		for _, c := range e.children {
			p := join(dir, c.name)
			switch c.kind {
			case folderEntry:
				walk(p, c)
			case linkEntry:
				if _, _, ok := t.resolve(p); !ok {
					f.file("tree-link", p, "", "the symlink to %q leads out of the tree or nowhere; it is ignored", clip(c.target, 100))
				}
			}
		}
	}
	walk("", t.root)
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
