package diag

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the candidate closest to word, for a "did you mean" hint,
// and false when none is near enough to be worth suggesting. Comparison
// ignores case; of equally near candidates the first wins, so callers pass
// them sorted.
func Nearest(word string, candidates []string) (string, bool) {
	w := strings.ToLower(word)
	limit := max(1, min(3, len(w)/3))
	best, bestDistance := "", limit+1
	for _, c := range candidates {
		lc := strings.ToLower(c)
		if n := len(lc) - len(w); n > limit || -n > limit {
			continue
		}
		if d := levenshtein.ComputeDistance(w, lc); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best, bestDistance <= limit
}
