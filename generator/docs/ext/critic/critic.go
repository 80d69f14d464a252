// Package critic shows review marks, as pymdownx.critic does in view mode:
// {++added++} {--removed--} {~~old~>new~~} {==marked==} {>>comment<<}.
package critic

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

var marks = map[string]struct{ end, tag, class string }{
	"{++": {"++}", "ins", "critic"},
	"{--": {"--}", "del", "critic"},
	"{==": {"==}", "mark", "critic"},
	"{>>": {"<<}", "span", "critic comment"},
}

// maxLength is how long a mark may be, so that unclosed ones do not each look
// through the whole line.
const maxLength = 4096

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'{'} }

func (inlineParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	line = line[:min(len(line), maxLength)]
	if len(line) < 7 {
		return nil
	}
	if bytes.HasPrefix(line, []byte("{~~")) {
		return substitution(line, segment, block)
	}
	m, ok := marks[string(line[:3])]
	if !ok {
		return nil
	}
	end := bytes.Index(line[3:], []byte(m.end))
	if end < 0 {
		return nil
	}
	block.Advance(end + 6)
	return element(m.tag, m.class, segment.Start+3, segment.Start+3+end)
}

func element(tag, class string, start, stop int) ast.Node {
	e := inline.New(tag, class)
	e.AppendChild(e, ast.NewTextSegment(text.NewSegment(start, stop)))
	return e
}

func substitution(line []byte, segment text.Segment, block text.Reader) ast.Node {
	end := bytes.Index(line, []byte("~~}"))
	arrow := bytes.Index(line, []byte("~>"))
	if end < 0 || arrow < 3 || arrow > end {
		return nil
	}
	block.Advance(end + 3)
	both := inline.New("span", "critic")
	both.AppendChild(both, element("del", "critic", segment.Start+3, segment.Start+arrow))
	both.AppendChild(both, element("ins", "critic", segment.Start+arrow+2, segment.Start+end))
	return both
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(inlineParser{}, 90)))
}
