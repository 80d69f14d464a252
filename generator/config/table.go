package config

import "github.com/callboard-portal/callboard/generator/diag"

// section is a mapping of the file: its fields, bound to the struct that
// receives them. The list is the one description of the section: the decoder,
// the hints for unknown keys and the JSON Schema are all made from it.
type section interface {
	fields() []field
}

// field is one key of a section.
type field struct {
	key string
	doc string
	// to receives the value: *string, *bool, *int, *Secret, *Patterns,
	// *time.Duration, *Size, *Depth, *KindSchema, a section or a list.
	to any
	// enum lists the words allowed in a string; empty means any.
	enum []string
	// pattern names the form of a string; the zero value means any.
	pattern *pattern
	// required says that a section without the key is a mistake.
	required bool
	// later marks a key of a later version: accepted, reported, not used.
	later bool
}

// located is a section that wants to know where it stands.
type located interface{ setPos(diag.Pos) }

// list receives a YAML sequence of sections.
type list interface {
	// add appends an element and returns it for decoding.
	add() section
	// element returns a fresh element with its defaults, for the schema.
	element() section
}

// Patterns is a list of strings; in the file a single string may stand for a
// list of one.
type Patterns []string

// sections is the list of T behind a *[]T, each begun by fresh.
type sections[T any, P interface {
	*T
	section
}] struct {
	into  *[]T
	fresh func() T
}

func (s sections[T, P]) add() section {
	*s.into = append(*s.into, s.fresh())
	return P(&(*s.into)[len(*s.into)-1])
}

func (s sections[T, P]) element() section {
	v := s.fresh()
	return P(&v)
}

// listOf returns a list over into whose elements begin as zero values.
func listOf[T any, P interface {
	*T
	section
}](into *[]T) list {
	return sections[T, P]{into, func() T { var v T; return v }}
}

// optional receives a section whose presence matters: *into stays nil
// when the key is absent.
type optional interface {
	begin() section
	element() section
}

type pointer[T any, P interface {
	*T
	section
}] struct {
	into  **T
	fresh func() T
}

func (p pointer[T, P]) begin() section {
	v := p.fresh()
	*p.into = &v
	return P(*p.into)
}

func (p pointer[T, P]) element() section {
	v := p.fresh()
	return P(&v)
}

// Size is a number of bytes, written as "200MB" or "64KiB".
type Size int64

// Depth is how many commits of history are wanted, written as "none", "full"
// or a number.
type Depth int

// The special depths.
const (
	// NoHistory fetches the newest commit only.
	NoHistory Depth = 0
	// FullHistory fetches everything.
	FullHistory Depth = -1
	// DefaultHistory is what a source gets that says nothing.
	DefaultHistory Depth = 300
)
