// Package smartsymbols writes symbols for what people type instead, as
// pymdownx.smartsymbols does: (c) (r) (tm) +/- --> <-- <--> ==> =/= 1/2 1st.
package smartsymbols

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// symbols by first character, longest first.
var symbols = map[byte][][2]string{
	'(': {{"(tm)", "™"}, {"(c)", "©"}, {"(r)", "®"}},
	'+': {{"+/-", "±"}},
	'-': {{"-->", "→"}},
	'<': {{"<-->", "↔"}, {"<--", "←"}, {"<==>", "⇔"}, {"<==", "⇐"}},
	'=': {{"==>", "⇒"}, {"=/=", "≠"}},
}

var fractions = map[string]string{
	"1/4": "¼", "1/2": "½", "3/4": "¾", "1/3": "⅓", "2/3": "⅔", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘",
	"1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
}

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'(', '+', '-', '<', '=', ' '} }

func (inlineParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	c := line[0]
	if c == ' ' || c >= '0' && c <= '9' {
		return number(parent, line, segment, block)
	}
	for _, s := range symbols[c] {
		if len(line) >= len(s[0]) && bytes.EqualFold(line[:len(s[0])], []byte(s[0])) {
			block.Advance(len(s[0]))
			return symbol(s[1])
		}
	}
	return nil
}

func symbol(s string) ast.Node {
	n := ast.NewString([]byte(s))
	n.SetCode(true)
	return n
}

// number reads a fraction or an ordinal after a space or at the head of a line.
func number(parent ast.Node, line []byte, segment text.Segment, block text.Reader) ast.Node {
	i := 0
	if line[0] == ' ' {
		i = 1
	}
	j := i
	for j < len(line) && j < i+6 && line[j] >= '0' && line[j] <= '9' {
		j++
	}
	if j == i || j+1 >= len(line) || i == 0 && block.LineOffset() > 0 && isWord(byte(block.PrecendingCharacter())) {
		return nil
	}
	if line[j] == '/' && j == i+1 && j+1 < len(line) && (j+2 == len(line) || !isWord(line[j+2]) && line[j+2] != '/' && line[j+2] != '.') {
		if f, ok := fractions[string(line[i:j+2])]; ok {
			return put(parent, segment, i, block, j+2, symbol(f))
		}
		return nil
	}
	if j+2 > len(line) || j+2 < len(line) && isWord(line[j+2]) || !isOrdinal(string(line[i:j]), string(line[j:j+2])) {
		return nil
	}
	sup := inline.New("sup", "")
	inline.Text(sup, string(line[j:j+2]))
	parent.AppendChild(parent, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+j)))
	block.Advance(j + 2)
	return sup
}

// put returns n after the space that the parser was called for.
func put(parent ast.Node, segment text.Segment, spaces int, block text.Reader, length int, n ast.Node) ast.Node {
	if spaces > 0 {
		parent.AppendChild(parent, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+spaces)))
	}
	block.Advance(length)
	return n
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// isOrdinal reports whether the suffix is the number's.
func isOrdinal(number, suffix string) bool {
	want := "th"
	if !strings.HasSuffix("0"+number, "11") && !strings.HasSuffix("0"+number, "12") && !strings.HasSuffix("0"+number, "13") {
		switch number[len(number)-1] {
		case '1':
			want = "st"
		case '2':
			want = "nd"
		case '3':
			want = "rd"
		}
	}
	return suffix == want
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(inlineParser{}, 440)))
}
