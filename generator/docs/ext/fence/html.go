package fence

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// element is the block that "/// html | div.class#id" makes.
type element struct {
	ast.BaseBlock
	tag string
}

var elementKind = ast.NewNodeKind("FencedElement")

// Kind implements ast.Node.
func (*element) Kind() ast.NodeKind { return elementKind }

// Dump implements ast.Node.
func (e *element) Dump(source []byte, level int) { ast.DumpHelper(e, source, level, nil, nil) }

// selector is a tag with classes and an id. Which tags pass is the sanitiser's business.
var selector = regexp.MustCompile(`^[a-z][a-z0-9]*(?:[.#][\w-]+)*$`)

var selectorPart = regexp.MustCompile(`[.#][\w-]+`)

func newElement(s string) *element {
	tag := s
	if i := strings.IndexAny(s, ".#"); i >= 0 {
		tag = s[:i]
	}
	e := &element{tag: tag}
	var classes []string
	for _, part := range selectorPart.FindAllString(s[len(tag):], -1) {
		if part[0] == '#' {
			e.SetAttributeString("id", []byte(part[1:]))
		} else {
			classes = append(classes, part[1:])
		}
	}
	if len(classes) > 0 {
		e.SetAttributeString("class", []byte(strings.Join(classes, " ")))
	}
	return e
}

type htmlRenderer struct{}

func (htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(elementKind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		e := n.(*element)
		if !entering {
			_, _ = w.WriteString("</" + e.tag + ">\n")
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("<" + e.tag)
		html.RenderAttributes(w, e, nil)
		_, _ = w.WriteString(">\n")
		return ast.WalkContinue, nil
	})
}
