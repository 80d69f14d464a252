package search

import (
	"strings"
	"unicode/utf8"
)

// cut is a run of terms that makes one shard; lower is at most its first term
// and above every term of the run before.
type cut struct {
	lower  string
	lo, hi int
}

// minShard is the size in bytes, unpacked, at which a shard of terms is cut.
const minShard = 24 << 10

// maxTermShards is how many shards of terms there may be, roughly, before
// they grow.
const maxTermShards = 192

// partition cuts the dictionary at prefixes: a run larger than a shard is cut
// by its next character, and small neighbours are joined again. Cuts depend
// on the sizes of prefixes only, so that an edit seldom moves one.
func (l termLists) partition() []cut {
	sizes := make([]int, len(l.terms)+1) // running total
	for i, t := range l.terms {
		sizes[i+1] = sizes[i] + len(l.data[i]) + len(t)/2 + 4
	}
	limit := minShard
	for sizes[len(l.terms)]/limit > maxTermShards {
		limit *= 2
	}
	cuts := l.split(sizes, limit, cut{"", 0, len(l.terms)})
	if len(cuts) > 0 {
		cuts[0].lower = ""
	}
	return cuts
}

func (l termLists) split(sizes []int, limit int, c cut) []cut {
	if sizes[c.hi]-sizes[c.lo] <= limit || c.hi-c.lo <= 1 {
		if c.hi == c.lo {
			return nil
		}
		return []cut{c}
	}
	var out []cut
	joined := -1 // size of the last run in out while it may still take neighbours
	for lo := c.lo; lo < c.hi; {
		group := cut{nextPrefix(l.terms[lo], c.lower), lo, lo + 1}
		for group.hi < c.hi && group.lower != c.lower && strings.HasPrefix(l.terms[group.hi], group.lower) {
			group.hi++
		}
		lo = group.hi
		size := sizes[group.hi] - sizes[group.lo]
		switch {
		case size > limit:
			out, joined = append(out, l.split(sizes, limit, group)...), -1
		case joined >= 0 && joined+size <= limit:
			out[len(out)-1].hi, joined = group.hi, joined+size
		default:
			out, joined = append(out, group), size
		}
	}
	return out
}

// nextPrefix returns the prefix of term that is one character longer than
// prefix, or prefix if term ends there.
func nextPrefix(term, prefix string) string {
	if len(term) == len(prefix) {
		return prefix
	}
	_, n := utf8.DecodeRuneInString(term[len(prefix):])
	return term[:len(prefix)+n]
}
