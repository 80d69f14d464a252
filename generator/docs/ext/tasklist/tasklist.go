// Package tasklist renders "- [x] done" as a list of checkboxes, with the
// markup of pymdownx.tasklist and custom_checkbox.
package tasklist

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// CheckBox is the box at the head of an item.
type CheckBox struct {
	ast.BaseInline
	// Checked is true for [x].
	Checked bool
}

// Kind is the kind of [CheckBox].
var Kind = ast.NewNodeKind("CheckBox")

// Kind implements ast.Node.
func (*CheckBox) Kind() ast.NodeKind { return Kind }

// Dump implements ast.Node.
func (c *CheckBox) Dump(source []byte, level int) { ast.DumpHelper(c, source, level, nil, nil) }

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'['} }

func (inlineParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	item, ok := parent.Parent().(*ast.ListItem)
	if !ok || item.FirstChild() != parent || parent.HasChildren() {
		return nil
	}
	line, _ := block.PeekLine()
	if len(line) < 4 || line[2] != ']' || line[3] != ' ' && line[3] != '\n' || line[1] != ' ' && line[1] != 'x' && line[1] != 'X' {
		return nil
	}
	block.Advance(3)
	item.SetAttributeString("class", []byte("task-list-item"))
	if list := item.Parent(); list != nil {
		list.SetAttributeString("class", []byte("task-list"))
	}
	return &CheckBox{Checked: line[1] != ' '}
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(Kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			checked := ""
			if n.(*CheckBox).Checked {
				checked = ` checked=""`
			}
			_, _ = w.WriteString(`<label class="task-list-control"><input type="checkbox" disabled=""` + checked + `><span class="task-list-indicator"></span></label>`)
		}
		return ast.WalkContinue, nil
	})
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(inlineParser{}, 0)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
