package diag

import "strings"

// Nearest returns the candidate closest to word, for a "did you mean" hint,
// and false when none is near enough to be worth suggesting. Comparison
// ignores case; two neighbouring letters swapped count as one mistake. Of
// equally near candidates the first wins, so callers pass them sorted.
func Nearest(word string, candidates []string) (string, bool) {
	w := strings.ToLower(word)
	limit := max(1, min(3, len(w)/3))
	best, bestDistance := "", limit+1
	for _, c := range candidates {
		lc := strings.ToLower(c)
		if n := len(lc) - len(w); n > limit || -n > limit {
			continue
		}
		if d := distance(w, lc); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best, bestDistance <= limit
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between two strings, bytewise (optimal string alignment).
func distance(a, b string) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
