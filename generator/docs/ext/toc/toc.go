package toc

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Settings are the options of the toc extension that matter here. They are
// passed per page with [Configure].
type Settings struct {
	// NoPermalink leaves the ¶ links out.
	NoPermalink bool
	// Unicode keeps letters of all scripts in ids.
	Unicode bool
}

var settingsKey = parser.NewContextKey()

// Configure sets a page's settings before parsing.
func Configure(pc parser.Context, s Settings) { pc.Set(settingsKey, s) }

// transformer gives headings their ids. Explicit ids count first, as in
// Python-Markdown, wherever in the page they are.
type transformer struct{}

func (transformer) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	settings, _ := pc.Get(settingsKey).(Settings)
	var ids IDs
	var headings []*ast.Heading
	var markers []*ast.Paragraph
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if id, ok := n.AttributeString("id"); ok {
			ids.Put(stringOf(id))
		}
		if h, ok := n.(*ast.Heading); ok {
			headings = append(headings, h)
		}
		if p, ok := n.(*ast.Paragraph); ok && isMarker(p, reader.Source()) {
			markers = append(markers, p)
		}
		return ast.WalkContinue, nil
	})
	for _, h := range headings {
		if _, ok := h.AttributeString("id"); !ok {
			title := strings.TrimSpace(PlainText(h, reader.Source()))
			id := Slug(title)
			if settings.Unicode {
				id = SlugUnicode(title)
			}
			h.SetAttributeString("id", []byte(ids.Unique(id)))
		}
	}
	for _, p := range markers {
		p.Parent().ReplaceChild(p.Parent(), p, newContents(headings, reader.Source()))
	}
	if !settings.NoPermalink {
		for _, h := range headings {
			h.AppendChild(h, &permalink{})
		}
	}
}

func stringOf(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}

// PlainText returns the text of a node's inline content: what is left when
// the tags of its HTML are stripped. Nodes with a PlainText method answer for
// themselves.
func PlainText(n ast.Node, source []byte) string {
	var b strings.Builder
	plainText(&b, n, source)
	return b.String()
}

func plainText(b *strings.Builder, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case interface{ PlainText([]byte) string }:
			b.WriteString(c.PlainText(source))
		case *ast.Text:
			v := c.Value(source)
			if !c.IsRaw() {
				v = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(v)))
			}
			b.Write(v)
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			v := c.Value
			if !c.IsRaw() {
				v = util.ResolveEntityNames(util.ResolveNumericReferences(v))
			}
			b.Write(v)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.Image, *ast.RawHTML:
		default:
			plainText(b, c, source)
		}
	}
}

// permalink is the ¶ after a heading.
type permalink struct{ ast.BaseInline }

var kindPermalink = ast.NewNodeKind("Permalink")

// Kind implements ast.Node.
func (*permalink) Kind() ast.NodeKind { return kindPermalink }

// Dump implements ast.Node.
func (p *permalink) Dump(source []byte, level int) { ast.DumpHelper(p, source, level, nil, nil) }

// PlainText keeps the sign out of titles.
func (*permalink) PlainText([]byte) string { return "" }

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindContents, renderContents)
	reg.Register(kindPermalink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if id, ok := n.Parent().AttributeString("id"); ok && entering {
			_, _ = w.WriteString(`<a class="headerlink" href="#`)
			_, _ = w.Write(util.EscapeHTML([]byte(stringOf(id))))
			_, _ = w.WriteString(`" title="Permanent link">¶</a>`)
		}
		return ast.WalkContinue, nil
	})
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(transformer{}, 900)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
