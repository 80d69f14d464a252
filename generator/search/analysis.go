package search

import (
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/registry"
)

// AnalysisVersion names how text becomes terms. An index made by another
// version is made anew.
const AnalysisVersion = "en-1"

// The fields of an indexed section, in the order of the bits of a posting's
// mask (see FORMAT.md).
const (
	fieldText  = iota // the prose
	fieldTitle        // its heading
	fieldName         // what the thing is called, cut as names are
	fieldMeta         // what it belongs to: page, breadcrumb, owner, tags
	fieldCode         // identifiers
	fieldKey          // whole names and titles, run together, ending in "="
	fieldFacet        // values to narrow by, such as "owner:team-a"; first section only
	fieldCount
)

var fieldNames = [fieldCount]string{"text", "title", "name", "meta", "code", "key", "facet"}

// english makes terms with bleve's English filters. Every distinct word goes
// through them once; the answer is remembered, since prose repeats itself.
// It is safe for concurrent use.
type english struct {
	filters []analysis.TokenFilter
	mu      sync.RWMutex
	memo    map[string][]byte // nil value: a stop word
}

// memoLimit bounds the words remembered, for hostile input.
const memoLimit = 1 << 20

// newEnglish returns the analyser for prose (stop words dropped) or, with
// keepStops, for titles and labels.
func newEnglish(keepStops bool) (*english, error) {
	cache := registry.NewCache()
	names := []string{en.PossessiveName, en.StopName, porter.Name}
	if keepStops {
		names = []string{en.PossessiveName, porter.Name}
	}
	e := &english{memo: map[string][]byte{}}
	for _, name := range names {
		f, err := cache.TokenFilterNamed(name)
		if err != nil {
			return nil, fmt.Errorf("make token filter %s: %w", name, err)
		}
		e.filters = append(e.filters, f)
	}
	return e, nil
}

// Analyze implements bleve's analysis.Analyzer.
func (e *english) Analyze(input []byte) analysis.TokenStream {
	tokens := make(analysis.TokenStream, 0, len(input)/7+1)
	var slab []analysis.Token
	position := 0
	eachWord(string(input), func(w []byte) {
		position++
		term := e.term(w)
		if term == nil {
			return
		}
		if len(slab) == 0 {
			slab = make([]analysis.Token, 64)
		}
		t := &slab[0]
		slab = slab[1:]
		t.Term, t.Position = term, position
		tokens = append(tokens, t)
	})
	return tokens
}

// term returns the term of one word, or nil for a stop word.
func (e *english) term(w []byte) []byte {
	e.mu.RLock()
	t, ok := e.memo[string(w)]
	e.mu.RUnlock()
	if ok {
		return t
	}
	word := string(w)
	stream := analysis.TokenStream{{Term: []byte(word), Position: 1}}
	for _, f := range e.filters {
		stream = f.Filter(stream)
	}
	if len(stream) > 0 && len(stream[0].Term) > 0 {
		t = append([]byte(nil), stream[0].Term...)
	}
	e.mu.Lock()
	if len(e.memo) >= memoLimit {
		clear(e.memo)
	}
	e.memo[word] = t
	e.mu.Unlock()
	return t
}

// spaced is the analyser of names and keys: its terms are already made and
// stand between spaces.
type spaced struct{}

// Analyze implements bleve's analysis.Analyzer.
func (spaced) Analyze(input []byte) analysis.TokenStream {
	var tokens analysis.TokenStream
	start := -1
	for i := 0; i <= len(input); i++ {
		if i < len(input) && input[i] != ' ' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			tokens = append(tokens, &analysis.Token{Term: input[start:i], Start: start, End: i, Position: len(tokens) + 1})
			start = -1
		}
	}
	return tokens
}
