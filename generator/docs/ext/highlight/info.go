package highlight

import (
	"strconv"
	"strings"
)

// Block is the head of a fenced code block.
type Block struct {
	Language string
	Title    string
	ID       string
	Classes  []string
	Lines    map[int]bool // highlighted lines, from 1
	LineNums int          // number of the first line, 0 for no numbers
	Known    bool         // false for options that could not be read
}

// ParseInfo reads the info string of a fence.
func ParseInfo(info string) Block {
	b := Block{Known: true}
	info = strings.TrimSpace(info)
	if i := strings.IndexAny(info, "{ \t"); i != 0 {
		if i < 0 {
			i = len(info)
		}
		b.Language, info = info[:i], strings.TrimSpace(info[i:])
	}
	if strings.HasPrefix(info, "{") {
		info = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(info, "{"), ":"), "}")
	}
	for _, a := range Attributes(info) {
		b.set(a.Name, a.Value)
	}
	b.Language = strings.TrimPrefix(b.Language, ".")
	return b
}

func (b *Block) set(name, value string) {
	switch name {
	case "class":
		if b.Language == "" {
			b.Language = value
		} else {
			b.Classes = append(b.Classes, value)
		}
	case "id":
		b.ID = value
	case "title":
		b.Title = value
	case "hl_lines":
		b.Lines = parseLines(value)
	case "linenums", "linenostart":
		if n, err := strconv.Atoi(strings.Fields(value + " 1")[0]); err == nil && n > 0 && n < 1e6 {
			b.LineNums = n
		}
	default:
		b.Known = false
	}
}

// parseLines reads "1 3-4"; at most 1,000 lines.
func parseLines(s string) map[int]bool {
	m := map[int]bool{}
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		from, to, isRange := strings.Cut(f, "-")
		a, err := strconv.Atoi(from)
		if err != nil || a < 1 {
			continue
		}
		z := a
		if isRange {
			if z, err = strconv.Atoi(to); err != nil {
				continue
			}
		}
		for i := a; i <= z && len(m) < 1000; i++ {
			m[i] = true
		}
	}
	return m
}

// Attribute is a name and a value; "#x" and ".x" are id and class.
type Attribute struct{ Name, Value string }

// Attributes reads a list such as `.class #id key="value" key2=value flag`.
func Attributes(s string) []Attribute {
	var out []Attribute
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		end := strings.IndexAny(s, " \t=")
		if end < 0 {
			end = len(s)
		}
		name := s[:end]
		s = s[end:]
		switch {
		case !strings.HasPrefix(s, "="):
			switch {
			case strings.HasPrefix(name, "."):
				out = append(out, Attribute{"class", name[1:]})
			case strings.HasPrefix(name, "#"):
				out = append(out, Attribute{"id", name[1:]})
			default:
				out = append(out, Attribute{name, name})
			}
		default:
			var value string
			value, s = attributeValue(s[1:])
			out = append(out, Attribute{name, value})
		}
	}
	return out
}

func attributeValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1], s[end+2:]
		}
	}
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}
