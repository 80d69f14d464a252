// Package alert turns GitHub's alerts into admonitions:
//
//	> [!NOTE]
//	> Content.
//
// as the plugin gh-admonitions of mkdocs-techdocs-core does. The five types
// are GitHub's; a title after the type, as some editors write it, is kept.
package alert

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/admonition"
	"github.com/callboard-portal/callboard/generator/docs/ext/block"
)

// types map GitHub's to the class and the title.
var types = map[string][2]string{
	"NOTE": {"note", "Note"}, "TIP": {"tip", "Tip"}, "IMPORTANT": {"important", "Important"}, "WARNING": {"warning", "Warning"}, "CAUTION": {"caution", "Caution"},
}

// Blockquote parses block quotes, joins neighbors and makes admonitions of alerts.
type Blockquote struct{ parser.BlockParser }

// NewBlockquote returns the parser to put in the place of goldmark's.
func NewBlockquote() Blockquote { return Blockquote{parser.NewBlockquoteParser()} }

// Close implements parser.BlockParser.
func (b Blockquote) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	b.BlockParser.Close(node, reader, pc)
	if node.Parent() == nil {
		return
	}
	p, ok := node.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		join(node)
		return
	}
	first := p.Lines().At(0)
	kind, title, ok := parse(first.Value(reader.Source()))
	if !ok {
		join(node)
		return
	}
	a := &admonition.Node{Classes: types[kind][0], Heading: types[kind][1]}
	a.SetPos(node.Pos())
	a.SetBlankPreviousLines(node.HasBlankPreviousLines())
	if title > 0 {
		a.Heading = ""
		value := bytes.TrimRight(first.Value(reader.Source()), " \t\r\n")
		a.AppendChild(a, block.NewTitle(first.Start+title, first.Start+len(value)))
	}
	if p.Lines().Len() == 1 {
		node.RemoveChild(node, p)
	} else {
		p.Lines().SetSliced(1, p.Lines().Len())
	}
	for c := node.FirstChild(); c != nil; {
		next := c.NextSibling()
		a.AppendChild(a, c)
		c = next
	}
	node.Parent().ReplaceChild(node.Parent(), node, a)
}

// join adds a quote to one directly before it: blank lines do not part them
// (markdown/blockprocessors.py, BlockQuoteProcessor).
func join(node ast.Node) {
	for depth := 0; depth < maxJoined; depth++ {
		before, ok := node.PreviousSibling().(*ast.Blockquote)
		if !ok {
			return
		}
		inner := node.FirstChild()
		for c := inner; c != nil; {
			next := c.NextSibling()
			before.AppendChild(before, c)
			c = next
		}
		node.Parent().RemoveChild(node.Parent(), node)
		if inner == nil || inner.Kind() != ast.KindBlockquote {
			return
		}
		node = inner // two quotes inside may now be neighbors
	}
}

// maxJoined is how deep quotes inside of joined quotes are joined.
const maxJoined = 60

// parse reads "[!TYPE] title" and returns the type and where the title begins, 0 for none.
func parse(line []byte) (kind string, title int, ok bool) {
	if !bytes.HasPrefix(line, []byte("[!")) {
		return "", 0, false
	}
	end := bytes.IndexByte(line, ']')
	if end < 0 {
		return "", 0, false
	}
	kind = strings.ToUpper(string(line[2:end]))
	if _, ok := types[kind]; !ok {
		return "", 0, false
	}
	rest := line[end+1:]
	if util.IsBlank(rest) {
		return kind, 0, true
	}
	if rest[0] != ' ' {
		return "", 0, false
	}
	return kind, end + 1 + util.TrimLeftSpaceLength(rest), true
}
