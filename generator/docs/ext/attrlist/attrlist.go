// Package attrlist reads attribute lists, as Python-Markdown's attr_list does
// (markdown/extensions/attr_list.py): {: #id .class key="value" } after an
// inline element, at the end of a heading, table cell, list item or definition, or on the last
// line of a paragraph. The colon may be left out.
package attrlist

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/highlight"
)

// list is an attribute list as found; the transformer puts it where it belongs.
type list struct {
	ast.BaseInline
	attributes []highlight.Attribute
	segment    text.Segment
	last       bool // nothing follows on the line
	own        bool // nothing stands before it on the line
}

var kind = ast.NewNodeKind("AttributeList")

// Kind implements ast.Node.
func (*list) Kind() ast.NodeKind { return kind }

// Dump implements ast.Node.
func (l *list) Dump(source []byte, level int) { ast.DumpHelper(l, source, level, nil, nil) }

// PlainText keeps lists out of headings' ids.
func (*list) PlainText([]byte) string { return "" }

var key = parser.NewContextKey()

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'{'} }

func (inlineParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	end := closing(line)
	if end < 2 || end > 1000 || line[1] == '{' {
		return nil
	}
	inside := strings.TrimPrefix(string(line[1:end]), ":")
	attributes := highlight.Attributes(inside)
	if len(attributes) == 0 || !valid(inside, attributes) {
		return nil
	}
	before := block.PrecendingCharacter()
	l := &list{attributes: attributes, segment: text.NewSegment(segment.Start, segment.Start+end+1),
		last: util.IsBlank(line[end+1:]), own: before == '\n'}
	if !l.last && (before == ' ' || before == '\n' || parent.LastChild() == nil) {
		return nil // follows no element
	}
	block.Advance(end + 1)
	lists, _ := pc.Get(key).([]*list)
	pc.Set(key, append(lists, l))
	return l
}

// closing returns where the list ends: at the first brace outside of quotes, or -1.
func closing(line []byte) int {
	quote := byte(0)
	for i, c := range line[:min(len(line), 1001)] {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '}':
			return i
		}
	}
	return bytes.IndexByte(line, '}') // a quote without its end is text
}

// valid reports whether every word is a class, an id or a key with a value,
// so that text in braces is left alone.
func valid(inside string, attributes []highlight.Attribute) bool {
	inside = strings.TrimSpace(inside)
	if inside == "" {
		return false
	}
	for _, a := range attributes {
		if a.Name == "" || a.Name == a.Value && !flags[a.Name] && !strings.Contains(inside, "#"+a.Value) && !strings.Contains(inside, "."+a.Value) {
			return false // a word in braces, such as {id} in a path
		}
		for i := range len(a.Name) {
			if c := a.Name[i]; !util.IsAlphaNumeric(c) && c != '-' && c != '_' && c != ':' {
				return false
			}
		}
	}
	return true
}

// flags are attributes that mean something without a value.
var flags = map[string]bool{"download": true, "open": true, "markdown": true, "reversed": true, "controls": true, "loop": true, "muted": true, "annotate": true}

// transformer moves the attributes to the nodes they belong to.
type transformer struct{}

func (transformer) Transform(_ *ast.Document, reader text.Reader, pc parser.Context) {
	lists, _ := pc.Get(key).([]*list)
	for _, l := range lists {
		parent := l.Parent()
		if parent == nil {
			continue
		}
		target := owner(l, parent, reader.Source())
		if target == nil {
			parent.ReplaceChild(parent, l, ast.NewTextSegment(l.segment))
			continue
		}
		apply(target, l.attributes)
		trim(l.PreviousSibling(), reader.Source())
		parent.RemoveChild(parent, l)
	}
}

// owner returns the node that a list is about, or nil if it is only text.
func owner(l *list, parent ast.Node, source []byte) ast.Node {
	prev := l.PreviousSibling()
	if prev != nil && prev.Kind() != ast.KindText && prev.Kind() != ast.KindString && prev.Kind() != kind {
		return prev
	}
	if !l.last || l.NextSibling() != nil && !isBlankText(l.NextSibling(), source) {
		return nil
	}
	switch parent.(type) {
	case *ast.Heading, *east.TableCell, *east.DefinitionTerm:
		return parent
	case *ast.Paragraph, *ast.TextBlock:
		if item, ok := parent.Parent().(*ast.ListItem); ok && !l.own {
			return item
		}
		if l.own || prev == nil {
			return parent
		}
	}
	return nil
}

func isBlankText(n ast.Node, source []byte) bool {
	t, ok := n.(*ast.Text)
	return ok && util.IsBlank(t.Value(source)) && t.NextSibling() == nil
}

// trim takes the white space and line end off before a removed list.
func trim(n ast.Node, source []byte) {
	if t, ok := n.(*ast.Text); ok && n.NextSibling() != nil {
		t.Segment = t.Segment.TrimRightSpace(source)
		t.SetSoftLineBreak(false)
	}
}

func apply(n ast.Node, attributes []highlight.Attribute) {
	for _, a := range attributes {
		value := []byte(a.Value)
		if a.Name == a.Value && flags[a.Name] {
			value = []byte{}
		}
		if old, ok := n.AttributeString("class"); ok && a.Name == "class" {
			if b, ok := old.([]byte); ok {
				value = append(append(append([]byte{}, b...), ' '), value...)
			}
		}
		n.SetAttributeString(a.Name, value)
	}
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithInlineParsers(util.Prioritized(inlineParser{}, 95)),
		parser.WithASTTransformers(util.Prioritized(transformer{}, 50)))
}
