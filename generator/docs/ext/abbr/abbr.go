// Package abbr explains abbreviations: a line *[HTML]: Hypertext Markup
// Language anywhere in the page makes an <abbr> of every HTML that stands as
// a word of its own, as Python-Markdown's abbr does.
package abbr

import (
	"bytes"
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// maxTerms is how many abbreviations a page may define.
const maxTerms = 1000

var key = parser.NewContextKey()

// definitions takes the definitions out of paragraphs.
type definitions struct{}

func (definitions) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := p.Lines()
	kept := text.NewSegments()
	for i := range lines.Len() {
		segment := lines.At(i)
		term, meaning, ok := parse(segment.Value(reader.Source()))
		if !ok {
			kept.Append(segment)
			continue
		}
		terms, _ := pc.Get(key).(map[string]string)
		if terms == nil {
			terms = map[string]string{}
			pc.Set(key, terms)
		}
		switch {
		case meaning == `""` || meaning == "''": // an earlier definition is taken back
			delete(terms, term)
		case len(terms) < maxTerms:
			terms[term] = meaning
		}
	}
	if kept.Len() == lines.Len() {
		return
	}
	if kept.Len() == 0 {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	p.SetLines(kept)
}

// parse reads "*[term]: meaning".
func parse(line []byte) (term, meaning string, ok bool) {
	line = bytes.TrimSpace(line)
	if !bytes.HasPrefix(line, []byte("*[")) {
		return "", "", false
	}
	end := bytes.Index(line, []byte("]:"))
	if end < 3 || end > 200 {
		return "", "", false
	}
	return string(bytes.TrimSpace(line[2:end])), string(bytes.TrimSpace(line[end+2:])), true
}

type transformer struct{}

func (transformer) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	terms, _ := pc.Get(key).(map[string]string)
	if len(terms) == 0 {
		return
	}
	byFirst := map[byte][]string{}
	for t := range terms {
		byFirst[t[0]] = append(byFirst[t[0]], t)
	}
	for _, ts := range byFirst { // longest first, so that the result does not depend on the order
		sort.Slice(ts, func(i, j int) bool {
			return len(ts[i]) > len(ts[j]) || len(ts[i]) == len(ts[j]) && ts[i] < ts[j]
		})
	}
	var texts []*ast.Text
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.AutoLink:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if entering && !n.IsRaw() {
				texts = append(texts, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, t := range texts {
		replace(t, reader.Source(), byFirst, terms)
	}
}

// replace cuts a text at the terms in it.
func replace(t *ast.Text, source []byte, byFirst map[byte][]string, terms map[string]string) {
	parent, value := t.Parent(), t.Segment.Value(source)
	start := t.Segment.Start - t.Segment.Padding
	done := 0
	for i := 0; i < len(value); i++ {
		term := at(value, i, byFirst)
		if term == "" {
			continue
		}
		if done < i {
			parent.InsertBefore(parent, t, ast.NewTextSegment(text.NewSegment(start+done, start+i)))
		}
		e := inline.New("abbr", "")
		if m := terms[term]; m != "" {
			e.SetAttributeString("title", []byte(m))
		}
		e.AppendChild(e, ast.NewTextSegment(text.NewSegment(start+i, start+i+len(term))))
		parent.InsertBefore(parent, t, e)
		i += len(term) - 1
		done = i + 1
	}
	if done > 0 {
		t.Segment = text.NewSegment(start+done, t.Segment.Stop)
	}
}

// at returns the term that stands at i as a word of its own.
func at(value []byte, i int, byFirst map[byte][]string) string {
	candidates := byFirst[value[i]]
	if candidates == nil {
		return ""
	}
	if before, _ := utf8.DecodeLastRune(value[:i]); i > 0 && isWord(before) {
		return ""
	}
	for _, c := range candidates {
		if len(value)-i < len(c) || string(value[i:i+len(c)]) != c {
			continue
		}
		if after, _ := utf8.DecodeRune(value[i+len(c):]); i+len(c) == len(value) || !isWord(after) {
			return c
		}
	}
	return ""
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(util.Prioritized(definitions{}, 90)),
		parser.WithASTTransformers(util.Prioritized(transformer{}, 950)))
}
