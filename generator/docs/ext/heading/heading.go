// Package heading parses headings as Python-Markdown does where that differs
// from CommonMark (markdown/blockprocessors.py): the space after the number
// signs may be missing, more than six of them make a heading of level six
// that begins with the rest, and an underline makes a heading of the line
// above it alone, not of the whole paragraph. As in CommonMark, number signs
// at the end count only after a space, so that "## C#" keeps its sign; without
// a space after the opening ones they have to be as many.
package heading

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Hash parses headings with number signs.
type Hash struct{ parser.BlockParser }

// NewHash returns the parser to put in the place of goldmark's.
func NewHash() Hash { return Hash{parser.NewATXHeadingParser()} }

// Open implements parser.BlockParser.
func (h Hash) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if node, state := h.BlockParser.Open(parent, reader, pc); node != nil {
		return node, state
	}
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || line[pos] != '#' {
		return nil, parser.NoChildren
	}
	level := 0
	for level < 6 && pos+level < len(line) && line[pos+level] == '#' {
		level++
	}
	rest := bytes.TrimRight(line[pos+level:], " \t\r\n")
	if closing := len(rest) - len(bytes.TrimRight(rest, "#")); closing == level || closing > 6 {
		rest = rest[:len(rest)-closing]
	}
	rest = bytes.TrimRight(rest, " \t")
	skip := util.TrimLeftSpaceLength(rest)
	if skip == len(rest) || rest[skip] == '!' { // "#!" begins a script, not a heading
		return nil, parser.NoChildren
	}
	node := ast.NewHeading(level)
	start := segment.Start - segment.Padding + pos + level
	node.Lines().Append(text.NewSegment(start+skip, start+len(rest)))
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// Underlined parses headings with a line below.
type Underlined struct{ parser.BlockParser }

// NewUnderlined returns the parser to put in the place of goldmark's.
func NewUnderlined() Underlined { return Underlined{parser.NewSetextHeadingParser()} }

// Close implements parser.BlockParser.
func (u Underlined) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	u.BlockParser.Close(node, reader, pc)
	lines, parent := node.Lines(), node.Parent()
	if parent == nil || lines.Len() < 2 {
		return
	}
	before := ast.NewParagraph()
	before.Lines().AppendAll(lines.Sliced(0, lines.Len()-1))
	last := before.Lines().At(before.Lines().Len() - 1)
	before.Lines().Set(before.Lines().Len()-1, last.TrimRightSpace(reader.Source()))
	before.SetBlankPreviousLines(node.HasBlankPreviousLines())
	lines.SetSliced(lines.Len()-1, lines.Len())
	parent.InsertBefore(parent, node, before)
}
