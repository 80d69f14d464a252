// Package block holds what the dialect's indented containers (admonitions,
// tabs, footnotes, definitions) have in common, and the paragraph parser that
// keeps text outside of them outside.
//
// Python-Markdown's rule (docs/reference: "blocks"): everything indented by
// four spaces or more belongs to the container, a line indented less ends it
// at once. CommonMark would take such a line, directly after a paragraph, as
// a lazy continuation of that paragraph; a [Paragraph] does that only for
// block quotes and list items, where Python-Markdown does as well.
package block

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Width is how far a container's content is indented, in columns.
const Width = 4

// Container is embedded in the nodes of indented containers.
type Container struct {
	ast.BaseBlock
	// Indent is the column, relative to its parent, where the container began.
	Indent int
	line   int
}

// Strict reports whether the container took part in the given line.
func (c *Container) Strict(line int) bool { return c.line == line }

// Begin notes the line and column where the container opens.
func (c *Container) Begin(reader text.Reader, pc parser.Context) {
	c.line, _ = reader.Position()
	c.Indent = max(pc.BlockIndent(), 0)
}

// Next is a block parser's Continue: it keeps blank lines and lines indented
// far enough, moves the reader behind the indent and closes at any other line.
func (c *Container) Next(reader text.Reader) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		c.line, _ = reader.Position()
		return parser.Continue | parser.HasChildren
	}
	indent, _ := util.IndentWidth(line, reader.LineOffset())
	if indent < Width {
		return parser.Close
	}
	c.line, _ = reader.Position()
	pos, padding := util.IndentPosition(line, reader.LineOffset(), min(indent, Width+c.Indent))
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

// maxNesting is how deep containers may be nested in one another.
const maxNesting = 50

// TooDeep reports whether a container may not open inside parent. Every line
// costs time for every block that is open.
func TooDeep(parent ast.Node) bool {
	n := 0
	for ; parent != nil && n <= maxNesting; parent = parent.Parent() {
		n++
	}
	return n > maxNesting
}

// Title is the title line of a container; its inline markup is parsed.
type Title struct{ ast.BaseBlock }

// KindTitle is the kind of [Title].
var KindTitle = ast.NewNodeKind("ContainerTitle")

// Kind implements ast.Node.
func (*Title) Kind() ast.NodeKind { return KindTitle }

// Dump implements ast.Node.
func (t *Title) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// NewTitle returns a title over a part of the source.
func NewTitle(start, stop int) *Title {
	t := &Title{}
	t.Lines().Append(text.NewSegment(start, stop))
	t.SetPos(start)
	return t
}

// Paragraph parses paragraphs as CommonMark does, except that a line outside
// of an indented container never continues a paragraph inside.
type Paragraph struct{ parser.BlockParser }

// NewParagraph returns the parser to put in the place of goldmark's.
func NewParagraph() Paragraph { return Paragraph{parser.NewParagraphParser()} }

// CanInterruptParagraph implements parser.BlockParser.
func (Paragraph) CanInterruptParagraph() bool { return true }

// Open implements parser.BlockParser.
func (p Paragraph) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	last := pc.LastOpenedBlock().Node
	if last != nil && ast.IsParagraph(last) && (last.Parent() == parent || !outside(last, parent, reader)) {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// outside reports whether the current line left a container between the open
// paragraph and parent.
func outside(paragraph, parent ast.Node, reader text.Reader) bool {
	line, _ := reader.Position()
	for n := paragraph.Parent(); n != nil && n != parent; n = n.Parent() {
		if c, ok := n.(interface{ Strict(int) bool }); ok && !c.Strict(line) {
			return true
		}
	}
	return false
}
