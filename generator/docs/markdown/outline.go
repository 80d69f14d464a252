package markdown

import (
	"html"
	"strings"
)

// Outline is the text of a page: its headings and what is below them.
type Outline struct {
	// Title is the text of the first h1, and TitleID its anchor. TitleStart
	// and TitleEnd are its place in the HTML if it is the first thing on the
	// page, else both 0.
	Title, TitleID       string
	TitleStart, TitleEnd int
	Sections             []Section
	Mermaid              bool
}

// Section is a heading with the text up to the next one.
type Section struct {
	// ID, Level and Heading are of the heading; zero for text before any.
	ID      string
	Level   int
	Heading string
	// Text is the prose, white space collapsed; Code the code.
	Text, Code string
}

// outliner walks HTML of the form that package sanitize writes: every tag is
// "<name attr="value">", ">" never occurs in a value, text has no bare "<".
type outliner struct {
	Outline
	text, code strings.Builder
	heading    strings.Builder
	level      int // of the heading being read, 0 outside
	pre, skip  int // depth
	sawText    bool
}

func outline(src string) Outline {
	o := outliner{}
	o.Sections = []Section{{}}
	for i := 0; i < len(src); {
		if src[i] != '<' {
			end := strings.IndexByte(src[i:], '<')
			if end < 0 {
				end = len(src) - i
			}
			o.write(src[i : i+end])
			i += end
			continue
		}
		end := strings.IndexByte(src[i:], '>')
		if end < 0 {
			break
		}
		o.tag(src[i+1:i+end], i, i+end+1)
		i += end + 1
	}
	o.finish()
	return o.Outline
}

func (o *outliner) write(s string) {
	if o.skip > 0 {
		return
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	switch {
	case o.level > 0:
		o.heading.WriteString(s)
	case o.pre > 0:
		o.code.WriteString(s)
	default:
		o.sawText = o.sawText || strings.TrimSpace(s) != ""
		o.text.WriteString(s)
	}
}

func (o *outliner) tag(t string, start, end int) {
	name, rest, _ := strings.Cut(t, " ")
	if name[0] == '/' {
		o.endTag(name[1:], end)
		return
	}
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		o.finish()
		o.level = int(name[1] - '0')
		o.Sections = append(o.Sections, Section{ID: attr(rest, "id"), Level: o.level})
		if o.level == 1 && o.Title == "" && !o.sawText {
			o.TitleStart = start
		}
	case "pre":
		o.pre++
		if attr(rest, "class") == "mermaid" {
			o.Mermaid = true
		}
		o.code.WriteByte('\n')
	case "a":
		if o.skip > 0 || strings.Contains(rest, `class="headerlink"`) || strings.Contains(rest, `class="footnote-`) {
			o.skip++
		}
	case "br", "p", "div", "li", "td", "th", "tr", "dt", "dd", "img", "label", "summary":
		o.text.WriteByte(' ')
	}
}

func (o *outliner) endTag(name string, end int) {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		if o.level == 0 {
			return
		}
		s := &o.Sections[len(o.Sections)-1]
		s.Heading = collapse(o.heading.String())
		o.heading.Reset()
		if o.level == 1 && o.Title == "" {
			o.Title, o.TitleID = s.Heading, s.ID
			if !o.sawText {
				o.TitleEnd = end
			}
		}
		o.level, o.sawText = 0, true
	case "pre":
		o.pre = max(o.pre-1, 0)
		o.code.WriteByte('\n')
	case "a":
		o.skip = max(o.skip-1, 0)
	}
}

// finish closes the section being read.
func (o *outliner) finish() {
	s := &o.Sections[len(o.Sections)-1]
	s.Text, s.Code = collapse(o.text.String()), strings.TrimSpace(o.code.String())
	o.text.Reset()
	o.code.Reset()
}

func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// attr returns an attribute's value from the inside of a tag.
func attr(tag, name string) string {
	i := strings.Index(" "+tag, " "+name+`="`)
	if i < 0 {
		return ""
	}
	v := tag[i+len(name)+2:]
	if end := strings.IndexByte(v, '"'); end >= 0 {
		v = v[:end]
	}
	return html.UnescapeString(v)
}
