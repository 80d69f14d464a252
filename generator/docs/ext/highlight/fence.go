package highlight

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Fenced parses fenced code. As in Python-Markdown, a fence that nothing
// closes is text: in CommonMark it would swallow the rest of the page.
type Fenced struct{ parser.BlockParser }

// NewFenced returns the parser to put in the place of goldmark's.
func NewFenced() Fenced { return Fenced{parser.NewFencedCodeBlockParser()} }

// Open implements parser.BlockParser.
func (f Fenced) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line)-pos < 3 {
		return nil, parser.NoChildren
	}
	length := pos
	for length < len(line) && line[length] == line[pos] {
		length++
	}
	if length -= pos; length < 3 {
		return nil, parser.NoChildren
	}
	ends := pc.ComputeIfAbsent(endsKey, func() any { return findEnds(reader.Source()) }).(map[byte]*ends)
	if e := ends[line[pos]]; e == nil || !e.after(segment.Stop, length) {
		return nil, parser.NoChildren
	}
	return f.BlockParser.Open(parent, reader, pc)
}

var endsKey = parser.NewContextKey()

// ends are the lines that can close a fence of one character.
type ends struct {
	at      []int // where the lines begin
	longest []int // the length of the longest fence from there on
}

// after reports whether a fence of at least the given length closes after a place.
func (e *ends) after(place, length int) bool {
	i := sort.SearchInts(e.at, place)
	return i < len(e.at) && e.longest[i] >= length
}

// findEnds lists the lines of a page that are fences with nothing behind
// them, whatever quote or list they stand in.
func findEnds(source []byte) map[byte]*ends {
	all := map[byte]*ends{}
	for start := 0; start < len(source); {
		stop := start + bytes.IndexByte(source[start:], '\n') + 1
		if stop == start {
			stop = len(source)
		}
		line := bytes.TrimLeft(bytes.TrimRight(source[start:stop], " \t\r\n"), " \t>")
		if n := len(line); n >= 3 && (line[0] == '`' || line[0] == '~') && len(bytes.TrimLeft(line, string(line[:1]))) == 0 {
			e := all[line[0]]
			if e == nil {
				e = &ends{}
				all[line[0]] = e
			}
			e.at, e.longest = append(e.at, start), append(e.longest, n)
		}
		start = stop
	}
	for _, e := range all {
		for i := len(e.longest) - 2; i >= 0; i-- {
			e.longest[i] = max(e.longest[i], e.longest[i+1])
		}
	}
	return all
}
