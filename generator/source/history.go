package source

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// walked is one commit of the set that a history shows.
type walked struct {
	commit   *object.Commit
	distance int
	children int  // in the set, not yet listed
	cut      bool // some parent is not in the set
}

// readHistory returns the history of the commit tip, depth generations deep
// (-1 for all of it, 0 for none).
//
// The commits shown are exactly those whose shortest path from tip has fewer
// than depth steps: what `git clone --depth` transfers. A commit with a parent
// outside of that set is Truncated even where the store happens to hold the
// parent, so that a fresh clone and a store that has grown over a year show
// the same. A parent that is missing inside the set, because the repository
// itself is shallow, truncates likewise.
//
// The order is children before parents, newest committer time first among
// what is possible, then by hash. Paths are the files a commit changed; for a
// merge only those that differ from every parent, so that a merge never takes
// the credit for what it merely brought together. known supplies the paths of
// commits that were compared in an earlier run.
func readHistory(ctx context.Context, o *objects, tip plumbing.Hash, depth int, known map[string][]string) ([]checkout.Commit, bool, error) {
	if depth == 0 {
		return nil, false, nil
	}
	set, err := reach(ctx, o, tip, depth)
	if err != nil {
		return nil, false, err
	}
	complete := true
	d := newDiffer(o)
	commits := make([]checkout.Commit, 0, len(set))
	for _, w := range inOrder(set, tip) {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		c := describe(w.commit)
		c.Truncated = w.cut
		if w.cut {
			complete = false
		} else if paths, ok := known[c.Hash]; ok {
			c.Paths = paths
		} else if c.Paths, err = d.changed(w.commit, set); err != nil {
			return nil, false, err
		}
		commits = append(commits, c)
	}
	if err := boundHead(d, set[tip].commit.TreeHash, commits); err != nil {
		return nil, false, err
	}
	return commits, complete, nil
}

// boundHead lists at the newest truncated commit the files that no commit
// before it lists. Where several branches are cut, such a file may have
// changed in any of the commits at the cut, so the newest of them, and not
// the oldest commit of all, is the time before which it changed.
func boundHead(d *differ, head plumbing.Hash, commits []checkout.Commit) error {
	first := slices.IndexFunc(commits, func(c checkout.Commit) bool { return c.Truncated })
	if first < 0 || first == len(commits)-1 {
		return nil
	}
	all, err := d.between(nil, &head)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, c := range commits[:first] {
		for _, p := range c.Paths {
			seen[p] = true
		}
	}
	commits[first].Paths = slices.DeleteFunc(all, func(p string) bool { return seen[p] })
	return nil
}

// reach collects the commits fewer than depth steps from tip, breadth first.
func reach(ctx context.Context, o *objects, tip plumbing.Hash, depth int) (map[plumbing.Hash]*walked, error) {
	first, err := o.commit(tip)
	if err != nil {
		return nil, err
	}
	set := map[plumbing.Hash]*walked{tip: {commit: first}}
	queue := []*walked{set[tip]}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, p := range w.commit.ParentHashes {
			if set[p] != nil || depth > 0 && w.distance+1 >= depth {
				continue
			}
			c, err := o.commit(p)
			if errors.Is(err, plumbing.ErrObjectNotFound) {
				continue
			} else if err != nil {
				return nil, err
			}
			set[p] = &walked{commit: c, distance: w.distance + 1}
			queue = append(queue, set[p])
		}
	}
	for _, w := range set {
		for _, p := range w.commit.ParentHashes {
			if parent := set[p]; parent == nil {
				w.cut = true
			} else {
				parent.children++
			}
		}
	}
	return set, nil
}

// inOrder lists a set of commits: a commit comes when all its children have.
func inOrder(set map[plumbing.Hash]*walked, tip plumbing.Hash) []*walked {
	ready := &byTime{set[tip]}
	list := make([]*walked, 0, len(set))
	for ready.Len() > 0 {
		w := heap.Pop(ready).(*walked)
		list = append(list, w)
		for _, p := range w.commit.ParentHashes {
			if parent := set[p]; parent != nil {
				if parent.children--; parent.children == 0 {
					heap.Push(ready, parent)
				}
			}
		}
	}
	return list
}

// byTime is a heap of commits, newest first, then by hash.
type byTime []*walked

func (h byTime) Len() int      { return len(h) }
func (h byTime) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h byTime) Less(i, j int) bool {
	a, b := h[i].commit, h[j].commit
	return cmp.Or(b.Committer.When.Compare(a.Committer.When), strings.Compare(a.Hash.String(), b.Hash.String())) < 0
}
func (h *byTime) Push(x any) { *h = append(*h, x.(*walked)) }
func (h *byTime) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func describe(c *object.Commit) checkout.Commit {
	subject, _, _ := strings.Cut(strings.TrimLeft(c.Message, "\n "), "\n")
	return checkout.Commit{
		Hash:    c.Hash.String(),
		Author:  checkout.Person{Name: clean(c.Author.Name, 200), Email: clean(c.Author.Email, 200)},
		Time:    c.Committer.When.UTC(),
		Subject: clean(subject, 300),
		IsMerge: len(c.ParentHashes) > 1,
	}
}

// clean makes one safe line of what someone wrote into a commit.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if isHidden(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return clip(strings.TrimSpace(s), limit)
}
