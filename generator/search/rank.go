package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// The ranker. The browser has the same one (assets/ts/search/rank.ts), step
// for step, and a parity test compares their answers; change both together.
//
// A query's words are looked for in every section. Each word scores by BM25F
// (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
// fields", 2004) with the fields' real lengths. Sections in which every word
// stands as typed come first; the others follow, those with typing mistakes
// included, so that no match is ever lost. Of a document's sections the best
// one counts.

// endings are what English adds to a stem. Someone typing "deploym" on the
// way to "deployment" goes on from the indexed stem "deploy".
var endings = []string{"ables", "ations", "ators", "edly", "ements", "encies", "ers", "es", "fully", "ibilities", "ical", "ically", "ies", "ilities", "ings", "ities", "ives", "ization", "izations", "izers", "ments", "nesses", "ously", "ying"}

// hit is a ranked document: its best section.
type hit struct {
	start, ord int
	tier       int // 0: every word as typed
	score      float64
}

// rank answers a query: documents, best first; for n < 0 all that match, with
// every typing mistake forgiven. Otherwise mistakes are looked for only where
// the words as typed find little: most words are typed right, and what is
// near them would be noise.
func (r *Reader) rank(ctx context.Context, text string, n int) ([]hit, *query, error) {
	q := r.parse(text)
	if len(q.words) == 0 && !q.narrows() {
		return nil, q, nil
	}
	if err := q.prepare(); err != nil {
		return nil, q, err
	}
	if err := q.narrow(); err != nil {
		return nil, q, err
	}
	if len(q.words) == 0 {
		return q.listing(), q, nil
	}
	for _, w := range q.words {
		if err := ctx.Err(); err != nil {
			return nil, q, err
		}
		var err error
		if w.found, err = q.frequencies(w.variants); err != nil {
			return nil, q, err
		}
	}
	names, err := q.names()
	if err != nil {
		return nil, q, err
	}
	hits := q.score(names)
	if n >= 0 && q.satisfied(hits, names) {
		return hits, q, nil
	}
	if err := q.forgive(n < 0); err != nil {
		return nil, q, err
	}
	return q.score(names), q, nil
}

// prepare loads the lengths and expands the last word.
func (q *query) prepare() error {
	var err error
	if q.columns, err = q.r.columns(); err != nil {
		return err
	}
	q.average = float64(q.r.ptr.Text[0]) / float64(max(q.r.ptr.Text[1], 1))
	if !q.open || len(q.words) == 0 {
		return nil
	}
	last := q.words[len(q.words)-1]
	length := utf8.RuneCountInString(last.word)
	if length < 2 {
		return nil
	}
	terms, err := q.r.withPrefix(last.word)
	if err != nil {
		return err
	}
	for _, t := range terms {
		if !strings.ContainsAny(t, keyMark+":") {
			last.add(t, q.w.Partial*float64(length)/float64(utf8.RuneCountInString(t)))
		}
	}
	for cut := len(last.word) - 1; cut >= 3; cut-- {
		if rest := last.word[cut:]; utf8.RuneStart(rest[0]) && isEnding(rest) {
			last.add(last.word[:cut], q.w.Ending)
		}
	}
	return nil
}

func isEnding(rest string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasPrefix(e, rest) })
}

// frequencies adds up the weighted frequencies of a word's variants.
func (q *query) frequencies(variants []variant) (map[int]float64, error) {
	out := map[int]float64{}
	for _, v := range variants {
		ps, err := q.r.postings(v.term)
		if err != nil {
			return nil, err
		}
		for i := range ps {
			if f := q.frequency(&ps[i]); f > 0 {
				out[ps[i].ord] += v.weight * f
			}
		}
	}
	return out, nil
}

// frequency is BM25F's weighted, length-normalised frequency.
func (q *query) frequency(p *posting) float64 {
	sum := 0.0
	for f, tf := range p.tf {
		if tf == 0 || q.w.Fields[f] == 0 {
			continue
		}
		x := q.w.Fields[f] * float64(tf)
		switch f {
		case fieldText:
			x /= q.lengthNorm(f, lengthSteps[q.columns[columnText][p.ord]], q.average)
		case fieldTitle:
			x /= q.lengthNorm(f, int(p.title), q.w.Average[f])
		case fieldName:
			x /= q.lengthNorm(f, int(p.name), q.w.Average[f])
		}
		sum += x
	}
	return sum
}

func (q *query) lengthNorm(field, length int, average float64) float64 {
	if average == 0 {
		return 1
	}
	b := q.w.Length[field]
	return 1 - b + b*float64(length)/average
}

// names returns what whole names and titles add: the query may be one, or the
// beginning of one.
func (q *query) names() (map[int]float64, error) {
	out := map[int]float64{}
	if q.key == "" {
		return out, nil
	}
	terms := []string{q.key + keyMark}
	if q.open && utf8.RuneCountInString(q.key) >= 2 {
		var err error
		if terms, err = q.r.withPrefix(q.key); err != nil {
			return nil, err
		}
	}
	for _, t := range terms {
		if !strings.HasSuffix(t, keyMark) {
			continue
		}
		bonus := q.w.Exact
		if t != q.key+keyMark {
			bonus = q.w.Prefix * float64(utf8.RuneCountInString(q.key)) / float64(utf8.RuneCountInString(t)-1)
		}
		ps, err := q.r.postings(t)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			out[p.ord] = max(out[p.ord], bonus)
		}
	}
	return out, nil
}

// score adds up the words' scores and returns the best section of every
// document that matches, best first.
func (q *query) score(names map[int]float64) []hit {
	type sum struct {
		score         float64
		exact, fuzzed int // required words found as typed, and with mistakes
		must          int // quoted words found
	}
	sums := map[int]*sum{}
	at := func(ord int) *sum {
		s := sums[ord]
		if s == nil {
			s = &sum{}
			sums[ord] = s
		}
		return s
	}
	for _, w := range q.words {
		idf := q.idf(len(w.found))
		for ord, f := range w.found {
			s := at(ord)
			s.score += idf * f * (q.w.K1 + 1) / (q.w.K1 + f)
			if w.required {
				s.exact++
			}
			if w.must {
				s.must++
			}
		}
		for ord, f := range w.typos {
			if _, ok := w.found[ord]; ok {
				continue
			}
			s := at(ord)
			s.score += q.idf(len(w.found)+len(w.typos)) * f * (q.w.K1 + 1) / (q.w.K1 + f)
			s.fuzzed++
		}
	}
	for ord := range names {
		at(ord).exact = q.required
	}
	best := map[int]hit{}
	for ord, s := range sums {
		h := hit{start: q.start(ord), ord: ord, score: s.score + names[ord]}
		if s.must < q.must || !q.allows(h.start) {
			continue
		}
		if s.exact < q.required {
			h.tier = 1
			covered := float64(min(s.exact+s.fuzzed, q.required)) / float64(q.required)
			h.score *= covered * covered
		}
		h.score = math.Round(h.score*q.prior(ord)*1e6) / 1e6
		if b, ok := best[h.start]; !ok || compareHits(h, b) < 0 {
			best[h.start] = h
		}
	}
	out := make([]hit, 0, len(best))
	for _, h := range best {
		out = append(out, h)
	}
	slices.SortFunc(out, compareHits)
	return out
}

// prior returns the prior of a section's kind.
func (q *query) prior(ord int) float64 {
	all := q.r.ptr.Kinds
	if k := int(q.columns[columnKind][ord] &^ kindStart); k < len(all) {
		return all[k].Prior
	}
	return all[0].Prior
}

func compareHits(a, b hit) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.score, a.score), cmp.Compare(a.ord, b.ord))
}

// idf is BM25's inverse document frequency over sections.
func (q *query) idf(df int) float64 {
	n := float64(max(q.r.ptr.Sections, df))
	return math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))
}
