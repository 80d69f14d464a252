// Package tabbed renders content tabs:
//
//	=== "Go"
//	    ...
//	=== "Python"
//	    ...
//
// `===!` begins a new set of tabs, `===+` selects a tab. The markup is that
// of pymdownx.tabbed with alternate_style: radio buttons, labels and blocks,
// so that tabs work with style sheets alone, by mouse and by arrow keys, and
// all blocks are readable one after another without any style sheet.
package tabbed

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/block"
)

// Tab is one tab; its first child is a [block.Title].
type Tab struct {
	block.Container
	// New begins another set; Selected is the tab shown first.
	New, Selected bool
}

// Set is a row of tabs.
type Set struct {
	ast.BaseBlock
	// Number counts the sets of a page from 1.
	Number int
}

// KindTab and KindSet are the kinds of [Tab] and [Set].
var (
	KindTab = ast.NewNodeKind("Tab")
	KindSet = ast.NewNodeKind("TabSet")
)

// Kind implements ast.Node.
func (*Tab) Kind() ast.NodeKind { return KindTab }

// Dump implements ast.Node.
func (t *Tab) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// Kind implements ast.Node.
func (*Set) Kind() ast.NodeKind { return KindSet }

// Dump implements ast.Node.
func (s *Set) Dump(source []byte, level int) { ast.DumpHelper(s, source, level, nil, nil) }

var tabsKey = parser.NewContextKey()

// Add notes a tab, so that it becomes part of a set when the page is parsed.
func Add(pc parser.Context, t *Tab) {
	tabs, _ := pc.Get(tabsKey).([]*Tab)
	pc.Set(tabsKey, append(tabs, t))
}

type blockParser struct{}

func (blockParser) Trigger() []byte { return []byte{'='} }

func (blockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || !bytes.HasPrefix(line[pos:], []byte("===")) || block.TooDeep(parent) {
		return nil, parser.NoChildren
	}
	i := pos + 3
	t := &Tab{}
	for ; i < len(line) && (line[i] == '!' || line[i] == '+'); i++ {
		t.New = t.New || line[i] == '!'
		t.Selected = t.Selected || line[i] == '+'
	}
	rest := bytes.TrimRight(line[i:], " \t\r\n")
	q := bytes.IndexByte(rest, '"')
	if q < 1 || len(bytes.TrimLeft(rest[:q], " ")) > 0 || len(rest) < q+3 || bytes.IndexByte(rest[q+1:], '"') != len(rest)-q-2 {
		return nil, parser.NoChildren
	}
	t.Begin(reader, pc)
	at := segment.Start - segment.Padding + i
	t.AppendChild(t, block.NewTitle(at+q+1, at+len(rest)-1))
	Add(pc, t)
	reader.AdvanceToEOL()
	return t, parser.HasChildren
}

func (blockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	return node.(*Tab).Next(reader)
}

func (blockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (blockParser) CanInterruptParagraph() bool                 { return true }
func (blockParser) CanAcceptIndentedLine() bool                 { return false }

// transformer gathers neighbouring tabs into sets.
type transformer struct{}

func (transformer) Transform(_ *ast.Document, _ text.Reader, pc parser.Context) {
	tabs, _ := pc.Get(tabsKey).([]*Tab)
	number := 0
	for _, t := range tabs {
		parent := t.Parent()
		if parent == nil {
			continue
		}
		if s, ok := t.PreviousSibling().(*Set); ok && !t.New {
			parent.RemoveChild(parent, t)
			s.AppendChild(s, t)
			continue
		}
		number++
		s := &Set{Number: number}
		s.SetPos(t.Pos())
		parent.ReplaceChild(parent, t, s)
		s.AppendChild(s, t)
	}
}

type htmlRenderer struct{ inline renderer.Renderer }

func (r *htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(KindSet, r.renderSet)
	reg.Register(KindTab, renderTab)
}

func (r *htmlRenderer) renderSet(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</div>\n</div>\n")
		return ast.WalkContinue, nil
	}
	s := node.(*Set)
	set := strconv.Itoa(s.Number)
	_, _ = w.WriteString(`<div class="tabbed-set tabbed-alternate" data-tabs="` + set + `:` + strconv.Itoa(s.ChildCount()) + "\">\n")
	chosen := selected(s)
	each(s, func(i int, _ *Tab) {
		_, _ = w.WriteString(`<input id="__tabbed_` + set + `_` + strconv.Itoa(i) + `" name="__tabbed_` + set + `" type="radio"`)
		if i == chosen {
			_, _ = w.WriteString(` checked=""`)
		}
		_, _ = w.WriteString(">\n")
	})
	_, _ = w.WriteString(`<div class="tabbed-labels">` + "\n")
	var err error
	each(s, func(i int, t *Tab) {
		_, _ = w.WriteString(`<label for="__tabbed_` + set + `_` + strconv.Itoa(i) + `">`)
		for c := t.FirstChild().FirstChild(); c != nil && err == nil; c = c.NextSibling() {
			err = r.inline.Render(w, source, c)
		}
		_, _ = w.WriteString("</label>\n")
	})
	_, _ = w.WriteString("</div>\n" + `<div class="tabbed-content">` + "\n")
	return ast.WalkContinue, err
}

func renderTab(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="tabbed-block">` + "\n")
	} else {
		_, _ = w.WriteString("</div>\n")
	}
	return ast.WalkContinue, nil
}

func each(s *Set, f func(i int, t *Tab)) {
	i := 0
	for c := s.FirstChild(); c != nil; c = c.NextSibling() {
		i++
		f(i, c.(*Tab))
	}
}

// selected returns the number of the tab to show first: the last one marked, else 1.
func selected(s *Set) int {
	n := 1
	each(s, func(i int, t *Tab) {
		if t.Selected {
			n = i
		}
	})
	return n
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(blockParser{}, 90)),
		parser.WithASTTransformers(util.Prioritized(transformer{}, 100)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(&htmlRenderer{m.Renderer()}, 100)))
}
