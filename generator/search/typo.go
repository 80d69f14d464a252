package search

import (
	"slices"
	"unicode/utf8"
)

// few is how many documents with all words, or with one word, are few enough
// to ask whether a word was meant otherwise.
const few = 2

// satisfied reports whether the words as typed find enough: a whole name, or
// more than a few documents with all of them.
func (q *query) satisfied(hits []hit, names map[int]float64) bool {
	for _, bonus := range names {
		if bonus == q.w.Exact {
			return true
		}
	}
	return len(hits) > few && hits[few].tier == 0
}

// forgive looks for words one or two typing mistakes away from all words, or
// from those that hardly occur.
func (q *query) forgive(all bool) error {
	if !slices.ContainsFunc(q.words, func(w *queryWord) bool { return w.forgivable(all) }) {
		return nil
	}
	lexicon, err := q.r.words()
	if err != nil {
		return err
	}
	for _, w := range q.words {
		if !w.forgivable(all) {
			continue
		}
		allowed := mistakes(w.word)
		var near []variant
		for _, t := range lexicon {
			if slices.ContainsFunc(w.variants, func(v variant) bool { return v.term == t }) {
				continue
			}
			d := distance(w.word, t, allowed)
			if w.stem != w.word {
				d = min(d, distance(w.stem, t, allowed))
			}
			if d > 0 && d <= allowed {
				near = append(near, variant{t, q.w.Typo[d-1]})
			}
		}
		if w.typos, err = q.frequencies(near); err != nil {
			return err
		}
	}
	return nil
}

func (w *queryWord) forgivable(all bool) bool {
	return w.required && !w.must && mistakes(w.word) > 0 && (all || len(w.found) <= few)
}

// mistakes is how many typing mistakes are forgiven in a word.
func mistakes(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	default:
		return 2
	}
}

// distance is the optimal string alignment distance: insertions, deletions,
// substitutions and transpositions of neighbours; limit+1 if it is above limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	prev2, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			row[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		prev2, prev, row = prev, row, prev2
	}
	return min(prev[len(y)], limit+1)
}
