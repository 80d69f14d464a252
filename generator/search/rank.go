package search

import (
	"cmp"
	"context"
	"fmt"
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

// weights are the ranker's numbers. They are exported in the pointer, so that
// the browser uses the same.
type weights struct {
	// Fields weigh a word by the field it stands in, in the order of the mask bits.
	Fields [fieldCount]float64 `json:"fields"`
	// Length is BM25's b for text, title and name, and Average the length of
	// the latter two that changes nothing.
	Length  [3]float64 `json:"length"`
	Average [3]float64 `json:"average"`
	K1      float64    `json:"k1"`
	// Exact and Prefix are added where the query is, or begins, a whole name or title.
	Exact  float64 `json:"exact"`
	Prefix float64 `json:"prefix"`
	// Partial weighs a word that the last word of the query begins, Ending one
	// that it goes on from, Joined two words run together.
	Partial float64 `json:"partial"`
	Ending  float64 `json:"ending"`
	Joined  float64 `json:"joined"`
	// Typo weighs a word one or two typing mistakes away.
	Typo [2]float64 `json:"typo"`
}

var ranking = weights{
	Fields:  [fieldCount]float64{1, 4, 6, 1, 1.5, 0, 0},
	Length:  [3]float64{0.7, 0.5, 0.5},
	Average: [3]float64{0, 3, 3}, // the texts' is in the pointer
	K1:      1.2,
	Exact:   12,
	Prefix:  4,
	Partial: 0.8,
	Ending:  0.5,
	Joined:  0.8,
	Typo:    [2]float64{0.4, 0.2},
}

// kind is a kind of document and what its scores are multiplied by: a service
// called X should beat a page that mentions X.
type kind struct {
	Name  string  `json:"name"`
	Prior float64 `json:"prior"`
}

// kinds lists the kinds with a prior of their own; the first is for all others.
// The index is in the lengths shards, so the order is part of the format.
var kinds = []kind{
	{"", 1.1}, {"docs", 1}, {"page", 1.1}, {"component", 1.3}, {"api", 1.2}, {"system", 1.25}, {"domain", 1.15},
	{"resource", 1.15}, {"group", 1.2}, {"user", 1.2}, {"template", 1.1}, {"location", 0.5}, {"airesource", 1.15},
}

func kindIndex(name string) byte {
	if i := slices.IndexFunc(kinds, func(k kind) bool { return k.Name == name }); i > 0 {
		return byte(i)
	}
	return 0
}

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

// few is how many documents with all words, or with one word, are few enough
// to ask whether a word was meant otherwise.
const few = 2

// satisfied reports whether the words as typed find enough: a whole name, or
// more than a few documents with all of them.
func (q *query) satisfied(hits []hit, names map[int]float64) bool {
	for _, bonus := range names {
		if bonus == ranking.Exact {
			return true
		}
	}
	return len(hits) > few && hits[few].tier == 0
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
			last.add(t, ranking.Partial*float64(length)/float64(utf8.RuneCountInString(t)))
		}
	}
	for cut := len(last.word) - 1; cut >= 3; cut-- {
		if rest := last.word[cut:]; utf8.RuneStart(rest[0]) && isEnding(rest) {
			last.add(last.word[:cut], ranking.Ending)
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
		if tf == 0 || ranking.Fields[f] == 0 {
			continue
		}
		x := ranking.Fields[f] * float64(tf)
		switch f {
		case fieldText:
			x /= lengthNorm(f, lengthSteps[q.columns[columnText][p.ord]], q.average)
		case fieldTitle:
			x /= lengthNorm(f, int(p.title), ranking.Average[f])
		case fieldName:
			x /= lengthNorm(f, int(p.name), ranking.Average[f])
		}
		sum += x
	}
	return sum
}

func lengthNorm(field, length int, average float64) float64 {
	if average == 0 {
		return 1
	}
	b := ranking.Length[field]
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
		bonus := ranking.Exact
		if t != q.key+keyMark {
			bonus = ranking.Prefix * float64(utf8.RuneCountInString(q.key)) / float64(utf8.RuneCountInString(t)-1)
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
				near = append(near, variant{t, ranking.Typo[d-1]})
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
			s.score += idf * f * (ranking.K1 + 1) / (ranking.K1 + f)
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
			s.score += q.idf(len(w.found)+len(w.typos)) * f * (ranking.K1 + 1) / (ranking.K1 + f)
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
	if k := int(q.columns[columnKind][ord] &^ kindStart); k < len(kinds) {
		return kinds[k].Prior
	}
	return kinds[0].Prior
}

func compareHits(a, b hit) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.score, a.score), cmp.Compare(a.ord, b.ord))
}

// idf is BM25's inverse document frequency over sections.
func (q *query) idf(df int) float64 {
	n := float64(max(q.r.ptr.Sections, df))
	return math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))
}

// Result is one found document.
type Result struct {
	URL        string   `json:"url"` // site path, with the fragment of the best section
	Title      string   `json:"title"`
	Kind       string   `json:"kind"`
	Score      float64  `json:"score"`
	Snippet    string   `json:"snippet,omitempty"`
	Section    string   `json:"section,omitempty"` // heading of the best section, if not the page itself
	Breadcrumb []string `json:"breadcrumb,omitempty"`
	Facets     Facets   `json:"facets,omitzero"`
}

// Query returns the n best results, or all for n < 0. A query of no words has
// none. The last word may be unfinished unless a space follows it.
func (r *Reader) Query(ctx context.Context, text string, n int) ([]Result, error) {
	hits, _, err := r.rank(ctx, text, n)
	if err != nil {
		return nil, fmt.Errorf("search for %q: %w", clip(text, maxQuery), err)
	}
	if n >= 0 && len(hits) > n {
		hits = hits[:n]
	}
	out := make([]Result, 0, len(hits))
	for _, h := range hits {
		d, s, err := r.stored(h.start, h.ord)
		if err != nil {
			return nil, fmt.Errorf("search for %q: %w", clip(text, maxQuery), err)
		}
		res := Result{URL: d.URL, Title: d.Title, Kind: d.Kind, Score: h.score, Snippet: s.Text, Section: s.Heading, Breadcrumb: d.Breadcrumb, Facets: d.Facets}
		if s.ID != "" {
			res.URL += "#" + s.ID
		}
		out = append(out, res)
	}
	return out, nil
}

// Query asks the index as the last update left it; see [Reader.Query]. For
// many queries take one [Index.Reader].
func (x *Index) Query(ctx context.Context, text string, n int) ([]Result, error) {
	r, err := x.Reader()
	if err != nil {
		return nil, err
	}
	return r.Query(ctx, text, n)
}
