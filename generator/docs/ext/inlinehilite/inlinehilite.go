// Package inlinehilite gives colors to code in a line: `#!go x := 1` or
// `:::go x := 1`, as pymdownx.inlinehilite does.
package inlinehilite

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/highlight"
)

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindCodeSpan, render)
}

func render(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var code []byte
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			code = append(code, bytes.ReplaceAll(t.Value(source), []byte("\n"), []byte(" "))...)
		}
	}
	language, rest := split(code)
	if language == "" {
		_, _ = w.WriteString("<code")
		highlight.Attributed(w, n)
		_ = w.WriteByte('>')
		_, _ = w.Write(util.EscapeHTML(code))
	} else {
		_, _ = w.WriteString(`<code class="highlight">`)
		highlight.Code(w, language, rest, highlight.Block{})
	}
	_, _ = w.WriteString("</code>")
	return ast.WalkSkipChildren, nil
}

// split takes the language off, as `#!lang ` or `:::lang `.
func split(code []byte) (language string, rest []byte) {
	var ok bool
	if rest, ok = bytes.CutPrefix(code, []byte("#!")); !ok {
		if rest, ok = bytes.CutPrefix(code, []byte(":::")); !ok {
			return "", code
		}
	}
	name, rest, ok := bytes.Cut(rest, []byte(" "))
	if !ok || len(name) == 0 || len(name) > 40 || len(rest) > 1000 {
		return "", code
	}
	for _, c := range name {
		if !util.IsAlphaNumeric(c) && c != '+' && c != '-' && c != '_' && c != '#' {
			return "", code
		}
	}
	return string(name), rest
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
