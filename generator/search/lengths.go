package search

import (
	"encoding/json"
	"fmt"
)

// columns of the lengths shards, each a byte for every section.
const (
	columnText = iota // quantised number of words
	columnKind        // index into kinds; kindStart is added for a document's first section
	columnCount
)

const kindStart = 0x80

type columns [columnCount][]byte

func newColumns(n int) columns {
	var c columns
	for i := range c {
		c[i] = make([]byte, n)
	}
	return c
}

// exportLengths writes the lengths, kept apart from postings so that a longer
// section changes no posting.
func (x *Index) exportLengths(w *fileWriter, ptr *pointer, p *plan, old *ledger, next layout) error {
	var was columns
	if len(p.old) > 0 {
		var err error
		if was, err = x.oldColumns(old); err != nil {
			return err
		}
	}
	now := newColumns(next.blocks() << next.bits)
	for _, s := range next.slots {
		f := p.fresh[s.ID]
		for i := range s.N {
			if f == nil {
				for c := range now {
					now[c][s.Ord+i] = was[c][p.old[s.ID].Ord+i]
				}
				continue
			}
			now[columnText][s.Ord+i] = quantise(f.lengths[i][fieldText])
			now[columnKind][s.Ord+i] = kindIndex(f.stored.Kind)
			if i == 0 {
				now[columnKind][s.Ord+i] |= kindStart
			}
		}
		ptr.Sections += s.N
	}
	for _, q := range now[columnText] {
		if q > 0 {
			ptr.Text[0] += lengthSteps[q]
			ptr.Text[1]++
		}
	}
	for lo := 0; lo < len(now[0]); lo += 1 << lengthsBits {
		hi := min(lo+1<<lengthsBits, len(now[0]))
		var b []byte
		for _, c := range now {
			b = append(b, c[lo:hi]...)
		}
		ptr.Lengths = append(ptr.Lengths, w.add(shardLengths, b))
	}
	return nil
}

func (x *Index) oldColumns(old *ledger) (columns, error) {
	var ptr pointer
	if err := json.Unmarshal(old.pointer, &ptr); err != nil {
		return columns{}, fmt.Errorf("read the last export: %w", err)
	}
	r := &Reader{open: x.readFile, ptr: ptr}
	return r.columns()
}
