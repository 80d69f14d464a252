package yamldoc

import (
	"bytes"
	"sort"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// syntaxError says where and why a chunk does not parse. yaml.v3 gives the
// line where the enclosing construct began, or one before, so the line is
// found here: the first one whose addition makes the parser fail as it does
// on the whole. At most 20 short parses.
func syntaxError(at diag.Pos, c Chunk, message string) diag.Diagnostic {
	ends := lineEnds(c.Text)
	bad := sort.Search(len(ends)-1, func(i int) bool {
		_, m := parseNode(c.Text[:ends[i]])
		return m == message
	})
	start := 0
	if bad > 0 {
		start = ends[bad-1]
	}
	line, _ := firstLine(c.Text[start:])
	at.Line = c.Line + bad
	at.Column = 1 + len(line) - len(bytes.TrimLeft(line, " \t"))
	return diag.Diagnostic{
		Code: codeSyntax, Severity: diag.Error, Pos: at,
		Message: "the YAML cannot be read: " + message,
		Hint:    syntaxHint(message, string(line)),
	}
}

func lineEnds(text []byte) []int {
	var ends []int
	for at := 0; at < len(text); {
		_, width := firstLine(text[at:])
		at += width
		ends = append(ends, at)
	}
	return ends
}

// syntaxHint explains the parser's message in terms of the line it is about.
func syntaxHint(message, line string) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	value := line
	if _, after, ok := strings.Cut(line, ": "); ok {
		value = strings.TrimSpace(after)
	}
	switch { // ${{ }} is what scaffolder templates are full of, and parses
	case strings.Contains(indent, "\t"):
		return "indent with spaces: YAML does not allow tabs"
	case strings.Contains(strings.ReplaceAll(line, "${{", ""), "{{") || strings.Contains(line, "{%") || strings.Contains(line, "<%"):
		return "this looks like a template that was not filled in; leave it out with the source's descriptors globs"
	case strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line, ">>>>>>>"):
		return "this looks like an unresolved merge conflict"
	case strings.Contains(message, "mapping values are not allowed") && strings.Contains(value, ":"):
		return "put the value in quotes: it contains a colon"
	case strings.Contains(message, "cannot start any token") && value != "" && strings.ContainsRune("@`%", rune(value[0])):
		return "put the value in quotes: it begins with " + string(value[0])
	case strings.Contains(message, "unknown anchor"):
		return "put the value in quotes if it should begin with *"
	case strings.Contains(message, "unexpected end of stream"):
		return "look for a quote or bracket that is never closed"
	case strings.Contains(message, "did not find expected key"):
		return "check the indentation: this line fits none of those above it"
	}
	return ""
}
