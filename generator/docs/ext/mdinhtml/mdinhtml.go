// Package mdinhtml parses blocks of HTML.
//
// The content of an element with the attribute "markdown" is Markdown, as
// Python-Markdown's md_in_html says:
//
//	<div class="grid" markdown>
//	*Markdown*
//	</div>
//
// Other HTML is read as CommonMark says, so that what is between blank lines
// is Markdown as on GitHub (in Python-Markdown it would be HTML up to the end
// tag), with two exceptions. What is indented by four spaces or more, after a
// blank line inside an element that is still open, goes on with the HTML
// instead of beginning a block of code (except in <details>). And text on the
// line after an element that is complete is Markdown, though no blank line
// stands between them.
package mdinhtml

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/block"
)

// Element is an HTML element with Markdown inside.
type Element struct {
	ast.BaseBlock
	tag    string // lower case
	open   text.Segment
	depth  int // of the same tag inside
	closed bool
	span   bool // holds text rather than blocks
}

// Kind is the kind of [Element].
var Kind = ast.NewNodeKind("MarkdownInHTML")

// Kind implements ast.Node.
func (*Element) Kind() ast.NodeKind { return Kind }

// Dump implements ast.Node.
func (e *Element) Dump(source []byte, level int) { ast.DumpHelper(e, source, level, nil, nil) }

var openTag = regexp.MustCompile(`^ {0,3}<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?\smarkdown(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?(?:\s[^<>]*)?)>`)

// spans are elements whose content is a line of text rather than blocks.
var spans = map[string]bool{"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "summary": true, "figcaption": true,
	"td": true, "th": true, "dt": true, "legend": true, "span": true, "a": true, "b": true, "em": true, "strong": true, "small": true}

// Block parses blocks of HTML.
type Block struct{ parser.BlockParser }

// NewBlock returns the parser to put in the place of goldmark's.
func NewBlock() Block { return Block{parser.NewHTMLBlockParser()} }

// Open implements parser.BlockParser.
func (b Block) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if !bytes.Contains(line, []byte("markdown")) {
		return b.BlockParser.Open(parent, reader, pc)
	}
	m := openTag.FindSubmatchIndex(line)
	if m == nil || block.TooDeep(parent) {
		return b.BlockParser.Open(parent, reader, pc)
	}
	start := segment.Start - segment.Padding
	e := &Element{tag: strings.ToLower(string(line[m[2]:m[3]])), open: text.NewSegment(start+m[2]-1, start+m[1])}
	rest := bytes.TrimRight(line[m[1]:], " \t\r\n")
	if end := "</" + e.tag + ">"; len(rest) >= len(end) && strings.EqualFold(string(rest[len(rest)-len(end):]), end) && strings.Count(strings.ToLower(string(rest)), end) == 1 {
		e.closed = true
		rest = rest[:len(rest)-len(end)]
	}
	attributes := string(line[m[4]:m[5]])
	e.span = spans[e.tag] && !strings.Contains(attributes, "block") || strings.Contains(attributes, `"span"`)
	if e.closed || e.span {
		return e, e.line(rest, start+m[1], e.span, reader)
	}
	if len(rest) == 0 {
		reader.AdvanceToEOL()
	} else {
		reader.Advance(m[1])
	}
	return e, parser.HasChildren
}

// line adds the content on the line of the tag.
func (e *Element) line(content []byte, start int, inline bool, reader text.Reader) parser.State {
	if len(bytes.TrimSpace(content)) > 0 {
		var child ast.Node = ast.NewParagraph()
		if inline {
			child = ast.NewTextBlock()
		}
		segment := text.NewSegment(start, start+len(content))
		segment = segment.TrimLeftSpace(reader.Source())
		child.Lines().Append(segment)
		e.AppendChild(e, child)
	}
	reader.AdvanceToEOL()
	if e.closed {
		return parser.NoChildren
	}
	return parser.HasChildren
}

// Strict keeps paragraphs inside from going on outside.
func (e *Element) Strict(int) bool { return !e.closed }

// Continue implements parser.BlockParser.
func (b Block) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	if e, ok := node.(*Element); ok {
		return e.next(reader)
	}
	line, segment := reader.PeekLine()
	if h, ok := node.(*ast.HTMLBlock); ok && util.IsBlank(line) && goesOn(h, segment, reader.Source(), pc) {
		node.Lines().Append(segment)
		reader.AdvanceToEOL()
		return parser.Continue | parser.NoChildren
	}
	if h, ok := node.(*ast.HTMLBlock); ok && h.HTMLBlockType >= ast.HTMLBlockType6 && ends(node, line) && !isOpen(h, reader.Source(), pc) {
		return parser.Close
	}
	return b.BlockParser.Continue(node, reader, pc)
}

// Close implements parser.BlockParser.
func (b Block) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	e, ok := node.(*Element)
	if !ok {
		b.BlockParser.Close(node, reader, pc)
		return
	}
	for c := e.FirstChild(); c != nil && e.span; {
		next := c.NextSibling()
		if p, ok := c.(*ast.Paragraph); ok {
			line := ast.NewTextBlock()
			line.SetLines(p.Lines())
			e.ReplaceChild(e, p, line)
		}
		c = next
	}
}

func (e *Element) next(reader text.Reader) parser.State {
	if e.closed {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	lower := bytes.ToLower(line)
	end := []byte("</" + e.tag)
	if e.depth == 0 && bytes.HasPrefix(bytes.TrimLeft(lower, " \t"), end) {
		e.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	e.depth += bytes.Count(lower, []byte("<"+e.tag)) - bytes.Count(lower, end)
	if e.depth < 0 {
		e.closed = true // the end tag is on this line, after content
	}
	return parser.Continue | parser.HasChildren
}

// ends reports whether a line that follows an element that is complete is no
// longer part of the HTML: text never is, a tag is not inside of Markdown.
func ends(node ast.Node, line []byte) bool {
	return node.Parent().Kind() == Kind || len(line) > 0 && bytes.TrimLeft(line, " \t")[0] != '<'
}

// goesOn reports whether HTML continues after a blank line: the element it
// began with is open, and the next line is a tag indented like code.
func goesOn(h *ast.HTMLBlock, blank text.Segment, source []byte, pc parser.Context) bool {
	if h.HTMLBlockType != ast.HTMLBlockType6 && h.HTMLBlockType != ast.HTMLBlockType7 || h.Lines().Len() > 2000 {
		return false
	}
	rest := source[min(blank.Stop, len(source)):]
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest) - 1
		}
		if line := rest[:end+1]; !util.IsBlank(line) {
			width, pos := util.IndentWidth(line, 0)
			return width >= 4 && (line[pos] == '<' || !isDetails(h, source)) && isOpen(h, source, pc)
		}
		rest = rest[end+1:]
	}
	return false
}

func isDetails(h *ast.HTMLBlock, source []byte) bool {
	first := h.Lines().At(0)
	m := firstTag.FindSubmatch(first.Value(source))
	return m != nil && bytes.EqualFold(m[1], []byte("details"))
}

var firstTag = regexp.MustCompile(`^\s*<([a-zA-Z][a-zA-Z0-9-]*)`)

var balanceKey = parser.NewContextKey()

// balance counts the tags of the block being parsed, line by line.
type balance struct {
	node          *ast.HTMLBlock
	tag           []byte
	lines         int
	opened, ended int
}

// isOpen reports whether the element that a block begins with has no end tag yet.
func isOpen(h *ast.HTMLBlock, source []byte, pc parser.Context) bool {
	b, _ := pc.Get(balanceKey).(*balance)
	if b == nil || b.node != h {
		b = &balance{node: h}
		first := h.Lines().At(0)
		if m := firstTag.FindSubmatch(first.Value(source)); m != nil {
			b.tag = bytes.ToLower(m[1])
			switch string(b.tag) {
			case "br", "hr", "img", "input", "wbr", "col", "source", "link", "meta": // never have an end tag
				b.tag = nil
			}
		}
		pc.Set(balanceKey, b)
	}
	if b.tag == nil {
		return false
	}
	for ; b.lines < h.Lines().Len(); b.lines++ {
		segment := h.Lines().At(b.lines)
		line := bytes.ToLower(segment.Value(source))
		b.opened += bytes.Count(line, append([]byte("<"), b.tag...))
		b.ended += bytes.Count(line, append([]byte("</"), b.tag...))
	}
	return b.opened > b.ended
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(Kind, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		e := n.(*Element)
		if entering {
			_, _ = w.Write(e.open.Value(source))
			if !spans[e.tag] {
				_ = w.WriteByte('\n')
			}
		} else {
			_, _ = w.WriteString("</" + e.tag + ">\n")
		}
		return ast.WalkContinue, nil
	})
}

type extender struct{}

// New returns the extension that writes elements; the parser is part of ext.Blocks.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
