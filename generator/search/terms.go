package search

import (
	"encoding/binary"
	"slices"
	"strings"
)

// termLists is a dictionary with its postings: terms in byte order, each with
// the bytes of [appendPostings].
type termLists struct {
	terms []string
	data  [][]byte
}

// encode writes the lists: the count, the dictionary (shared prefix, rest,
// length of postings), then all postings.
func (l termLists) encode(b []byte) []byte {
	size := 16
	for i, t := range l.terms {
		size += len(t) + len(l.data[i]) + 8
	}
	b = slices.Grow(b, size)
	b = binary.AppendUvarint(b, uint64(len(l.terms)))
	prev := ""
	for i, t := range l.terms {
		b = appendFront(b, prev, t)
		b = binary.AppendUvarint(b, uint64(len(l.data[i])))
		prev = t
	}
	for _, data := range l.data {
		b = append(b, data...)
	}
	return b
}

// decodeTermLists undoes [termLists.encode]. The postings' bytes share memory with b.
func decodeTermLists(b []byte) (termLists, error) {
	d := decoder{b: b}
	n := d.count()
	l := termLists{terms: make([]string, 0, n), data: make([][]byte, 0, n)}
	sizes := make([]int, 0, n)
	prev := ""
	for i := 0; i < n && d.err == nil; i++ {
		prev = d.front(prev, i == 0)
		l.terms = append(l.terms, prev)
		sizes = append(sizes, d.uint())
	}
	for _, size := range sizes {
		l.data = append(l.data, d.bytes(size))
	}
	return l, d.end()
}

// encodeLexicon writes terms alone, front-coded.
func encodeLexicon(terms []string) []byte {
	b := binary.AppendUvarint(nil, uint64(len(terms)))
	prev := ""
	for _, t := range terms {
		b = appendFront(b, prev, t)
		prev = t
	}
	return b
}

func decodeLexicon(b []byte) ([]string, error) {
	d := decoder{b: b}
	n := d.count()
	out := make([]string, 0, n)
	prev := ""
	for i := 0; i < n && d.err == nil; i++ {
		prev = d.front(prev, i == 0)
		out = append(out, prev)
	}
	return out, d.end()
}

// lexicon lists the terms in which typing mistakes are forgiven: those of
// names and titles.
func (l termLists) lexicon() []string {
	var out []string
	for i, t := range l.terms {
		if inLexicon(l.data[i]) && !strings.HasSuffix(t, keyMark) {
			out = append(out, t)
		}
	}
	return out
}
