// Package snippets includes files in pages, as pymdownx.snippets does:
//
//	--8<-- "file.md"            --8<--
//	--8<-- "file.md:2:5"        file.md
//	--8<-- "file.md:section"    other.md
//	;--8<-- "shown as it is"    --8<--
//
// It works on the source, before Markdown is parsed. Where files may be read
// from is the caller's business. Addresses on the web are never fetched.
package snippets

import (
	"bytes"
	"strconv"
	"strings"
)

// The limits of a page's snippets.
const (
	maxDepth = 10
	maxFiles = 500
	maxBytes = 1 << 20 // of the page with its snippets, each line with its indentation
)

// Problem is a snippet that could not be included.
type Problem struct {
	// Name is the snippet as written; Line the page's line, from 1.
	Name string
	Line int
	// Why says what is wrong with it.
	Why string
}

// Result is a page with its snippets.
type Result struct {
	Source []byte
	// Lines has for every line of Source the line of the page it came from, from 1.
	Lines    []int
	Problems []Problem
}

// Present reports whether a page may have snippets at all.
func Present(source []byte) bool { return bytes.Contains(source, []byte("-8<-")) }

// Expand includes the snippets of a page. read returns a file's content, and
// false where there is no such file or it must not be read.
func Expand(source []byte, read func(name string) ([]byte, bool)) Result {
	e := &expansion{read: read, seen: map[string]bool{}}
	e.lines(strings.Split(string(source), "\n"), "", "", 0, 0)
	return Result{[]byte(strings.Join(e.out, "\n")), e.from, e.problems}
}

type expansion struct {
	read     func(string) ([]byte, bool)
	seen     map[string]bool // files being included, against cycles
	files    int
	bytes    int
	out      []string
	from     []int
	problems []Problem
}

func (e *expansion) put(line string, at int) {
	e.out = append(e.out, line)
	e.from = append(e.from, at)
	e.bytes += len(line) + 1
}

// lines expands the lines of a snippet, each indented. at is the page's line
// that includes them, 0 for the page's own.
func (e *expansion) lines(lines []string, file, indent string, depth, at int) {
	block := false
	for i, line := range lines {
		if depth > 0 && e.bytes > maxBytes {
			e.problem(file, at, "the page becomes too large with it; the rest is left out")
			return
		}
		place := at
		if at == 0 {
			place = i + 1
		}
		space := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		text := strings.TrimRight(line[len(space):], " \t\r")
		escaped := strings.TrimLeft(text, ";")
		name, isBlock, ok := marker(escaped)
		switch {
		case ok && escaped != text: // one ";" less, and nothing else
			e.put(indent+space+text[1:], place)
		case ok && isBlock:
			block = !block
		case ok:
			e.include(name, indent+space, depth, place)
		case block:
			if text != "" && !strings.HasPrefix(text, ";") {
				e.include(text, indent+space, depth, place)
			}
		case depth > 0 && sectionMarker(line) != "":
		default:
			if line != "" {
				line = indent + line
			}
			e.put(line, place)
		}
	}
}

// marker reads `--8<-- "name"` or the mark of a block.
func marker(s string) (name string, block, ok bool) {
	rest := strings.TrimLeft(s, "-")
	if rest == s || !strings.HasPrefix(rest, "8<-") {
		return "", false, false
	}
	rest = strings.TrimLeft(rest[2:], "-")
	if rest == "" {
		return "", true, true
	}
	name = strings.TrimLeft(rest, " \t")
	if name == rest || len(name) < 3 || name[0] != '"' && name[0] != '\'' || name[len(name)-1] != name[0] {
		return "", false, false
	}
	return name[1 : len(name)-1], false, true
}

func (e *expansion) problem(name string, at int, why string) {
	if len(e.problems) < 100 {
		e.problems = append(e.problems, Problem{name, at, why})
	}
}

func (e *expansion) include(name, indent string, depth, at int) {
	problem := func(why string) { e.problem(name, at, why) }
	file, part := name, ""
	if i := strings.IndexByte(name, ':'); i > 1 && !strings.Contains(name, "://") {
		file, part = name[:i], name[i+1:]
	}
	e.files++
	switch {
	case strings.Contains(name, "://"):
		problem("addresses are never fetched")
		return
	case depth >= maxDepth || e.files > maxFiles || e.bytes > maxBytes:
		problem("the page has too many snippets")
		return
	case e.seen[file]:
		problem("the snippet includes itself")
		return
	}
	content, ok := e.read(file)
	if !ok {
		problem("there is no such file in the repository")
		return
	}
	lines, ok := choose(strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(content), "\r\n", "\n"), "\n"), "\n"), part)
	if !ok {
		problem("the file has no such section or lines")
		return
	}
	e.seen[file] = true
	e.lines(lines, name, indent, depth+1, at)
	delete(e.seen, file)
}

// choose returns the lines that "2:5", ":3", "4", "1:2,5:6" or a section's name mean.
func choose(lines []string, part string) ([]string, bool) {
	if part == "" {
		return lines, true
	}
	if strings.Trim(part, "0123456789:,-") != "" {
		return section(lines, part)
	}
	var out []string
	for _, r := range strings.Split(part, ",") {
		from, to, isRange := strings.Cut(r, ":")
		a, z := bound(from, 1, len(lines)), bound(to, len(lines), len(lines))
		if !isRange {
			z = len(lines)
		}
		if a > len(lines) || a < 1 {
			return nil, false
		}
		if out = append(out, lines[a-1:max(a-1, min(z, len(lines)))]...); len(out) > maxBytes {
			break // the rest would be left out
		}
	}
	return out, true
}

// bound reads a line number; negative ones count from the end.
func bound(s string, otherwise, length int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return otherwise
	}
	if n < 0 {
		return max(1, length+n+1)
	}
	return max(n, 1)
}

func section(lines []string, name string) ([]string, bool) {
	var out []string
	inside, found := false, false
	for _, l := range lines {
		switch sectionMarker(l) {
		case "start:" + name:
			inside, found = true, true
		case "end:" + name:
			inside = false
		default:
			if inside {
				out = append(out, l)
			}
		}
	}
	return out, found
}

// sectionMarker reads `--8<-- [start:name]`, which may stand in a comment, and returns "start:name".
func sectionMarker(line string) string {
	i := strings.Index(line, "-8<-")
	if i < 0 {
		return ""
	}
	rest := strings.TrimLeft(strings.TrimLeft(line[i+4:], "-"), " \t")
	if !strings.HasPrefix(rest, "[") {
		return ""
	}
	inside, _, ok := strings.Cut(rest[1:], "]")
	verb, name, _ := strings.Cut(inside, ":")
	verb, name = strings.ToLower(strings.TrimSpace(verb)), strings.TrimSpace(name)
	if !ok || verb != "start" && verb != "end" {
		return ""
	}
	return verb + ":" + name
}
