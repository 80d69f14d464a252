// Package footnote renders footnotes with the anchors of Python-Markdown
// (markdown/extensions/footnotes.py): fn:label and fnref:label, the second
// reference fnref2:label, so that links to them keep working.
package footnote

import (
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindFootnoteLink, link)
	reg.Register(east.KindFootnoteBacklink, backlink)
	reg.Register(east.KindFootnote, note)
	reg.Register(east.KindFootnoteList, list)
}

const labelsKey = "callboard.footnotes"

// label returns the label of the note with a number, escaped for an attribute.
func label(n ast.Node, index int) string {
	doc := n.OwnerDocument()
	if doc == nil {
		return strconv.Itoa(index)
	}
	labels, ok := doc.Meta()[labelsKey].(map[int]string)
	if !ok {
		labels = map[int]string{}
		if l, ok := doc.LastChild().(*east.FootnoteList); ok {
			for c := l.FirstChild(); c != nil; c = c.NextSibling() {
				if f, ok := c.(*east.Footnote); ok {
					labels[f.Index] = string(util.EscapeHTML(f.Ref))
				}
			}
		}
		doc.AddMeta(labelsKey, labels)
	}
	return labels[index]
}

// reference returns the anchor of a reference, counted from 0.
func reference(n ast.Node, index, count int) string {
	s := "fnref"
	if count > 0 {
		s += strconv.Itoa(count + 1)
	}
	return s + ":" + label(n, index)
}

func link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if n := node.(*east.FootnoteLink); entering {
		_, _ = w.WriteString(`<sup id="` + reference(n, n.Index, n.RefIndex) + `"><a class="footnote-ref" href="#fn:` + label(n, n.Index) + `">` +
			strconv.Itoa(n.Index) + `</a></sup>`)
	}
	return ast.WalkContinue, nil
}

func backlink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*east.FootnoteBacklink)
	if !entering {
		return ast.WalkContinue, nil
	}
	own := n.Parent().Kind() == east.KindFootnote // not in a paragraph
	if own {
		_, _ = w.WriteString("<p>")
	} else {
		_, _ = w.WriteString("&#160;")
	}
	_, _ = w.WriteString(`<a class="footnote-backref" href="#` + reference(n, n.Index, n.RefIndex) + `" title="Jump back to footnote ` + strconv.Itoa(n.Index) +
		` in the text">↩</a>`)
	if own {
		_, _ = w.WriteString("</p>\n")
	}
	return ast.WalkContinue, nil
}

func note(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<li id="fn:` + label(node, node.(*east.Footnote).Index) + "\">\n")
	} else {
		_, _ = w.WriteString("</li>\n")
	}
	return ast.WalkContinue, nil
}

func list(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="footnotes" role="doc-endnotes">` + "\n<hr>\n<ol>\n")
	} else {
		_, _ = w.WriteString("</ol>\n</div>\n")
	}
	return ast.WalkContinue, nil
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	extension.Footnote.Extend(m)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
