package search

import (
	"encoding/binary"
	"slices"
)

// posting says how often a term stands in each field of one section, and how
// long title and name are where it stands in them, at most 255 terms. The
// text's length is apart, in the lengths shards, since it changes often.
type posting struct {
	ord         int
	tf          [fieldCount]uint16
	title, name uint8
}

// maxTF caps a term's frequency in a field; above it nothing changes any more.
const maxTF = 255

// appendPostings encodes postings in ascending order of ord. The first
// number is twice their count, plus one if the term stands in a name or
// title and so belongs to the lexicon.
func appendPostings(b []byte, ps []posting) []byte {
	lex := uint64(0)
	for i := range ps {
		if ps[i].tf[fieldName] > 0 || ps[i].tf[fieldTitle] > 0 {
			lex = 1
			break
		}
	}
	b = binary.AppendUvarint(b, uint64(len(ps))<<1|lex)
	last := 0
	for i := range ps {
		p := &ps[i]
		delta := uint64(p.ord-last) << 2
		last = p.ord
		mask := p.mask()
		switch text := p.tf[fieldText]; {
		case mask == 1<<fieldText && text == 1:
			b = binary.AppendUvarint(b, delta)
		case mask == 1<<fieldText && text == 2:
			b = binary.AppendUvarint(b, delta|1)
		case mask == 1<<fieldText:
			b = append(binary.AppendUvarint(b, delta|2), byte(text))
		default:
			b = append(binary.AppendUvarint(b, delta|3), mask)
			for _, tf := range p.tf {
				if tf > 0 {
					b = append(b, byte(tf))
				}
			}
			if p.tf[fieldTitle] > 0 {
				b = append(b, p.title)
			}
			if p.tf[fieldName] > 0 {
				b = append(b, p.name)
			}
		}
	}
	return b
}

func (p *posting) mask() byte {
	var m byte
	for f, tf := range p.tf {
		if tf > 0 {
			m |= 1 << f
		}
	}
	return m
}

// decodePostings undoes [appendPostings], appending to dst.
func decodePostings(dst []posting, data []byte) ([]posting, error) {
	d := decoder{b: data}
	n := d.uint() >> 1
	if n > len(d.b) {
		d.fail("a count is larger than the file")
	}
	dst = slices.Grow(dst, min(n, len(d.b)))
	ord := 0
	for i := 0; i < n && d.err == nil; i++ {
		v := d.uint()
		if i > 0 && v>>2 == 0 {
			d.fail("postings are out of order")
			break
		}
		ord += v >> 2
		p := posting{ord: ord}
		switch v & 3 {
		case 0:
			p.tf[fieldText] = 1
		case 1:
			p.tf[fieldText] = 2
		case 2:
			p.tf[fieldText] = uint16(d.byte())
		case 3:
			mask := d.byte()
			if mask == 0 || mask >= 1<<fieldCount {
				d.fail("a posting names no known field")
			}
			for f := range p.tf {
				if mask&(1<<f) != 0 {
					p.tf[f] = uint16(d.byte())
				}
			}
			if mask&(1<<fieldTitle) != 0 {
				p.title = d.byte()
			}
			if mask&(1<<fieldName) != 0 {
				p.name = d.byte()
			}
		}
		dst = append(dst, p)
	}
	return dst, d.end()
}

// inLexicon reports the flag of encoded postings.
func inLexicon(data []byte) bool { return len(data) > 0 && data[0]&1 != 0 }
