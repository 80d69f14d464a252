// Package inline holds what the dialect's inline extensions have in common:
// a node for an HTML element, and a parser for text between delimiters.
package inline

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Element is an inline HTML element around its children.
type Element struct {
	ast.BaseInline
	// Tag is the element's name, such as "mark". Classes and further
	// attributes are the node's.
	Tag string
}

// Kind is the kind of [Element].
var Kind = ast.NewNodeKind("InlineElement")

// Kind implements ast.Node.
func (*Element) Kind() ast.NodeKind { return Kind }

// Dump implements ast.Node.
func (e *Element) Dump(source []byte, level int) {
	ast.DumpHelper(e, source, level, map[string]string{"Tag": e.Tag}, nil)
}

// New returns an element with a class, or none if class is "".
func New(tag, class string) *Element {
	e := &Element{Tag: tag}
	if class != "" {
		e.SetAttributeString("class", []byte(class))
	}
	return e
}

// Text appends literal text to a node.
func Text(n ast.Node, s string) {
	t := ast.NewString([]byte(s))
	t.SetCode(true) // written escaped, and nothing else done to it
	n.AppendChild(n, t)
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(Kind, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		e := node.(*Element)
		if !entering {
			_, _ = w.WriteString("</" + e.Tag + ">")
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("<" + e.Tag)
		html.RenderAttributes(w, e, nil)
		_ = w.WriteByte('>')
		return ast.WalkContinue, nil
	})
}

type extender struct{}

// Renderer returns the extension that writes elements.
func Renderer() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}

// Delimited makes elements of text between delimiters: one or two of the same
// character on either side.
type Delimited struct {
	// Char is the character.
	Char byte
	// Single is the element for one character, "" for none; its content may
	// not contain white space (pymdownx.caret and tilde: "sup", "sub").
	Single string
	// Double is the element for two characters.
	Double string
}

// Trigger implements parser.InlineParser.
func (d *Delimited) Trigger() []byte { return []byte{d.Char} }

// IsDelimiter implements parser.DelimiterProcessor.
func (d *Delimited) IsDelimiter(c byte) bool { return c == d.Char }

// CanOpenCloser implements parser.DelimiterProcessor.
func (d *Delimited) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch implements parser.DelimiterProcessor.
func (d *Delimited) OnMatch(int) ast.Node { return New(d.Double, "") }

// Parse implements parser.InlineParser.
func (d *Delimited) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	n := 0
	for n < len(line) && line[n] == d.Char {
		n++
	}
	switch {
	case n == 1 && d.Single != "":
		return d.single(line, segment, block)
	case n != 2 || before == rune(d.Char):
		return nil
	}
	node := parser.ScanDelimiter(line, before, 2, d)
	if node == nil || node.OriginalLength != 2 {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + 2)
	block.Advance(2)
	pc.PushDelimiter(node)
	return node
}

// single reads ^x^. A backslash keeps the character after it from closing,
// and makes a space possible.
func (d *Delimited) single(line []byte, segment text.Segment, block text.Reader) ast.Node {
	for i := 1; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			i++
		case c == d.Char:
			if i == 1 || i+1 < len(line) && line[i+1] == d.Char {
				return nil
			}
			e := New(d.Single, "")
			if content := line[1:i]; bytes.Contains(content, []byte(`\ `)) {
				Text(e, string(util.UnescapePunctuations(bytes.ReplaceAll(content, []byte(`\ `), []byte(" ")))))
			} else {
				e.AppendChild(e, ast.NewTextSegment(text.NewSegment(segment.Start+1, segment.Start+i)))
			}
			block.Advance(i + 1)
			return e
		case util.IsSpace(c):
			return nil
		}
	}
	return nil
}

// Extend implements goldmark.Extender.
func (d *Delimited) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(d, 450)))
}
