// Package emoji replaces short codes such as :rocket: by the Unicode
// characters, from the table of GitHub's names that goldmark-emoji carries.
// Codes of icon sets that Material for MkDocs bundles (:material-home:,
// :octicons-x-16:, :fontawesome-solid-x:, :simple-x:) become nothing: the
// icons are not part of a portal, and their names would only disturb.
package emoji

import (
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark-emoji/definition"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var table = sync.OnceValue(func() definition.Emojis { return definition.Github() })

// Emoji is one emoji.
type Emoji struct {
	ast.BaseInline
	// Name is the short code without colons; Value the characters, "" for an icon.
	Name, Value string
}

// Kind is the kind of [Emoji].
var Kind = ast.NewNodeKind("ShortCodeEmoji")

// Kind implements ast.Node.
func (*Emoji) Kind() ast.NodeKind { return Kind }

// Dump implements ast.Node.
func (e *Emoji) Dump(source []byte, level int) { ast.DumpHelper(e, source, level, nil, nil) }

// PlainText leaves emoji out of ids: Python-Markdown sees a picture there.
func (*Emoji) PlainText([]byte) string { return "" }

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{':'} }

func (inlineParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	end := 1
	for end < len(line) && end < 80 && isName(line[end]) {
		end++
	}
	if end < 3 || end >= len(line) || line[end] != ':' {
		return nil
	}
	name := string(line[1:end])
	e := &Emoji{Name: name}
	if d, ok := table().Get(name); ok && d.IsUnicode() {
		e.Value = string(d.Unicode)
	} else if !isIcon(name) {
		return nil
	}
	block.Advance(end + 1)
	return e
}

func isName(c byte) bool { return util.IsAlphaNumeric(c) || c == '_' || c == '-' || c == '+' }

func isIcon(name string) bool {
	for _, set := range []string{"material-", "octicons-", "fontawesome-", "simple-"} {
		if strings.HasPrefix(name, set) {
			return true
		}
	}
	return false
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(Kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if e := n.(*Emoji); entering && e.Value != "" {
			_, _ = w.WriteString(`<span class="emoji" title=":` + e.Name + `:">` + e.Value + `</span>`)
		}
		return ast.WalkContinue, nil
	})
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(inlineParser{}, 420)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
