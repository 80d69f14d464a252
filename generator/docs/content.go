package docs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"strings"

	"github.com/callboard-portal/callboard/generator/docs/markdown"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// compose makes a page's content from its record and the contents of its slots.
func compose(title string, r *record, slots []string, m macros) *Content {
	if r.Failed != "" {
		return &Content{HTML: failureCard(r.Failed)}
	}
	c := &Content{Mermaid: r.Outline.Mermaid}
	o := &r.Outline
	source := r.HTML
	if o.TitleEnd > 0 && o.Title == title {
		// The theme shows the title; links inside the heading go with it.
		for range strings.Count(source[:o.TitleEnd], string(rune(sanitize.Slot))) {
			slots = slots[1:]
		}
		source = strings.TrimLeft(source[o.TitleEnd:], "\n")
		c.TitleID = o.TitleID
	}
	c.HasH1 = o.TitleEnd > 0 && c.TitleID == ""
	c.HTML = m.apply(fill(source, slots))
	c.TOC = tableOfContents(o.Sections)
	c.Sections = sections(title, o)
	return c
}

// fill puts the contents of slots in their places.
func fill(source string, slots []string) string {
	var b strings.Builder
	n := len(source)
	for _, s := range slots {
		n += len(s)
	}
	b.Grow(n)
	for _, s := range slots {
		before, after, ok := strings.Cut(source, string(rune(sanitize.Slot)))
		if !ok {
			break
		}
		b.WriteString(before)
		b.WriteString(s)
		source = after
	}
	b.WriteString(source)
	return b.String()
}

func failureCard(why string) string {
	return `<div class="card failed" role="note"><p><strong>This page could not be shown.</strong></p><p>` + html.EscapeString(capital(why)) + ".</p></div>\n"
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// tableOfContents nests the headings below h1.
func tableOfContents(sections []markdown.Section) []Heading {
	i := 0
	var nest func(level int) []Heading
	nest = func(level int) []Heading {
		var out []Heading
		for ; i < len(sections); i++ {
			s := sections[i]
			switch {
			case s.Level < 2 || s.ID == "":
			case s.Level < level:
				return out
			case s.Level > level && len(out) > 0:
				out[len(out)-1].Children = nest(s.Level)
				i--
			default:
				out = append(out, Heading{ID: s.ID, Text: s.Heading, Level: s.Level})
			}
		}
		return out
	}
	return nest(2)
}

// sections returns the page's text for search. What stands before the first
// heading, and below a first h1, is the section of the page itself.
func sections(title string, o *markdown.Outline) []Section {
	first := Section{Heading: title}
	rest := o.Sections
	join := func(s markdown.Section) {
		first.Text = strings.TrimSpace(first.Text + " " + s.Text)
		first.Code = strings.TrimSpace(first.Code + "\n" + s.Code)
	}
	if len(rest) > 0 && rest[0].Level == 0 {
		join(rest[0])
		rest = rest[1:]
	}
	if len(rest) > 0 && rest[0].Level == 1 && rest[0].Heading == o.Title {
		join(rest[0])
		rest = rest[1:]
	}
	out := []Section{first}
	for _, s := range rest {
		out = append(out, Section{ID: s.ID, Heading: s.Heading, Text: s.Text, Code: s.Code})
	}
	return out
}

// hash identifies a content: equal hashes mean equal contents.
func (c *Content) hash() string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(c) // a struct of strings and numbers always encodes
	return hex.EncodeToString(h.Sum(nil)[:16])
}
