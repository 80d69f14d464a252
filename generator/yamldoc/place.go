package yamldoc

import (
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// places turns yaml.v3's positions in a chunk (lines that also end at U+0085,
// U+2028 and U+2029, columns in characters) into positions in the file (lines
// as editors count them, columns in bytes).
type places struct {
	shift int // lines before the chunk
	text  []byte
	lines []lineStart // nil for plain ASCII, where only the shift differs
}

// lineStart is where a line as yaml.v3 counts begins.
type lineStart struct {
	line   int // the file's line, relative to the chunk, from 0
	prefix int // bytes of that line before this one
	at     int // offset in the chunk
}

func newPlaces(c Chunk) *places {
	p := &places{shift: c.Line - 1, text: c.Text}
	if isASCII(c.Text) {
		return p
	}
	line, began := 0, 0
	p.lines = append(p.lines, lineStart{})
	for at := 0; at < len(c.Text); {
		r, n := utf8.DecodeRune(c.Text[at:])
		at += n
		switch r {
		case '\r':
			if at < len(c.Text) && c.Text[at] == '\n' {
				continue
			}
			line, began = line+1, at
		case '\n':
			line, began = line+1, at
		case '\u0085', '\u2028', '\u2029':
		default:
			continue
		}
		p.lines = append(p.lines, lineStart{line, at - began, at})
	}
	return p
}

// move corrects the positions of a node and everything below it. It does not
// follow aliases, so every node is moved once.
func (p *places) move(n *yaml.Node) {
	if p.lines != nil && n.Line >= 1 && n.Line <= len(p.lines) {
		s := p.lines[n.Line-1]
		rest, width := p.text[s.at:], 0
		for i := 1; i < n.Column && width < len(rest); i++ {
			_, size := utf8.DecodeRune(rest[width:])
			width += size
		}
		n.Line, n.Column = s.line+1, s.prefix+width+1
	}
	n.Line += p.shift
	for _, c := range n.Content {
		p.move(c)
	}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
