package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query: further words, and further letters of a word, are not read.
const (
	maxQuery      = 256 // bytes
	maxQueryWords = 12
)

// facetNames are the words that narrow a query when a colon follows them.
var facetNames = []string{"kind", "type", "owner", "system", "lifecycle", "tag"}

// facetTerm returns the term of a facet's value, as the facet field has it.
// Owners and systems go by their name alone.
func facetTerm(facet, value string) string {
	if facet == "owner" || facet == "system" {
		value = value[strings.LastIndexAny(value, ":/")+1:]
	}
	return facet + ":" + strings.Map(unicode.ToLower, foldText(strings.Join(strings.Fields(value), "-")))
}

// queryWord is one word of a query.
type queryWord struct {
	word     string
	stem     string // as titles are indexed; may be empty
	variants []variant
	required bool            // not a stop word
	must     bool            // quoted
	found    map[int]float64 // section: weighted frequency
	typos    map[int]float64 // the same for words with typing mistakes
}

// variant is a term that stands for a word, with a weight.
type variant struct {
	term   string
	weight float64
}

// filter narrows a query to documents with one of some facet values.
type filter struct {
	facet string
	terms []string
	open  bool // the last term is still being typed
}

// query is a query being answered.
type query struct {
	r        *Reader
	w        *weights
	words    []*queryWord
	key      string // all words run together
	open     bool   // the last word may go on
	required int
	must     int
	filters  []*filter    // by facet; one of each must fit
	without  []*filter    // none may fit
	unwanted []*queryWord // words that may not occur
	only     map[int]bool // first sections of the documents that filters allow; nil: all
	never    map[int]bool // first sections of those that must not be found

	columns columns
	average float64 // length of the texts
}

// queryToken is a part of a query between spaces or in quotes.
type queryToken struct {
	text          string
	quoted, minus bool
	last          bool // nothing follows
}

// tokens cuts a query at spaces, but not inside closed quotes.
func tokens(text string) []queryToken {
	var out []queryToken
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return out
		}
		var t queryToken
		if len(text) > 1 && text[0] == '-' && !unicode.IsSpace(rune(text[1])) {
			t.minus, text = true, text[1:]
		}
		end := -1
		if text[0] == '"' {
			end = strings.IndexByte(text[1:], '"')
		}
		if end >= 0 {
			t.quoted, t.text, text = true, text[1:end+1], text[end+2:]
		} else {
			end = strings.IndexFunc(text, unicode.IsSpace)
			if end < 0 {
				end = len(text)
			}
			t.text, text = text[:end], text[end:]
		}
		t.last = text == ""
		out = append(out, t)
	}
}

// parse reads a query: words, "quoted words" that must occur, -words that
// must not, and facets such as owner:team-a.
func (r *Reader) parse(text string) *query {
	q := &query{r: r, w: &r.ptr.Weights}
	for _, t := range tokens(clip(text, maxQuery)) {
		last, _ := utf8.DecodeLastRuneInString(t.text)
		open := t.last && !t.quoted && isWordChar(last)
		if facet, value, ok := strings.Cut(t.text, ":"); ok && !t.quoted && slices.Contains(facetNames, strings.ToLower(facet)) {
			if value != "" {
				q.addFilter(strings.ToLower(facet), value, t.minus, open)
			}
			continue
		}
		q.open = open && !t.minus
		for _, w := range words(t.text) {
			if !q.addWord(w, t) {
				q.open = false
				break
			}
		}
	}
	q.finish()
	return q
}

func (q *query) addFilter(facet, value string, minus, open bool) {
	list := &q.filters
	if minus {
		list, open = &q.without, false
	}
	i := slices.IndexFunc(*list, func(f *filter) bool { return f.facet == facet })
	if i < 0 {
		i = len(*list)
		*list = append(*list, &filter{facet: facet})
	}
	f := (*list)[i]
	f.terms, f.open = append(f.terms, facetTerm(facet, value)), open
}

// addWord adds a word; false if there are too many.
func (q *query) addWord(w string, t queryToken) bool {
	if len(q.words)+len(q.unwanted) == maxQueryWords {
		return false
	}
	word := &queryWord{word: w, variants: []variant{{w, 1}}, must: t.quoted && !t.minus}
	if word.stem = string(q.r.labels.term([]byte(w))); word.stem != "" {
		word.add(word.stem, 1)
	}
	if t.minus {
		q.unwanted = append(q.unwanted, word)
		return true
	}
	word.required = q.r.prose.term([]byte(w)) != nil
	word.must = word.must && word.required
	q.words = append(q.words, word)
	q.key += strings.ReplaceAll(w, "'", "")
	return true
}

// finish counts the words and adds neighbours run together.
func (q *query) finish() {
	for _, w := range q.words {
		if w.required {
			q.required++
		}
		if w.must {
			q.must++
		}
	}
	if q.required == 0 { // nothing but stop words: then they are what is looked for
		for _, w := range q.words {
			w.required = true
		}
		q.required = len(q.words)
	}
	for i := 1; i < len(q.words); i++ {
		a, b := q.words[i-1], q.words[i]
		if !a.must && !b.must {
			a.add(a.word+b.word, q.w.Joined)
			b.add(a.word+b.word, q.w.Joined)
		}
	}
}

// add adds a term unless it is there already.
func (w *queryWord) add(term string, weight float64) {
	if !slices.ContainsFunc(w.variants, func(v variant) bool { return v.term == term }) {
		w.variants = append(w.variants, variant{term, weight})
	}
}

// narrows reports whether the query has facets to narrow by.
func (q *query) narrows() bool { return len(q.filters) > 0 }

// narrow works out which documents filters and unwanted words leave.
func (q *query) narrow() error {
	for _, f := range q.filters {
		fits, err := q.fitting(f)
		if err != nil {
			return err
		}
		for start := range fits {
			if q.only != nil && !q.only[start] {
				delete(fits, start)
			}
		}
		q.only = fits
	}
	q.never = map[int]bool{}
	for _, f := range q.without {
		fits, err := q.fitting(f)
		if err != nil {
			return err
		}
		for start := range fits {
			q.never[start] = true
		}
	}
	for _, w := range q.unwanted {
		for _, v := range w.variants {
			ps, err := q.r.postings(v.term)
			if err != nil {
				return err
			}
			for _, p := range ps {
				q.never[q.start(p.ord)] = true
			}
		}
	}
	return nil
}

// fitting returns the first sections of the documents that a filter fits.
func (q *query) fitting(f *filter) (map[int]bool, error) {
	terms := f.terms
	if f.open {
		more, err := q.r.withPrefix(terms[len(terms)-1])
		if err != nil {
			return nil, err
		}
		terms = slices.Concat(terms, more)
	}
	out := map[int]bool{}
	for _, t := range terms {
		ps, err := q.r.postings(t)
		if err != nil {
			return nil, err
		}
		for i := range ps {
			if ps[i].tf[fieldFacet] > 0 {
				out[q.start(ps[i].ord)] = true
			}
		}
	}
	return out, nil
}

func (q *query) allows(start int) bool {
	return (q.only == nil || q.only[start]) && !q.never[start]
}

// listing answers a query of facets alone: everything they allow.
func (q *query) listing() []hit {
	var out []hit
	for start := range q.only {
		if q.allows(start) {
			out = append(out, hit{start: start, ord: start, score: q.prior(start)})
		}
	}
	slices.SortFunc(out, compareHits)
	return out
}

// start returns the first section of the document that a section belongs to.
func (q *query) start(ord int) int {
	for ord > 0 && q.columns[columnKind][ord]&kindStart == 0 {
		ord--
	}
	return ord
}
