// Package diag holds diagnostics: the mistakes Callboard found in what people
// wrote, as values. A diagnostic says what is wrong, where, how bad it is and
// how to mend it; stages collect them and never print, panic or stop because
// of one. Start with [Diagnostic] and [List].
//
// A mistake in someone's input is a diagnostic. A failure of Callboard itself,
// or of the machine, is an ordinary error.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a diagnostic is. The zero value is Info.
type Severity uint8

// The severities, from harmless to bad.
const (
	// Info is worth knowing and needs no action.
	Info Severity = iota
	// Warning means that something is probably not what its author wanted.
	Warning
	// Error means that something was left out, or shown as broken.
	Error
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "info"
	}
}

// MarshalText writes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity word.
func (s *Severity) UnmarshalText(b []byte) error {
	switch string(b) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	case "info":
		*s = Info
	default:
		return fmt.Errorf("unknown severity %q", b)
	}
	return nil
}

// Pos is a place in an input file. Line and Column count from 1 and are 0
// where unknown; columns count bytes. The zero Pos means "no place".
type Pos struct {
	// Source names the source the file came from; empty for the portal's own files.
	Source string `json:"source,omitempty"`
	// File is the slash-separated path inside the source, or the path the
	// user gave for the portal's own files.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// IsZero reports whether p names no place at all.
func (p Pos) IsZero() bool { return p == Pos{} }

// String returns "source: file:line:column", leaving out what is unknown.
func (p Pos) String() string {
	var b strings.Builder
	if p.Source != "" {
		b.WriteString(p.Source)
		if p.File != "" {
			b.WriteString(": ")
		}
	}
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	return b.String()
}

// Compare orders positions by source, file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(
		cmp.Compare(p.Source, q.Source), cmp.Compare(p.File, q.File),
		cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Diagnostic is one finding. The zero value is meaningless: Code and Message
// are always set.
type Diagnostic struct {
	// Code is the stable name of the rule, such as "ref-dangling"; users
	// script against it and `callboard explain` describes it.
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Pos      Pos      `json:"pos,omitzero"`
	// Related are further places worth showing, such as the other half of a duplicate.
	Related []Pos `json:"related,omitempty"`
	// Field is the path of the field at fault, such as "spec.owner".
	Field string `json:"field,omitempty"`
	// Entity is the canonical ref of the entity concerned, if any.
	Entity string `json:"entity,omitempty"`
	// Message says what is wrong: lower case, no full stop, values quoted.
	Message string `json:"message"`
	// Hint says how to mend it; empty where there is nothing useful to say.
	Hint string `json:"hint,omitempty"`
}

// String returns "position: severity: message [code]" on one line. The hint is not part of it.
func (d Diagnostic) String() string {
	var b strings.Builder
	if !d.Pos.IsZero() {
		b.WriteString(d.Pos.String())
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s: %s [%s]", d.Severity, d.Message, d.Code)
	return b.String()
}

// List is a collection of diagnostics. It is not safe for concurrent use;
// concurrent stages collect one each and join them.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(ds ...Diagnostic) { *l = append(*l, ds...) }

// Sort orders the list by position, then severity (worst first), code and
// message, and drops exact repeats, so that any order of work gives the same list.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			a.Pos.Compare(b.Pos), cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Message, b.Message))
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Code == b.Code && a.Severity == b.Severity && a.Pos == b.Pos &&
			a.Field == b.Field && a.Entity == b.Entity && a.Message == b.Message
	})
}

// Count returns how many diagnostics have exactly severity s.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Worst returns the highest severity in the list, and false for an empty list.
func (l List) Worst() (Severity, bool) {
	if len(l) == 0 {
		return Info, false
	}
	w := Info
	for _, d := range l {
		w = max(w, d.Severity)
	}
	return w, true
}

// Rule describes one diagnostic code. Each stage lists its rules in a file
// rules.go; together they are what `callboard explain` and the manual's
// reference of codes are made of.
type Rule struct {
	// Code is the stable name, such as "ref-dangling".
	Code string `json:"code"`
	// Severity is the usual severity.
	Severity Severity `json:"severity"`
	// Summary is one line: what the code means.
	Summary string `json:"summary"`
	// Explain is a paragraph or two of Markdown: why it matters, what
	// Callboard did instead, and how to mend it, with an example.
	Explain string `json:"explain"`
}
