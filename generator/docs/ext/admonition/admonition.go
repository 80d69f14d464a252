// Package admonition renders call-outs and collapsible blocks:
//
//	!!! note "Title"
//	    Content, indented by four spaces.
//
//	??? tip "Collapsed"
//	???+ tip "Collapsible and open"
//
// Syntax and classes are those of Python-Markdown's admonition
// (markdown/extensions/admonition.py) and pymdownx.details. An empty title
// ("") leaves the title bar out. Without a title the type is the title.
package admonition

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/block"
)

// Node is an admonition.
type Node struct {
	block.Container
	// Classes are the type and further words, lower case.
	Classes string
	// Collapsible is true for ???; Open for ???+.
	Collapsible, Open bool
	// Heading is the title where none is written; empty where a [block.Title] is the first child.
	Heading string
}

// Kind is the kind of [Node].
var Kind = ast.NewNodeKind("Admonition")

// Kind implements ast.Node.
func (*Node) Kind() ast.NodeKind { return Kind }

// Dump implements ast.Node.
func (n *Node) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Classes": n.Classes}, nil)
}

type blockParser struct{}

func (blockParser) Trigger() []byte { return []byte{'!', '?'} }

func (blockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line)-pos < 4 || block.TooDeep(parent) {
		return nil, parser.NoChildren
	}
	h, ok := parse(line[pos:])
	if !ok {
		return nil, parser.NoChildren
	}
	n := &Node{Classes: h.classes, Collapsible: line[pos] == '?', Open: h.open}
	n.Begin(reader, pc)
	switch {
	case !h.quoted:
		n.Heading = capitalize(strings.Fields(h.classes + " details")[0])
	case h.start < h.stop:
		at := segment.Start - segment.Padding + pos
		n.AppendChild(n, block.NewTitle(at+h.start, at+h.stop))
	case n.Collapsible: // a closed block without a title could not be opened
		n.Heading = capitalize(strings.Fields(h.classes + " details")[0])
	}
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (blockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	return node.(*Node).Next(reader)
}

func (blockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (blockParser) CanInterruptParagraph() bool                 { return true }
func (blockParser) CanAcceptIndentedLine() bool                 { return false }

type head struct {
	classes     string
	open        bool
	quoted      bool
	start, stop int // the title inside the line
}

// parse reads `!!! type words "title"`; line begins with the marker.
func parse(line []byte) (head, bool) {
	var h head
	collapsible := bytes.HasPrefix(line, []byte("???"))
	if !collapsible && !bytes.HasPrefix(line, []byte("!!!")) {
		return h, false
	}
	rest := line[3:]
	if collapsible && len(rest) > 0 && rest[0] == '+' {
		h.open, rest = true, rest[1:]
	}
	if collapsible && (len(rest) == 0 || rest[0] != ' ') {
		return h, false
	}
	rest = bytes.TrimRight(rest, " \t\r\n")
	words := rest
	if q := bytes.IndexByte(rest, '"'); q >= 0 {
		if q == 0 || len(rest) < q+2 || rest[len(rest)-1] != '"' || bytes.IndexByte(rest[q+1:len(rest)-1], '"') >= 0 {
			return h, false
		}
		base := len(line) - len(line[3:])
		if h.open {
			base++
		}
		h.quoted, h.start, h.stop = true, base+q+1, base+len(rest)-1
		words = rest[:q]
		if words[len(words)-1] != ' ' {
			return h, false
		}
	}
	h.classes = strings.ToLower(strings.Join(strings.Fields(string(words)), " "))
	for _, r := range h.classes {
		if r != ' ' && r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return h, false
		}
	}
	return h, h.classes != "" || collapsible && h.quoted
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(Kind, render)
	reg.Register(block.KindTitle, renderTitle)
}

func render(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*Node)
	tag := "div"
	if n.Collapsible {
		tag = "details"
	}
	if !entering {
		_, _ = w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<" + tag + ` class="`)
	if !n.Collapsible {
		_, _ = w.WriteString("admonition")
		if n.Classes != "" {
			_ = w.WriteByte(' ')
		}
	}
	_, _ = w.Write(util.EscapeHTML([]byte(n.Classes)))
	_ = w.WriteByte('"')
	if n.Open {
		_, _ = w.WriteString(` open=""`)
	}
	_, _ = w.WriteString(">\n")
	if n.Heading != "" {
		openTitle(w, n)
		_, _ = w.Write(util.EscapeHTML([]byte(n.Heading)))
		closeTitle(w, n)
	}
	return ast.WalkContinue, nil
}

func openTitle(w util.BufWriter, n *Node) {
	if n.Collapsible {
		_, _ = w.WriteString("<summary>")
	} else {
		_, _ = w.WriteString(`<p class="admonition-title">`)
	}
}

func closeTitle(w util.BufWriter, n *Node) {
	if n.Collapsible {
		_, _ = w.WriteString("</summary>\n")
	} else {
		_, _ = w.WriteString("</p>\n")
	}
}

func renderTitle(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n, ok := node.Parent().(*Node)
	switch {
	case !ok: // titles of tabs are written by the tabs
		return ast.WalkSkipChildren, nil
	case entering:
		openTitle(w, n)
	default:
		closeTitle(w, n)
	}
	return ast.WalkContinue, nil
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithBlockParsers(util.Prioritized(blockParser{}, 90)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
