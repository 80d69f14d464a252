package docs

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/callboard-portal/callboard/generator/docs/ext/snippets"
	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// A record is written as its fields in order: strings and lists with their
// length before them, numbers as varints. The format has no version of its
// own; [engineVersion] is part of every key.

type encoder struct{ b []byte }

func (e *encoder) int(n int) { e.b = binary.AppendUvarint(e.b, uint64(n)) }

func (e *encoder) str(ss ...string) {
	for _, s := range ss {
		e.int(len(s))
		e.b = append(e.b, s...)
	}
}

var errDamaged = errors.New("the cached page is damaged")

type decoder struct {
	s   string
	err error
}

func (d *decoder) int() int {
	n, size := uint64(0), 0
	for shift := 0; size < len(d.s) && size < 9; shift += 7 {
		c := d.s[size]
		size++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			d.s = d.s[size:]
			return int(n)
		}
	}
	d.err, d.s = errDamaged, ""
	return 0
}

func (d *decoder) str() string {
	n := d.int()
	if n < 0 || n > len(d.s) {
		d.err, d.s = errDamaged, ""
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

// count reads the length of a list, each item of which takes a byte at least.
func (d *decoder) count() int {
	n := d.int()
	if n < 0 || n > len(d.s) {
		d.err, d.s = errDamaged, ""
		return 0
	}
	return n
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// encodeRecord writes a record and the contents of its slots.
func encodeRecord(r *record, slots []string) []byte {
	e := encoder{make([]byte, 0, len(r.HTML)*2+1024)}
	meta, _ := json.Marshal(r.Meta) // a struct of strings and flags always encodes
	e.str(string(meta), r.HTML, r.Failed)
	e.int(r.FailedLine)
	e.int(len(r.Links))
	for _, l := range r.Links {
		e.str(l.Tag, l.Attr, l.URL, l.Class, l.Title)
		e.int(flag(l.Sized))
		e.int(l.Line)
		e.int(l.Column)
	}
	e.int(len(r.IDs))
	e.str(r.IDs...)
	e.int(len(r.Removed))
	for _, p := range r.Removed {
		e.str(p.What)
		e.int(p.Line)
		e.int(p.Column)
	}
	e.int(len(r.Missing))
	for _, m := range r.Missing {
		e.str(m.Name, m.Why)
		e.int(m.Line)
	}
	o := &r.Outline
	e.str(o.Title, o.TitleID)
	e.int(o.TitleStart)
	e.int(o.TitleEnd)
	e.int(flag(o.Mermaid))
	e.int(len(o.Sections))
	for _, s := range o.Sections {
		e.str(s.ID, s.Heading, s.Text, s.Code)
		e.int(s.Level)
	}
	e.int(len(slots))
	e.str(slots...)
	return e.b
}

// decodeRecord reads what encodeRecord wrote.
func decodeRecord(b []byte) (*record, []string, error) {
	d := decoder{s: string(b)}
	r := &record{}
	meta := d.str()
	if err := json.Unmarshal([]byte(meta), &r.Meta); err != nil {
		return nil, nil, errDamaged
	}
	r.HTML, r.Failed = d.str(), d.str()
	r.FailedLine = d.int()
	r.Links = make([]markdown.Link, d.count())
	for i := range r.Links {
		r.Links[i] = markdown.Link{Tag: d.str(), Attr: d.str(), URL: d.str(), Class: d.str(), Title: d.str(), Sized: d.int() != 0, Line: d.int(), Column: d.int()}
	}
	r.IDs = d.list()
	r.Removed = make([]markdown.Place, d.count())
	for i := range r.Removed {
		r.Removed[i] = markdown.Place{What: d.str(), Line: d.int(), Column: d.int()}
	}
	r.Missing = make([]snippets.Problem, d.count())
	for i := range r.Missing {
		r.Missing[i] = snippets.Problem{Name: d.str(), Why: d.str(), Line: d.int()}
	}
	o := &r.Outline
	o.Title, o.TitleID = d.str(), d.str()
	o.TitleStart, o.TitleEnd, o.Mermaid = d.int(), d.int(), d.int() == 1
	o.Sections = make([]markdown.Section, d.count())
	for i := range o.Sections {
		o.Sections[i] = markdown.Section{ID: d.str(), Heading: d.str(), Text: d.str(), Code: d.str(), Level: d.int()}
	}
	slots := d.list()
	return r, slots, d.err
}

func (d *decoder) list() []string {
	out := make([]string, d.count())
	for i := range out {
		out[i] = d.str()
	}
	return out
}
