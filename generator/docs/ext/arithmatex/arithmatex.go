// Package arithmatex renders formulas written in TeX as MathML, which
// browsers show without a script: $x^2$ and \(x^2\) in a line, $$ … $$,
// \[ … \] and \begin{…} … \end{…} as blocks, as pymdownx.arithmatex reads them
// with its defaults. Since "$" is a common sign, it has to be switched on for
// a page with [Enable]. What MathML cannot be made of is shown as it is written.
package arithmatex

import (
	"bytes"
	"html"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var enabledKey = parser.NewContextKey()

// Enable switches formulas on for the page parsed with pc.
func Enable(pc parser.Context) { pc.Set(enabledKey, true) }

// Inline is a formula in a line.
type Inline struct {
	ast.BaseInline
	TeX string
}

// Block is a formula of its own.
type Block struct {
	ast.BaseBlock
	closing []byte
	closed  bool
}

// KindInline and KindBlock are the kinds of [Inline] and [Block].
var (
	KindInline = ast.NewNodeKind("InlineFormula")
	KindBlock  = ast.NewNodeKind("FormulaBlock")
)

// Kind implements ast.Node.
func (*Inline) Kind() ast.NodeKind { return KindInline }

// Dump implements ast.Node.
func (n *Inline) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// PlainText leaves formulas out of ids.
func (*Inline) PlainText([]byte) string { return "" }

// Kind implements ast.Node.
func (*Block) Kind() ast.NodeKind { return KindBlock }

// IsRaw keeps the formula from being parsed as Markdown.
func (*Block) IsRaw() bool { return true }

// Dump implements ast.Node.
func (n *Block) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'$', '\\'} }

func (inlineParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if pc.Get(enabledKey) == nil {
		return nil
	}
	line, _ := block.PeekLine()
	line = line[:min(len(line), maxSource)] // or unclosed signs would each look through the whole line
	if bytes.HasPrefix(line, []byte(`\(`)) {
		if end := bytes.Index(line, []byte(`\)`)); end > 2 {
			block.Advance(end + 2)
			return &Inline{TeX: string(line[2:end])}
		}
		return nil
	}
	if line[0] != '$' || len(line) < 3 || util.IsSpace(line[1]) || line[1] == '$' {
		return nil
	}
	for i := 2; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '$':
			// "smart dollar": no space before the closing sign, no digit after it
			if util.IsSpace(line[i-1]) || i+1 < len(line) && util.IsNumeric(line[i+1]) {
				return nil
			}
			block.Advance(i + 1)
			return &Inline{TeX: string(line[1:i])}
		}
	}
	return nil
}

type blockParser struct{}

func (blockParser) Trigger() []byte { return []byte{'$', '\\'} }

func (blockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pc.Get(enabledKey) == nil || pos < 0 {
		return nil, parser.NoChildren
	}
	rest, skip := line[pos:], 2
	n := &Block{}
	switch {
	case bytes.HasPrefix(rest, []byte("$$")):
		n.closing = []byte("$$")
	case bytes.HasPrefix(rest, []byte(`\[`)):
		n.closing = []byte(`\]`)
	case bytes.HasPrefix(rest, []byte(`\begin{`)):
		end := bytes.IndexByte(rest, '}')
		if end < 0 {
			return nil, parser.NoChildren
		}
		n.closing, skip = append([]byte(`\end`), rest[6:end+1]...), 0
	default:
		return nil, parser.NoChildren
	}
	n.add(rest[skip:], segment.Start-segment.Padding+pos+skip)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// add takes a line, up to the closing sign if it is on it.
func (n *Block) add(line []byte, start int) {
	stop := len(line)
	if end := bytes.Index(line, n.closing); end >= 0 {
		n.closed, stop = true, end
		if n.closing[1] == 'e' { // \end{…} is part of the formula
			stop += len(n.closing)
		}
	}
	n.Lines().Append(text.NewSegment(start, start+stop))
}

func (blockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*Block)
	if n.closed {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Close
	}
	n.add(line[min(segment.Padding, len(line)):], segment.Start)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (blockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (blockParser) CanInterruptParagraph() bool                 { return false }
func (blockParser) CanAcceptIndentedLine() bool                 { return false }

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(KindInline, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			write(w, "span", n.(*Inline).TeX, false)
		}
		return ast.WalkContinue, nil
	})
	reg.Register(KindBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			Write(w, string(n.Lines().Value(source)))
		}
		return ast.WalkContinue, nil
	})
}

// Write writes a formula as a block.
func Write(w util.BufWriter, tex string) {
	write(w, "div", tex, true)
	_ = w.WriteByte('\n')
}

func write(w util.BufWriter, tag, tex string, display bool) {
	_, _ = w.WriteString("<" + tag + ` class="arithmatex" data-math="` + html.EscapeString(string(bytes.TrimSpace([]byte(tex)))) + `">`)
	if m, ok := MathML(tex, display); ok {
		_, _ = w.WriteString(m)
	} else {
		_, _ = w.WriteString("<code>" + html.EscapeString(tex) + "</code>")
	}
	_, _ = w.WriteString("</" + tag + ">")
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithInlineParsers(util.Prioritized(inlineParser{}, 80)),
		parser.WithBlockParsers(util.Prioritized(blockParser{}, 80)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
