// Package fence parses blocks between fences of slashes or colons:
//
//	/// note | Title            :::note Title
//	Content.                    Content.
//	///                         :::
//
// The first is pymdownx.blocks (admonition, details, tab and html; definition
// lists and captions stay text), the second Docusaurus. Blocks nest with longer
// fences outside. Options of the first form stand on indented lines below the
// opening fence, such as "    open: True".
package fence

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/admonition"
	"github.com/callboard-portal/callboard/generator/docs/ext/block"
	"github.com/callboard-portal/callboard/generator/docs/ext/tabbed"
)

// node is a block as long as it is being parsed; then it becomes what it is for.
type node struct {
	ast.BaseBlock
	char   byte
	length int
	kind   string
	title  text.Segment
	// selector is the title as text: "div.result" for html.
	selector string
	options  map[string]string
	head     bool // options may follow
	closed   bool
}

var kind = ast.NewNodeKind("Fence")

// Kind implements ast.Node.
func (*node) Kind() ast.NodeKind { return kind }

// Dump implements ast.Node.
func (n *node) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Strict keeps paragraphs inside from going on outside.
func (n *node) Strict(int) bool { return !n.closed }

// types are the words after a fence that open a block, and the class each gets.
var types = map[string]string{
	"note": "note", "abstract": "abstract", "info": "info", "tip": "tip", "success": "success", "question": "question", "warning": "warning",
	"failure": "failure", "danger": "danger", "bug": "bug", "example": "example", "quote": "quote", "attention": "attention", "caution": "caution",
	"hint": "hint", "important": "important", "error": "error", "settings": "settings", "new": "new", "admonition": "",
}

type blockParser struct{}

func (blockParser) Trigger() []byte { return []byte{'/', ':'} }

func (blockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line)-pos < 4 || line[pos+2] != line[pos] || block.TooDeep(parent) {
		return nil, parser.NoChildren
	}
	n := &node{char: line[pos], options: map[string]string{}, head: line[pos] == '/'}
	i := pos
	for i < len(line) && line[i] == n.char {
		i++
	}
	if n.length = i - pos; n.length < 3 {
		return nil, parser.NoChildren
	}
	rest := bytes.TrimRight(line[i:], " \t\r\n")
	start := segment.Start - segment.Padding + i
	if n.char == '/' && len(rest) > 0 && rest[0] != ' ' {
		return nil, parser.NoChildren
	}
	skip := util.TrimLeftSpaceLength(rest)
	end := skip
	for end < len(rest) && (util.IsAlphaNumeric(rest[end]) || rest[end] == '-' || rest[end] == '_') {
		end++
	}
	n.kind = strings.ToLower(string(rest[skip:end]))
	if !n.known() || !n.setTitle(rest, end, start) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (n *node) known() bool {
	if _, ok := types[strings.TrimPrefix(n.kind, "details-")]; ok {
		return n.char == '/' || !strings.Contains(n.kind, "-") && n.kind != "admonition"
	}
	return n.char == '/' && (n.kind == "details" || n.kind == "tab" || n.kind == "html") || n.char == ':' && n.kind == "details"
}

// setTitle reads what follows the type: "| Title", "Title" or "[Title]".
func (n *node) setTitle(rest []byte, end, start int) bool {
	title := bytes.TrimSpace(rest[end:])
	if len(title) == 0 {
		return n.kind != "html" && n.kind != "tab" // these need one
	}
	at := start + end + bytes.Index(rest[end:], title)
	switch {
	case n.char == '/':
		if title[0] != '|' {
			return false
		}
		trimmed := bytes.TrimLeft(title[1:], " ")
		at += len(title) - len(trimmed)
		title = trimmed
	case title[0] == '[' && title[len(title)-1] == ']':
		at, title = at+1, title[1:len(title)-1]
	case title[0] == '{' || end < len(rest) && rest[end] != ' ':
		return false
	}
	n.title, n.selector = text.NewSegment(at, at+len(title)), string(title)
	return n.kind != "html" || selector.MatchString(n.selector)
}

func (blockParser) Continue(b ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := b.(*node)
	if n.closed {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	trimmed := bytes.TrimSpace(line)
	if width, _ := util.IndentWidth(line, reader.LineOffset()); n.head && width >= 4 {
		if key, value, ok := bytes.Cut(trimmed, []byte(":")); ok {
			n.options[strings.ToLower(string(bytes.TrimSpace(key)))] = strings.Trim(string(bytes.TrimSpace(value)), `"'`)
			reader.AdvanceToEOL()
			return parser.Continue | parser.HasChildren
		}
	}
	n.head = false
	if len(trimmed) == n.length && bytes.Count(trimmed, []byte{n.char}) == n.length {
		n.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

// Close puts the block that was meant in the place of the fence.
func (blockParser) Close(b ast.Node, _ text.Reader, pc parser.Context) {
	n := b.(*node)
	n.closed = true
	parent := n.Parent()
	if parent == nil {
		return
	}
	var to ast.Node
	switch n.kind {
	case "html":
		to = newElement(n.selector)
	case "tab":
		t := &tabbed.Tab{New: n.option("new"), Selected: n.option("select")}
		t.AppendChild(t, block.NewTitle(n.title.Start, n.title.Stop))
		tabbed.Add(pc, t)
		to = t
	default:
		to = n.admonition()
	}
	to.SetPos(n.Pos())
	to.SetBlankPreviousLines(n.HasBlankPreviousLines())
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		to.AppendChild(to, c)
		c = next
	}
	parent.ReplaceChild(parent, n, to)
}

func (n *node) option(name string) bool { return strings.EqualFold(n.options[name], "true") }

func (n *node) admonition() ast.Node {
	class, isDetails := strings.CutPrefix(n.kind, "details-")
	if n.kind == "details" {
		class, isDetails = "", true
	}
	if n.kind == "admonition" {
		class = ""
	}
	if t := n.options["type"]; t != "" && class == "" {
		class = strings.ToLower(t)
	}
	a := &admonition.Node{Classes: class, Collapsible: isDetails, Open: n.option("open")}
	if n.title.Len() > 0 {
		a.AppendChild(a, block.NewTitle(n.title.Start, n.title.Stop))
	} else if a.Heading = class; class != "" {
		a.Heading = strings.ToUpper(class[:1]) + class[1:]
	} else if isDetails {
		a.Heading = "Details"
	}
	return a
}

func (blockParser) CanInterruptParagraph() bool { return true }
func (blockParser) CanAcceptIndentedLine() bool { return false }

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithBlockParsers(util.Prioritized(blockParser{}, 85)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100)))
}
