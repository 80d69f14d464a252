package highlight

import (
	"strings"
)

// The languages that most code blocks are in are read by hand: chroma's lexers
// are regular expressions that take four times as long as everything else a
// page needs, and longer on hostile input. These take time in proportion to
// the code, whatever it is. They know comments, strings, numbers, keywords
// and names of functions; what no style colors (operators, plain names) gets
// no class at all. Every other language goes to chroma.

// emitter takes the code piece by piece. Class is "" for plain text.
type emitter func(class, text string)

// scanner reads one language.
type scanner func(code string, emit emitter)

// grammar describes a language of the common kind.
type grammar struct {
	line      []string          // what begins a comment up to the end of the line
	block     [2]string         // what begins and ends a comment
	quotes    string            // characters around strings with backslashes
	raw       string            // characters around strings without, which may span lines
	triple    bool              // quotes may be tripled (Python)
	words     map[string]string // classes of words
	decorator byte              // begins an annotation, 0 for none
	variable  byte              // begins a variable, 0 for none
	keys      bool              // a string or word before ":" or "=" is a key
	extra     string            // further characters of words
	fold      bool              // words in any case
}

func words(classes ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(classes); i += 2 {
		for _, w := range strings.Fields(classes[i+1]) {
			m[w] = classes[i]
		}
	}
	return m
}

func (g *grammar) scan(code string, emit emitter) {
	plain := 0 // where the plain text that was not emitted yet begins
	put := func(class string, i, j int) {
		if i > plain {
			emit("", code[plain:i])
		}
		emit(class, code[i:j])
		plain = j
	}
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			i++
		case g.comment(code, i) > 0:
			j := g.comment(code, i)
			put("c1", i, j)
			i = j
		case strings.IndexByte(g.quotes, c) >= 0 || strings.IndexByte(g.raw, c) >= 0 && g.raw != "":
			j := g.str(code, i)
			class := "s"
			if g.keys && follows(code, j, ':') {
				class = "nt"
			}
			put(class, i, j)
			i = j
		case isDigit(c):
			j := number(code, i)
			put("mi", i, j)
			i = j
		case g.isWord(c):
			j := i
			for j < len(code) && (g.isWord(code[j]) || isDigit(code[j])) {
				j++
			}
			if class := g.word(code, i, j); class != "" {
				put(class, i, j)
			}
			i = j
		case g.decorator != 0 && c == g.decorator || g.variable != 0 && c == g.variable:
			j := i + 1
			for j < len(code) && (g.isWord(code[j]) || isDigit(code[j]) || code[j] == '.') {
				j++
			}
			if j > i+1 {
				class := "nv"
				if c == g.decorator {
					class = "nd"
				}
				put(class, i, j)
			}
			i = j
		default:
			i++
		}
	}
	if plain < len(code) {
		emit("", code[plain:])
	}
}

func (g *grammar) isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || g.extra != "" && strings.IndexByte(g.extra, c) >= 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// word returns the class of a word.
func (g *grammar) word(code string, i, j int) string {
	w := code[i:j]
	if g.fold {
		w = strings.ToLower(w)
	}
	if class, ok := g.words[w]; ok {
		return class
	}
	switch {
	case g.keys && (follows(code, j, ':') || follows(code, j, '=')):
		return "nt"
	case j < len(code) && code[j] == '(':
		return "nf"
	}
	return ""
}

// follows reports whether c is the next character but for spaces.
func follows(code string, i int, c byte) bool {
	for i < len(code) && code[i] == ' ' {
		i++
	}
	return i < len(code) && code[i] == c
}

// comment returns the end of the comment that begins at i, or 0.
func (g *grammar) comment(code string, i int) int {
	for _, l := range g.line {
		if strings.HasPrefix(code[i:], l) {
			return lineEnd(code, i)
		}
	}
	if b := g.block[0]; b != "" && strings.HasPrefix(code[i:], b) {
		end := strings.Index(code[i+len(b):], g.block[1])
		if end < 0 {
			return len(code)
		}
		return i + len(b) + end + len(g.block[1])
	}
	return 0
}

func lineEnd(code string, i int) int {
	if end := strings.IndexByte(code[i:], '\n'); end >= 0 {
		return i + end
	}
	return len(code)
}

// str returns the end of the string that begins at i. One without an end
// stops at the line's.
func (g *grammar) str(code string, i int) int {
	q := code[i]
	if strings.IndexByte(g.raw, q) >= 0 {
		if end := strings.IndexByte(code[i+1:], q); end >= 0 {
			return i + end + 2
		}
		return len(code)
	}
	if g.triple && strings.HasPrefix(code[i:], strings.Repeat(string(q), 3)) {
		if end := strings.Index(code[i+3:], strings.Repeat(string(q), 3)); end >= 0 {
			return i + end + 6
		}
		return len(code)
	}
	return quoted(code, i)
}

func quoted(code string, i int) int {
	q := code[i]
	for i++; i < len(code); i++ {
		switch code[i] {
		case '\\':
			i++
		case q:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(code)
}

func number(code string, i int) int {
	for i < len(code) && (isDigit(code[i]) || code[i] == '.' || code[i] == '_' || code[i] >= 'a' && code[i] <= 'z' || code[i] >= 'A' && code[i] <= 'Z') {
		i++
	}
	return i
}
