// Package highlight renders code blocks: colors as classes (never inline
// styles), a title, highlighted lines and line numbers, in the syntaxes of
// pymdownx.highlight and pymdownx.superfences:
//
//	```python title="bubble.py" hl_lines="1 3-4" linenums="10"
//	```{.python .extra #id title="bubble.py"}
//
// Fences with a name in [Diagrams] are not code: their source is kept in an
// element that a script, or another stage, can turn into a picture.
package highlight

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/arithmatex"
)

// The limits up to which code gets colors; beyond, it is shown plain. Lexers
// are regular expressions, and slow on long lines above all.
const (
	maxBlock  = 32 << 10  // bytes of a block
	maxLine   = 1 << 10   // bytes of a line
	maxPage   = 128 << 10 // bytes of all blocks of a page
	blockCost = 256       // what a block counts besides its bytes
)

// Diagrams are the fence names whose content is a diagram's source, and the class it gets.
var Diagrams = map[string]string{
	"mermaid": "mermaid", "kroki-mermaid": "mermaid", "kroki_mermaid": "mermaid",
	"plantuml": "diagram", "puml": "diagram", "graphviz": "diagram",
}

type htmlRenderer struct{}

func (r htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, r.fenced)
	reg.Register(ast.KindCodeBlock, r.indented)
}

func (htmlRenderer) indented(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeBlock(w, n, Block{}, lines(n, source))
	}
	return ast.WalkSkipChildren, nil
}

func (htmlRenderer) fenced(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	var b Block
	if n.Info != nil {
		b = ParseInfo(string(n.Info.Value(source)))
	}
	code := lines(n, source)
	if class, ok := Diagrams[strings.ToLower(b.Language)]; ok {
		_, _ = w.WriteString(`<pre class="` + class + `"`)
		if class == "diagram" {
			attribute(w, "data-lang", strings.ToLower(b.Language))
		}
		_, _ = w.WriteString(`><code>`)
		_, _ = w.Write(util.EscapeHTML(code))
		_, _ = w.WriteString("</code></pre>\n")
		return ast.WalkSkipChildren, nil
	}
	if strings.EqualFold(b.Language, "math") { // GitHub's fence for formulas
		arithmatex.Write(w, string(code))
		return ast.WalkSkipChildren, nil
	}
	writeBlock(w, n, b, code)
	return ast.WalkSkipChildren, nil
}

func lines(n ast.Node, source []byte) []byte {
	var buf bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		buf.Write(line.Value(source))
	}
	return buf.Bytes()
}

func writeBlock(w util.BufWriter, n ast.Node, b Block, code []byte) {
	_, _ = w.WriteString(`<div class="highlight`)
	for _, c := range b.Classes {
		_ = w.WriteByte(' ')
		_, _ = w.Write(util.EscapeHTML([]byte(c)))
	}
	_ = w.WriteByte('"')
	attribute(w, "id", b.ID)
	attribute(w, "data-lang", b.Language)
	_ = w.WriteByte('>')
	if b.Title != "" {
		_, _ = w.WriteString(`<span class="filename">`)
		_, _ = w.Write(util.EscapeHTML([]byte(b.Title)))
		_, _ = w.WriteString("</span>")
	}
	_, _ = w.WriteString(`<pre`)
	if b.LineNums > 0 {
		_, _ = w.WriteString(` class="line-numbers"`)
	}
	_, _ = w.WriteString(`><code>`)
	language := b.Language
	if !affordable(n, code) {
		language = ""
	}
	Code(w, language, code, b)
	_, _ = w.WriteString("</code></pre></div>\n")
}

// budget is the key of what is left of maxPage in a document's meta data.
const budget = "callboard.highlight"

// affordable reports whether a block may get colors, and counts it.
func affordable(n ast.Node, code []byte) bool {
	if len(code) > maxBlock {
		return false
	}
	for rest := code; len(rest) > maxLine; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 || end > maxLine {
			return false
		}
		rest = rest[end+1:]
	}
	doc := n.OwnerDocument()
	if doc == nil {
		return false
	}
	spent, _ := doc.Meta()[budget].(int)
	if spent += len(code) + blockCost; spent > maxPage {
		return false
	}
	doc.AddMeta(budget, spent)
	return true
}

func attribute(w util.BufWriter, name, value string) {
	if value != "" {
		_, _ = w.WriteString(" " + name + `="`)
		_, _ = w.Write(util.EscapeHTML([]byte(value)))
		_ = w.WriteByte('"')
	}
}

// Code writes code, colored if the language is known, and cut in lines where b
// asks for that.
func Code(w util.BufWriter, language string, code []byte, b Block) {
	p := &printer{w: w, block: b, cut: len(b.Lines) > 0 || b.LineNums > 0}
	defer p.end()
	if scan := scanners()[strings.ToLower(language)]; scan != nil {
		scan(string(code), p.token)
		return
	}
	if lexer := lexerFor(language); lexer != nil {
		if tokens := tokenize(lexer, code); tokens != nil {
			for _, t := range tokens {
				p.token(class(t.Type), t.Value)
			}
			return
		}
	}
	p.token("", string(code))
}

// printer writes tokens, in lines if wanted.
type printer struct {
	w     util.BufWriter
	block Block
	cut   bool
	line  int // lines begun
	open  bool
}

func (p *printer) token(class, text string) {
	if !p.cut {
		p.write(class, text)
		return
	}
	for text != "" {
		end := strings.IndexByte(text, '\n') + 1
		part := text
		if end > 0 {
			part = text[:end]
		}
		p.begin()
		p.write(class, part)
		if end > 0 {
			p.end()
		}
		text = text[len(part):]
	}
}

func (p *printer) begin() {
	if p.open {
		return
	}
	p.open = true
	p.line++
	_, _ = p.w.WriteString(`<span class="line`)
	if p.block.Lines[p.line] {
		_, _ = p.w.WriteString(` hll`)
	}
	_ = p.w.WriteByte('"')
	if p.block.LineNums > 0 {
		_, _ = p.w.WriteString(` data-line="` + strconv.Itoa(p.block.LineNums+p.line-1) + `"`)
	}
	_ = p.w.WriteByte('>')
}

func (p *printer) end() {
	if p.open {
		_, _ = p.w.WriteString("</span>")
		p.open = false
	}
}

func (p *printer) write(class, text string) {
	if class != "" {
		_, _ = p.w.WriteString(`<span class="` + class + `">`)
	}
	escape(p.w, text)
	if class != "" {
		_, _ = p.w.WriteString("</span>")
	}
}

func escape(w util.BufWriter, s string) {
	start := 0
	for i := range len(s) {
		var e string
		switch s[i] {
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '&':
			e = "&amp;"
		default:
			continue
		}
		_, _ = w.WriteString(s[start:i])
		_, _ = w.WriteString(e)
		start = i + 1
	}
	_, _ = w.WriteString(s[start:])
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}

// Attributed writes the attributes of a node.
func Attributed(w util.BufWriter, n ast.Node) { html.RenderAttributes(w, n, nil) }

// Disable keeps a document's code from getting colors.
func Disable(doc *ast.Document) { doc.AddMeta(budget, maxPage) }
