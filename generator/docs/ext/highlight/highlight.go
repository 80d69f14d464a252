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
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
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

// Block is the head of a fenced code block.
type Block struct {
	Language string
	Title    string
	ID       string
	Classes  []string
	Lines    map[int]bool // highlighted lines, from 1
	LineNums int          // number of the first line, 0 for no numbers
	Known    bool         // false for options that could not be read
}

// ParseInfo reads the info string of a fence.
func ParseInfo(info string) Block {
	b := Block{Known: true}
	info = strings.TrimSpace(info)
	if i := strings.IndexAny(info, "{ \t"); i != 0 {
		if i < 0 {
			i = len(info)
		}
		b.Language, info = info[:i], strings.TrimSpace(info[i:])
	}
	if strings.HasPrefix(info, "{") {
		info = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(info, "{"), ":"), "}")
	}
	for _, a := range Attributes(info) {
		b.set(a.Name, a.Value)
	}
	b.Language = strings.TrimPrefix(b.Language, ".")
	return b
}

func (b *Block) set(name, value string) {
	switch name {
	case "class":
		if b.Language == "" {
			b.Language = value
		} else {
			b.Classes = append(b.Classes, value)
		}
	case "id":
		b.ID = value
	case "title":
		b.Title = value
	case "hl_lines":
		b.Lines = parseLines(value)
	case "linenums", "linenostart":
		if n, err := strconv.Atoi(strings.Fields(value + " 1")[0]); err == nil && n > 0 && n < 1e6 {
			b.LineNums = n
		}
	default:
		b.Known = false
	}
}

// parseLines reads "1 3-4"; at most 1,000 lines.
func parseLines(s string) map[int]bool {
	m := map[int]bool{}
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		from, to, isRange := strings.Cut(f, "-")
		a, err := strconv.Atoi(from)
		if err != nil || a < 1 {
			continue
		}
		z := a
		if isRange {
			if z, err = strconv.Atoi(to); err != nil {
				continue
			}
		}
		for i := a; i <= z && len(m) < 1000; i++ {
			m[i] = true
		}
	}
	return m
}

// Attribute is a name and a value; "#x" and ".x" are id and class.
type Attribute struct{ Name, Value string }

// Attributes reads a list such as `.class #id key="value" key2=value flag`.
func Attributes(s string) []Attribute {
	var out []Attribute
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		end := strings.IndexAny(s, " \t=")
		if end < 0 {
			end = len(s)
		}
		name := s[:end]
		s = s[end:]
		switch {
		case !strings.HasPrefix(s, "="):
			switch {
			case strings.HasPrefix(name, "."):
				out = append(out, Attribute{"class", name[1:]})
			case strings.HasPrefix(name, "#"):
				out = append(out, Attribute{"id", name[1:]})
			default:
				out = append(out, Attribute{name, name})
			}
		default:
			var value string
			value, s = attributeValue(s[1:])
			out = append(out, Attribute{name, value})
		}
	}
	return out
}

func attributeValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1], s[end+2:]
		}
	}
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
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

var lexerCache sync.Map // language → chroma.Lexer or nil

func lexerFor(language string) chroma.Lexer {
	if language == "" || len(language) > 40 {
		return nil
	}
	key := strings.ToLower(language)
	if l, ok := lexerCache.Load(key); ok {
		lexer, _ := l.(chroma.Lexer)
		return lexer
	}
	if alias, ok := aliases[key]; ok {
		key = alias
	}
	var lexer chroma.Lexer
	if key != "text" && key != "plaintext" {
		lexer = registry()[key]
	}
	lexerCache.Store(strings.ToLower(language), lexer)
	return lexer
}

// registry is every lexer by its names in lower case. chroma's own lookup
// would go on to match the name against all file patterns.
var registry = sync.OnceValue(func() map[string]chroma.Lexer {
	m := map[string]chroma.Lexer{}
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		c := l.Config()
		for _, name := range append(c.Aliases, c.Name) {
			if name = strings.ToLower(name); m[name] == nil {
				m[name] = l
			}
		}
	}
	return m
})

// aliases are names that Pygments knows and chroma does not.
var aliases = map[string]string{
	"pycon": "python", "py3": "python", "shell-session": "console", "sh-session": "console", "yml": "yaml", "jsonc": "json", "json5": "json",
	"conf": "ini", "properties": "ini", "env": "bash", "txt": "text", "plain": "text", "text": "text", "none": "text", "output": "text",
	"hcl": "hcl", "tf": "terraform", "vue": "vue", "golang": "go", "ts": "typescript", "gotmpl": "go-template", "logql": "promql",
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

// chroma gives each regular expression a quarter of a second by the clock and
// goes on as if it had not matched, so that on a busy machine the same code
// would now and then look another way. A run in which no step took that long
// had no such end; only such a run is believed.
const (
	patience = 250 * time.Millisecond
	runs     = 6
)

// tokenize returns nil where the lexer fails or is too slow, so that code is
// shown plain.
func tokenize(lexer chroma.Lexer, code []byte) []chroma.Token {
	for range runs {
		if tokens, inTime := tokenizeOnce(lexer, string(code), patience); inTime {
			return tokens
		}
	}
	return nil
}

// tokenizeOnce gives up when one step of the lexer takes as long as patience.
// Neighbours of one type become one token.
func tokenizeOnce(lexer chroma.Lexer, code string, patience time.Duration) (tokens []chroma.Token, inTime bool) {
	defer func() {
		if recover() != nil { // a lexer's own mistake must not cost the page
			tokens, inTime = nil, true
		}
	}()
	began := time.Now()
	next, err := lexer.Tokenise(nil, code)
	if err != nil {
		return nil, true
	}
	for {
		t := next()
		now := time.Now()
		if now.Sub(began) >= patience {
			return nil, false
		}
		began = now
		last := len(tokens) - 1
		switch {
		case t == chroma.EOF:
			return tokens, true
		case t.Value == "":
		case last >= 0 && tokens[last].Type == t.Type && len(tokens[last].Value) < 8192:
			tokens[last].Value += t.Value
		default:
			tokens = append(tokens, t)
		}
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

// class returns the short class of a token type, as Pygments and chroma name
// it, and "" for text and for what no style colors.
func class(t chroma.TokenType) string {
	for ; t != 0; t = t.Parent() {
		if c, ok := chroma.StandardTypes[t]; ok {
			switch c {
			case "p", "w", "err", "chroma", "bg":
				return ""
			}
			return c
		}
	}
	return ""
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
