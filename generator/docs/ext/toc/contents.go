package toc

import (
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// contents is the table of contents in the place of [TOC].
type contents struct {
	ast.BaseBlock
	items []item
}

type item struct {
	level    int
	id, text string
}

var kindContents = ast.NewNodeKind("Contents")

// Kind implements ast.Node.
func (*contents) Kind() ast.NodeKind { return kindContents }

// Dump implements ast.Node.
func (c *contents) Dump(source []byte, level int) { ast.DumpHelper(c, source, level, nil, nil) }

// isMarker reports whether a paragraph is [TOC] alone.
func isMarker(p *ast.Paragraph, source []byte) bool {
	if p.Lines().Len() != 1 {
		return false
	}
	line := p.Lines().At(0)
	return string(util.TrimRightSpace(line.Value(source))) == "[TOC]"
}

func newContents(headings []*ast.Heading, source []byte) *contents {
	c := &contents{}
	for _, h := range headings {
		id, _ := h.AttributeString("id")
		c.items = append(c.items, item{h.Level, stringOf(id), PlainText(h, source)})
	}
	return c
}

func renderContents(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<div class="toc">` + "\n")
	var open []int // levels of the lists that are open
	for _, it := range n.(*contents).items {
		for len(open) > 0 && it.level < open[len(open)-1] && (len(open) == 1 || it.level <= open[len(open)-2]) {
			_, _ = w.WriteString("</li></ul>")
			open = open[:len(open)-1]
		}
		if len(open) == 0 || it.level > open[len(open)-1] {
			_, _ = w.WriteString("<ul><li>")
			open = append(open, it.level)
		} else {
			_, _ = w.WriteString("</li><li>")
			open[len(open)-1] = it.level
		}
		_, _ = w.WriteString(`<a href="#` + html.EscapeString(it.id) + `">` + html.EscapeString(it.text) + "</a>")
	}
	for range open {
		_, _ = w.WriteString("</li></ul>")
	}
	_, _ = w.WriteString("\n</div>\n")
	return ast.WalkContinue, nil
}
