package search

import (
	"encoding/json"
	"slices"
)

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

// engineKey identifies everything but the documents that an index depends on.
func engineKey() string {
	b, err := json.Marshal([]any{
		FormatVersion, AnalysisVersion, ranking, kinds, endings, maxWord, maxKey, maxSections, maxText, storedText,
		minBlockBits, maxBlocks, minShard, maxTermShards, lengthsBits,
	})
	if err != nil { // numbers and strings only
		panic("search: " + err.Error())
	}
	return string(b)
}
