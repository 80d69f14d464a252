package yamldoc

import (
	"bytes"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
)

var seeds = []string{
	"a: 1\n---\nb: [1, 2\n---\nc: 3\n", "--- |\n text\n...\n%YAML 1.2\n---\nx\n", "\uFEFFa: &x {b: *x}\r\n--- # c\r\n", "a: b: c\n\t- x",
	"<<: {a: 1}\n? [k]\n: v\n", "\u0085---\u2028ä: 'ö\n\n", "{\"json\": [1, 2.5e3, null, true]}", "!!python/name:x y: !z 1\n", "a: |\n ---\n b\n", "%TAG ! tag:x\n--- !y z\n",
}

// FuzzSplit checks that chunks cover the stream in order, each beginning on
// the line it says, and that nothing but comments, blanks, directives and end
// markers is left out.
func FuzzSplit(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rest, line := b, 1
		for _, c := range Split(b) {
			for ; line < c.Line; line++ {
				text, width := firstLine(rest)
				skipped(t, text)
				rest = rest[width:]
			}
			after, ok := bytes.CutPrefix(rest, c.Text)
			if !ok || len(c.Text) == 0 {
				t.Fatalf("chunk %q does not stand on line %d", c.Text, c.Line)
			}
			rest, line = after, line+countLines(c.Text)
		}
		skipped(t, rest)
	})
}

func skipped(t *testing.T, b []byte) {
	t.Helper()
	for len(b) > 0 {
		line, width := firstLine(b)
		if !isBlank(line) && !isMarker(line, "...") && line[0] != '%' {
			t.Fatalf("line %q is left out", line)
		}
		b = b[width:]
	}
}

func countLines(b []byte) int {
	n := 0
	for len(b) > 0 {
		_, width := firstLine(b)
		b = b[width:]
		n++
	}
	return n
}

// FuzzParse checks that any bytes are read without a panic, that positions
// are inside the file, and that a document is usable, empty or explained.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		docs, ds := Parse(diag.Pos{File: "f"}, b, DefaultLimits)
		lines := countLines(b)
		inside := func(p diag.Pos) {
			if p.Line < 1 || p.Line > max(lines, 1)+1 || p.Column < 1 || p.Column > len(b)+4 {
				t.Fatalf("position %v is outside a file of %d lines", p, lines)
			}
		}
		for _, d := range docs {
			ds.Add(d.Problems...)
			if d.Root == nil {
				continue
			}
			v := Value(d.Root, "", func(_ string, n *yaml.Node) { inside(Position(diag.Pos{}, n)) })
			if v == nil {
				t.Fatal("a document with a root has no value")
			}
		}
		for _, d := range ds {
			inside(d.Pos)
			if d.Message == "" || strings.HasSuffix(d.Message, ".") {
				t.Fatalf("message %q", d.Message)
			}
		}
	})
}
