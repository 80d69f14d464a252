package search

import (
	"context"
	"fmt"
)

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
