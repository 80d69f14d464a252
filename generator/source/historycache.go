package source

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

const historyVersion = "callboard-history 1"

// savedHistory is the cache file of one source's history.
type savedHistory struct {
	Version  string            `json:"version"`
	Commit   string            `json:"commit"`
	Tree     string            `json:"tree"`
	Time     time.Time         `json:"time"` // of Commit
	Depth    int               `json:"depth"`
	Boundary string            `json:"boundary,omitempty"`
	Complete bool              `json:"complete"`
	Commits  []checkout.Commit `json:"commits"`
}

// tip is the commit a checkout shows.
type tip struct {
	commit plumbing.Hash
	tree   plumbing.Hash
	time   time.Time
}

// readTip reads a commit, or takes what saved knows of it.
func readTip(o *objects, h plumbing.Hash, saved savedHistory) (tip, error) {
	if saved.Commit == h.String() && plumbing.IsHash(saved.Tree) {
		return tip{h, plumbing.NewHash(saved.Tree), saved.Time}, nil
	}
	c, err := o.commit(h)
	if err != nil {
		return tip{}, fmt.Errorf("read commit %s: %w", h, err)
	}
	return tip{h, c.TreeHash, c.Committer.When.UTC()}, nil
}

// cachedHistory returns the history of a commit: what saved holds, when it is
// that very history. Otherwise it is read, and what saved knows of single
// commits is used again, so that one new commit costs one comparison.
// boundary names where a shallow repository ends, since more of it may be
// there next time. The result is kept in file.
func cachedHistory(ctx context.Context, o *objects, t tip, depth int, boundary string, saved savedHistory, file string) (*checkout.History, error) {
	if saved.Commit == t.commit.String() && saved.Depth == depth && saved.Boundary == boundary {
		return checkout.NewHistory(saved.Commits, saved.Complete), nil
	}
	known := map[string][]string{}
	for _, c := range saved.Commits {
		if !c.Truncated {
			known[c.Hash] = c.Paths
		}
	}
	commits, complete, err := readHistory(ctx, o, t.commit, depth, known)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	next := savedHistory{historyVersion, t.commit.String(), t.tree.String(), t.time, depth, boundary, complete, commits}
	if b, err := json.Marshal(next); err == nil {
		_ = writeFile(file, sealed(string(b))) // a cache: what cannot be kept is read again
	}
	return checkout.NewHistory(commits, complete), nil
}

// loadHistory reads a cache file; a missing or damaged one is empty.
func loadHistory(file string) savedHistory {
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return savedHistory{}
	}
	var s savedHistory
	text, ok := verified(b)
	if !ok || json.Unmarshal([]byte(text), &s) != nil || s.Version != historyVersion {
		return savedHistory{}
	}
	return s
}
