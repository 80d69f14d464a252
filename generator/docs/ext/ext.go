// Package ext lists the Markdown dialect's extensions: one folder each. To
// add one, write the folder and add a line here.
package ext

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/abbr"
	"github.com/callboard-portal/callboard/generator/docs/ext/admonition"
	"github.com/callboard-portal/callboard/generator/docs/ext/alert"
	"github.com/callboard-portal/callboard/generator/docs/ext/arithmatex"
	"github.com/callboard-portal/callboard/generator/docs/ext/attrlist"
	"github.com/callboard-portal/callboard/generator/docs/ext/block"
	"github.com/callboard-portal/callboard/generator/docs/ext/caret"
	"github.com/callboard-portal/callboard/generator/docs/ext/critic"
	"github.com/callboard-portal/callboard/generator/docs/ext/emoji"
	"github.com/callboard-portal/callboard/generator/docs/ext/fence"
	"github.com/callboard-portal/callboard/generator/docs/ext/footnote"
	"github.com/callboard-portal/callboard/generator/docs/ext/heading"
	"github.com/callboard-portal/callboard/generator/docs/ext/highlight"
	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
	"github.com/callboard-portal/callboard/generator/docs/ext/inlinehilite"
	"github.com/callboard-portal/callboard/generator/docs/ext/keys"
	"github.com/callboard-portal/callboard/generator/docs/ext/link"
	"github.com/callboard-portal/callboard/generator/docs/ext/list"
	"github.com/callboard-portal/callboard/generator/docs/ext/mark"
	"github.com/callboard-portal/callboard/generator/docs/ext/mdinhtml"
	"github.com/callboard-portal/callboard/generator/docs/ext/smartsymbols"
	"github.com/callboard-portal/callboard/generator/docs/ext/tabbed"
	"github.com/callboard-portal/callboard/generator/docs/ext/table"
	"github.com/callboard-portal/callboard/generator/docs/ext/tasklist"
	"github.com/callboard-portal/callboard/generator/docs/ext/tilde"
	"github.com/callboard-portal/callboard/generator/docs/ext/toc"
)

// All returns the extensions in the order in which they are added.
func All() []goldmark.Extender {
	return []goldmark.Extender{
		extension.Linkify,
		extension.DefinitionList,
		footnote.New(),
		inline.Renderer(),
		table.New(),
		mdinhtml.New(),
		fence.New(),
		admonition.New(),
		tabbed.New(),
		tasklist.New(),
		attrlist.New(),
		caret.New(),
		tilde.New(),
		mark.New(),
		critic.New(),
		keys.New(),
		emoji.New(),
		smartsymbols.New(),
		abbr.New(),
		arithmatex.New(),
		highlight.New(),
		inlinehilite.New(),
		toc.New(),
		link.New(),
	}
}

// Blocks returns the block parsers of CommonMark, with those replaced that
// Python-Markdown reads differently.
func Blocks() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(heading.NewUnderlined(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(list.New(), 300),
		util.Prioritized(list.NewItem(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(heading.NewHash(), 600),
		util.Prioritized(highlight.NewFenced(), 700),
		util.Prioritized(alert.NewBlockquote(), 800),
		util.Prioritized(mdinhtml.NewBlock(), 900),
		util.Prioritized(block.NewParagraph(), 1000),
	}
}
