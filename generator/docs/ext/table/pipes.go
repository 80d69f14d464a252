package table

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Pipe stands for "|" inside of code in a table while the page is parsed.
// Whoever renders pages puts the sign back, see [Restore].
const Pipe = '\x02'

// codePipes hides the pipes inside of code in tables, so that they do not end
// a cell: Python-Markdown (markdown/extensions/tables.py) lets code contain
// them, GitHub wants them escaped, which still works. It changes the source
// in place.
type codePipes struct{}

func (codePipes) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines := p.Lines()
	if lines.Len() < 2 {
		return
	}
	for i := 1; i < lines.Len(); i++ {
		delimiter := lines.At(i)
		if !isDelimiter(delimiter.Value(reader.Source())) {
			continue
		}
		for j := i - 1; j < lines.Len(); j++ {
			line := lines.At(j)
			hide(reader.Source()[line.Start:line.Stop])
		}
		return
	}
}

func isDelimiter(line []byte) bool {
	return bytes.IndexByte(line, '-') >= 0 && len(bytes.Trim(line, "|-: \t\r\n")) == 0
}

// hide replaces the pipes between matching runs of backquotes.
func hide(row []byte) {
	if bytes.IndexByte(row, '`') < 0 {
		return
	}
	for i := 0; i < len(row); i++ {
		if row[i] == '\\' {
			i++
			continue
		}
		if row[i] != '`' {
			continue
		}
		n := run(row[i:])
		end := closing(row[i+n:], n)
		if end < 0 {
			i += n - 1
			continue
		}
		code := row[i+n : i+n+end]
		for k := range code {
			if code[k] == '|' && (k == 0 || code[k-1] != '\\') {
				code[k] = Pipe
			}
		}
		i += n + end + n - 1
	}
}

func run(b []byte) int {
	n := 0
	for n < len(b) && b[n] == '`' {
		n++
	}
	return n
}

// closing returns where a run of exactly n backquotes begins, or -1.
func closing(b []byte, n int) int {
	for i := 0; i < len(b); i++ {
		if b[i] == '`' {
			k := run(b[i:])
			if k == n {
				return i
			}
			i += k - 1
		}
	}
	return -1
}

// Restore puts the pipes back into rendered HTML, in place.
func Restore(html []byte) {
	for i := bytes.IndexByte(html, Pipe); i >= 0; {
		html[i] = '|'
		next := bytes.IndexByte(html[i:], Pipe)
		if next < 0 {
			return
		}
		i += next
	}
}
