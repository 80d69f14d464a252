package search

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// walk reads every posting from bleve and numbers it by the layout. Postings
// of sections the layout does not know are left out.
func walk(ctx context.Context, rd index.IndexReader, l layout) (termLists, error) {
	ords, err := readOrds(rd, l)
	if err != nil {
		return termLists{}, err
	}
	var dicts [fieldCount]index.FieldDict
	var heads [fieldCount]string
	advance := func(f int) error {
		e, err := dicts[f].Next()
		if err != nil {
			return fmt.Errorf("read the terms of field %s: %w", fieldNames[f], err)
		}
		heads[f] = ""
		if e != nil {
			heads[f] = e.Term
		}
		return nil
	}
	for f := range dicts {
		if dicts[f], err = rd.FieldDict(fieldNames[f]); err != nil {
			return termLists{}, fmt.Errorf("read the terms of field %s: %w", fieldNames[f], err)
		}
		defer dicts[f].Close()
		if err := advance(f); err != nil {
			return termLists{}, err
		}
	}
	var out termLists
	var ps []posting
	for {
		term := ""
		for _, h := range heads {
			if h != "" && (term == "" || h < term) {
				term = h
			}
		}
		if term == "" {
			return out, nil
		}
		if err := ctx.Err(); err != nil {
			return termLists{}, err
		}
		ps = ps[:0]
		for f := range heads {
			if heads[f] != term {
				continue
			}
			if ps, err = readPostings(ctx, rd, term, f, ords, ps); err != nil {
				return termLists{}, err
			}
			if err := advance(f); err != nil {
				return termLists{}, err
			}
		}
		if ps = joinPostings(ps); len(ps) > 0 {
			out.terms = append(out.terms, strings.Clone(term))
			out.data = append(out.data, appendPostings(nil, ps))
		}
	}
}

// readOrds returns the number of every section by bleve's own number, -1 for
// sections that the layout does not have.
func readOrds(rd index.IndexReader, l layout) ([]int32, error) {
	all, err := rd.DocIDReaderAll()
	if err != nil {
		return nil, fmt.Errorf("list the indexed sections: %w", err)
	}
	defer all.Close()
	byID := make(map[string]slot, len(l.slots))
	for _, s := range l.slots {
		byID[s.ID] = s
	}
	var ords []int32
	for {
		internal, err := all.Next()
		if err != nil {
			return nil, fmt.Errorf("list the indexed sections: %w", err)
		}
		if internal == nil {
			return ords, nil
		}
		id, err := rd.ExternalID(internal)
		if err != nil {
			return nil, fmt.Errorf("list the indexed sections: %w", err)
		}
		n := int(internal.Value())
		for len(ords) <= n {
			ords = append(ords, -1)
		}
		doc, section, ok := parseSectionID(id)
		if s, known := byID[doc]; ok && known && section < s.N {
			ords[n] = int32(s.Ord + section)
		}
	}
}

func readPostings(ctx context.Context, rd index.IndexReader, term string, field int, ords []int32, ps []posting) ([]posting, error) {
	tr, err := rd.TermFieldReader(ctx, []byte(term), fieldNames[field], true, true, false)
	if err != nil {
		return nil, fmt.Errorf("read the postings of %q: %w", term, err)
	}
	defer tr.Close()
	var pre index.TermFieldDoc
	for {
		d, err := tr.Next(&pre)
		if err != nil {
			return nil, fmt.Errorf("read the postings of %q: %w", term, err)
		}
		if d == nil {
			return ps, nil
		}
		if n := int(d.ID.Value()); n < len(ords) && ords[n] >= 0 {
			p := posting{ord: int(ords[n])}
			p.set(field, int(d.Freq), int(math.Round(1/(d.Norm*d.Norm))))
			ps = append(ps, p)
		}
	}
}

// set says that the term stands freq times in a field of the given length.
func (p *posting) set(field, freq, length int) {
	p.tf[field] = uint16(min(freq, maxTF))
	switch field {
	case fieldTitle:
		p.title = uint8(min(length, 255))
	case fieldName:
		p.name = uint8(min(length, 255))
	}
}

// joinPostings sorts postings by section and makes those of one section one.
func joinPostings(ps []posting) []posting {
	byOrd := func(a, b posting) int { return cmp.Compare(a.ord, b.ord) }
	if !slices.IsSortedFunc(ps, byOrd) {
		slices.SortFunc(ps, byOrd)
	}
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && out[n-1].ord == p.ord {
			for f, tf := range p.tf {
				out[n-1].tf[f] += tf
			}
			out[n-1].title, out[n-1].name = max(out[n-1].title, p.title), max(out[n-1].name, p.name)
			continue
		}
		out = append(out, p)
	}
	return out
}

// patch makes the lists of the next export from those of the last: every
// posting moves to remap[ord] or goes where that is -1, and fresh ones come in.
func patch(old termLists, remap []int32, fresh map[string][]posting) (termLists, error) {
	added := make([]string, 0, len(fresh))
	for t := range fresh {
		added = append(added, t)
	}
	slices.Sort(added)
	out := termLists{terms: make([]string, 0, len(old.terms)), data: make([][]byte, 0, len(old.terms))}
	emit := func(term string, data []byte) {
		out.terms, out.data = append(out.terms, term), append(out.data, data)
	}
	var scratch, merged []posting
	for i, j := 0, 0; i < len(old.terms) || j < len(added); {
		if i == len(old.terms) || j < len(added) && added[j] < old.terms[i] {
			emit(added[j], appendPostings(nil, joinPostings(fresh[added[j]])))
			j++
			continue
		}
		term, data := old.terms[i], old.data[i]
		var in []posting
		if j < len(added) && added[j] == term {
			in = fresh[term]
			j++
		}
		i++
		if in == nil && unmoved(data, remap) {
			emit(term, data)
			continue
		}
		var err error
		if scratch, err = movePostings(scratch[:0], data, remap); err != nil {
			return termLists{}, fmt.Errorf("term %q: %w", term, err)
		}
		if merged = mergePostings(merged[:0], scratch, joinPostings(in)); len(merged) > 0 {
			emit(term, appendPostings(nil, merged))
		}
	}
	return out, nil
}

// unmoved reports whether every posting stays where it is. It reads the bytes
// only as far as it must, since nearly all lists are unmoved by an edit; of
// damaged bytes it says false.
func unmoved(data []byte, remap []int32) bool {
	head, i := binary.Uvarint(data)
	if i <= 0 {
		return false
	}
	ord := 0
	for n := head >> 1; n > 0; n-- {
		v, shift := 0, 0
		for {
			if i >= len(data) || shift > 28 {
				return false
			}
			c := data[i]
			i++
			v |= int(c&0x7f) << shift
			if c < 0x80 {
				break
			}
			shift += 7
		}
		ord += v >> 2
		if ord >= len(remap) || int(remap[ord]) != ord {
			return false
		}
		switch v & 3 {
		case 2:
			i++
		case 3:
			if i >= len(data) {
				return false
			}
			const lengths = 1<<fieldTitle | 1<<fieldName
			i += 1 + bits.OnesCount8(data[i]) + bits.OnesCount8(data[i]&lengths)
		}
	}
	return i == len(data)
}

// movePostings decodes postings and renumbers them.
func movePostings(dst []posting, data []byte, remap []int32) ([]posting, error) {
	ps, err := decodePostings(dst, data)
	if err != nil {
		return nil, err
	}
	out := ps[:0]
	for _, p := range ps {
		if p.ord >= len(remap) {
			return nil, fmt.Errorf("%w: it names a section that does not exist", errCorrupt)
		}
		if to := int(remap[p.ord]); to >= 0 {
			p.ord = to
			out = append(out, p)
		}
	}
	return out, nil
}

// mergePostings appends two sorted lists without common sections to dst, sorted.
func mergePostings(dst, a, b []posting) []posting {
	for len(a) > 0 && len(b) > 0 {
		if a[0].ord < b[0].ord {
			dst, a = append(dst, a[0]), a[1:]
		} else {
			dst, b = append(dst, b[0]), b[1:]
		}
	}
	return append(append(dst, a...), b...)
}
