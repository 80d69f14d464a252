package markdown

import (
	"bytes"
	"fmt"
)

// The limits of one page.
const (
	// MaxSource is the length of a page's source, in bytes.
	MaxSource = 512 << 10
	// MaxOutput is the length of its HTML before sanitising, in bytes.
	MaxOutput = 4 << 20
	// MaxNesting is how deep block quotes and lists may be nested.
	MaxNesting = 50
	// MaxFootnotes is how many footnotes a page may define.
	MaxFootnotes = 2000
	// MaxCells is how many cells a table may have.
	MaxCells = 50_000
	// MaxRun is how many of the same delimiter may follow one another.
	MaxRun = 2000
)

// LimitError says which limit a page exceeds.
type LimitError struct {
	// What is exceeded, such as "the page's size".
	What string
	// Line and Column are the place, from 1, or 0.
	Line, Column int
}

// Error says what is too much.
func (e *LimitError) Error() string { return e.What }

// Check returns a [*LimitError] for a source that is not worth parsing: too
// long, too deeply nested, or full of delimiters that nothing but an attack,
// or a broken generator, writes. It takes time in proportion to the length.
func Check(source []byte) error {
	if len(source) > MaxSource {
		return &LimitError{What: fmt.Sprintf("the page has %d KiB, more than the %d KiB a page may have", len(source)>>10, MaxSource>>10)}
	}
	line, footnotes, columns, rows := 0, 0, 0, 0
	for rest := source; len(rest) > 0; {
		var l []byte
		line++
		l, rest = cutLine(rest)
		if bytes.HasPrefix(bytes.TrimLeft(l, " "), []byte("[^")) {
			if footnotes++; footnotes > MaxFootnotes {
				return &LimitError{fmt.Sprintf("the page has more than %d footnotes", MaxFootnotes), line, 1}
			}
		}
		switch n := bytes.Count(l, []byte("|")); {
		case columns > 0 && len(bytes.TrimSpace(l)) > 0:
			if rows++; columns*rows > MaxCells {
				return &LimitError{fmt.Sprintf("a table has more than %d cells", MaxCells), line, 1}
			}
		case n > 20 && isDelimiterRow(l):
			columns, rows = n+1, 0
		default:
			columns = 0
		}
		if depth := quoteDepth(l); depth > MaxNesting {
			return &LimitError{fmt.Sprintf("block quotes or lists are nested %d deep, more than %d", depth, MaxNesting), line, 1}
		}
		if column := longRun(l); column > 0 {
			return &LimitError{fmt.Sprintf("the character %q is repeated more than %d times", l[column-1], MaxRun), line, column}
		}
	}
	return nil
}

// isDelimiterRow reports whether a line is the second of a table.
func isDelimiterRow(line []byte) bool {
	for _, c := range line {
		switch c {
		case '|', '-', ':', ' ', '\t', '>':
		default:
			return false
		}
	}
	return true
}

func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}

// quoteDepth counts the block quote and list markers that a line begins with.
func quoteDepth(line []byte) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case ' ', '\t':
		case '>':
			n++
		case '-', '+', '*':
			if i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '\t' {
				return n
			}
			n++
		default:
			if c < '0' || c > '9' {
				return n
			}
			j := i
			for j < len(line) && j < i+9 && line[j] >= '0' && line[j] <= '9' {
				j++
			}
			if j+1 >= len(line) || line[j] != '.' && line[j] != ')' || line[j+1] != ' ' {
				return n
			}
			n++
			i = j
		}
	}
	return n
}

// longRun returns the column of a run of one delimiter that is too long, or 0.
func longRun(line []byte) int {
	for i := 0; i < len(line); {
		j := i + 1
		for j < len(line) && line[j] == line[i] {
			j++
		}
		if j-i > MaxRun && bytes.IndexByte([]byte("*_~^=`[]()<>!&:{}\\|+#\"'"), line[i]) >= 0 {
			return i + 1
		}
		i = j
	}
	return 0
}

// limited is a buffer that refuses to grow beyond a limit.
type limited struct {
	*bytes.Buffer
	limit int
}

func (l *limited) full(n int) error {
	if l.Len()+n > l.limit {
		return &LimitError{What: fmt.Sprintf("the rendered page has more than %d MiB", l.limit>>20)}
	}
	return nil
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if err := l.full(len(p)); err != nil {
		return 0, err
	}
	return l.Buffer.Write(p)
}

// Available, Buffered and Flush make it a util.BufWriter.
func (l *limited) Available() int { return l.limit - l.Len() }

// Buffered implements util.BufWriter.
func (l *limited) Buffered() int { return 0 }

// Flush implements util.BufWriter; it reports an overflow of the write methods
// whose errors the renderers ignore.
func (l *limited) Flush() error { return l.full(0) }

// maxScore is where a page becomes suspicious: an estimate, in units of about
// 20 nanoseconds, of what the parser's known super-linear paths may cost.
const maxScore = 20_000_000

// Suspicious reports whether a page is worth rendering where it can be killed.
// goldmark takes time in proportion to a page's length except for what is
// counted here (measured by the tests over pathological inputs): unclosed link
// targets and link definitions cost the square of their number in a block,
// bare addresses their number times the length of their line.
func Suspicious(source []byte) bool {
	score, targets, definitions := 0, 0, 0
	for rest := source; len(rest) > 0 && score <= maxScore; {
		var line []byte
		line, rest = cutLine(rest)
		if len(bytes.TrimSpace(line)) == 0 {
			score += targets*targets + definitions*definitions/40
			targets, definitions = 0, 0
			continue
		}
		if depth := (len(line) - len(bytes.TrimLeft(line, " "))) / 2; depth > MaxNesting {
			score += depth * depth
		}
		if bytes.IndexByte(line, '[') >= 0 {
			targets += bytes.Count(line, []byte("]("))
			definitions += bytes.Count(line, []byte("]:"))
		}
		if len(line) > 4096 {
			links := bytes.Count(line, []byte(":/")) + bytes.Count(line, []byte("www.")) + bytes.Count(line, []byte("@"))
			score += links * len(line) / 20
		}
	}
	return score+targets*targets+definitions*definitions/40 > maxScore
}
