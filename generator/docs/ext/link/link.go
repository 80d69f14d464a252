// Package link numbers the links and images of a page, so that what they lead
// to can be decided later, when all pages of the site are known: the renderer
// writes the number in the place of the address.
package link

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// mark begins an address that is a number. Pages cannot contain it.
const mark = '\x01'

// Target is where a link leads as written, and where in the source it is.
type Target struct {
	URL    string
	Offset int
}

var targetsKey = parser.NewContextKey()

// Targets returns the numbered targets after parsing.
func Targets(pc parser.Context) []Target {
	t, _ := pc.Get(targetsKey).([]Target)
	return t
}

// Number returns the number that an address written by this package stands
// for, and false for any other address.
func Number(url string) (int, bool) {
	if url == "" || url[0] != mark {
		return 0, false
	}
	n, err := strconv.Atoi(url[1:])
	return n, err == nil
}

type transformer struct{}

func (transformer) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	var targets []Target
	number := func(url []byte, pos int) []byte {
		url = bytes.ReplaceAll(url, []byte{space}, []byte(" "))
		targets = append(targets, Target{string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(url)))), pos})
		return strconv.AppendInt([]byte{mark}, int64(len(targets)-1), 10)
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = number(n.Destination, n.Pos())
		case *ast.Image:
			n.Destination = number(n.Destination, n.Pos())
		case *ast.AutoLink:
			url := string(n.URL(reader.Source()))
			if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(url), "mailto:") {
				url = "mailto:" + url
			}
			targets = append(targets, Target{url, n.Pos()})
			n.SetAttributeString("href", strconv.AppendInt([]byte{mark}, int64(len(targets)-1), 10))
		}
		return ast.WalkContinue, nil
	})
	pc.Set(targetsKey, targets)
}

type htmlRenderer struct {
	html.Config
}

func (r *htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindAutoLink, r.autoLink)
}

func (r *htmlRenderer) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Link)
	r.open(w, "<a href=\"", n.Destination, n.Title, n)
	return ast.WalkContinue, nil
}

func (r *htmlRenderer) open(w util.BufWriter, head string, dest, title []byte, n ast.Node) {
	_, _ = w.WriteString(head)
	_, _ = w.Write(dest)
	_ = w.WriteByte('"')
	if title != nil {
		_, _ = w.WriteString(` title="`)
		r.Writer.Write(w, title)
		_ = w.WriteByte('"')
	}
	if n.Attributes() != nil {
		html.RenderAttributes(w, n, nil)
	}
	_ = w.WriteByte('>')
}

func (r *htmlRenderer) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	_, _ = w.WriteString(`<img alt="`)
	_, _ = w.Write(util.EscapeHTML([]byte(alt(n, source))))
	r.open(w, "\" src=\"", n.Destination, n.Title, n)
	return ast.WalkSkipChildren, nil
}

func alt(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch c := c.(type) {
			case *ast.Text:
				b.Write(util.UnescapePunctuations(c.Value(source)))
				if c.SoftLineBreak() {
					b.WriteByte('\n')
				}
			case *ast.String:
				b.Write(c.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return string(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(b.String()))))
}

func (r *htmlRenderer) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	_, _ = w.WriteString("<a")
	html.RenderAttributes(w, n, nil)
	_ = w.WriteByte('>')
	_, _ = w.Write(util.EscapeHTML(n.Label(source)))
	_, _ = w.WriteString("</a>")
	return ast.WalkContinue, nil
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(transformer{}, 1000)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(&htmlRenderer{html.NewConfig()}, 100)))
}
