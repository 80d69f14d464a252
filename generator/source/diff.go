package source

import (
	"errors"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// differ compares trees by their hashes alone and keeps the trees it has
// read: neighbouring commits share most of them.
type differ struct {
	objects *objects
	trees   map[plumbing.Hash][]treeItem
}

// maxCachedTrees bounds a differ's memory: a tree has some tens of items.
const maxCachedTrees = 4096

func newDiffer(o *objects) *differ { return &differ{o, map[plumbing.Hash][]treeItem{}} }

// tree returns a tree's files, folders and links by name. Submodules are left out.
func (d *differ) tree(h *plumbing.Hash) ([]treeItem, error) {
	if h == nil {
		return nil, nil
	}
	if items, ok := d.trees[*h]; ok {
		return items, nil
	}
	items, err := d.objects.tree(*h)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(it treeItem) bool { return it.mode == modeSubmodule || badName(it.name) != "" })
	if len(d.trees) >= maxCachedTrees {
		clear(d.trees)
	}
	d.trees[*h] = items
	return items, nil
}

// changed returns the files that a commit added, changed or removed against
// its parent, or against every one of its parents. All parents are in set.
func (d *differ) changed(c *object.Commit, set map[plumbing.Hash]*walked) ([]string, error) {
	if len(c.ParentHashes) == 0 {
		return d.between(nil, &c.TreeHash)
	}
	var common []string
	for i, p := range c.ParentHashes {
		parent := set[p].commit.TreeHash
		if parent == c.TreeHash {
			return nil, nil
		}
		paths, err := d.between(&parent, &c.TreeHash)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			common = paths
		} else {
			common = intersect(common, paths)
		}
		if len(common) == 0 {
			return nil, nil
		}
	}
	return common, nil
}

// intersect returns what two sorted lists share.
func intersect(a, b []string) []string {
	return slices.DeleteFunc(a, func(s string) bool {
		_, found := slices.BinarySearch(b, s)
		return !found
	})
}

var errEnough = errors.New("enough paths")

// between returns the sorted paths of the files that differ between two
// trees, nil meaning the empty one. It stops at the entry and depth budgets
// of a tree, so that crafted trees cost no more than honest ones.
func (d *differ) between(a, b *plumbing.Hash) ([]string, error) {
	c := &comparison{differ: d}
	if err := c.trees(a, b, "", 1); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	slices.Sort(c.paths)
	return slices.Compact(c.paths), nil
}

type comparison struct {
	*differ
	paths   []string
	visited int
}

func (c *comparison) trees(a, b *plumbing.Hash, dir string, depth int) error {
	if depth > maxTreeDepth {
		return nil
	}
	left, err := c.tree(a)
	if err != nil {
		return err
	}
	right, err := c.tree(b)
	if err != nil {
		return err
	}
	for len(left) > 0 || len(right) > 0 {
		var l, r *treeItem
		switch order := compareHeads(left, right); {
		case order < 0:
			l, left = &left[0], left[1:]
		case order > 0:
			r, right = &right[0], right[1:]
		default:
			l, left = &left[0], left[1:]
			r, right = &right[0], right[1:]
		}
		if err := c.items(l, r, dir, depth); err != nil {
			return err
		}
	}
	return nil
}

// items compares two entries of the same name and kind, either may be nil.
func (c *comparison) items(l, r *treeItem, dir string, depth int) error {
	if l != nil && r != nil && l.hash == r.hash && l.mode == r.mode {
		return nil
	}
	if c.visited++; c.visited > maxEntries {
		return errEnough
	}
	it := l
	if it == nil {
		it = r
	}
	if it.mode == modeTree {
		return c.trees(hashOf(l), hashOf(r), join(dir, it.name), depth+1)
	}
	if p := join(dir, it.name); len(p) <= maxPathBytes {
		c.paths = append(c.paths, p)
	}
	return nil
}

func hashOf(it *treeItem) *plumbing.Hash {
	if it == nil {
		return nil
	}
	return &it.hash
}

// compareHeads orders the first items of two lists as git orders trees: a
// folder sorts as if its name ended in a slash.
func compareHeads(left, right []treeItem) int {
	switch {
	case len(left) == 0:
		return 1
	case len(right) == 0:
		return -1
	}
	return compareItems(left[0], right[0])
}

func compareItems(a, b treeItem) int {
	n := min(len(a.name), len(b.name))
	for i := range n {
		if a.name[i] != b.name[i] {
			return int(a.name[i]) - int(b.name[i])
		}
	}
	return int(a.after(n)) - int(b.after(n))
}

// after returns the byte that stands at position n of the name, for sorting.
func (it treeItem) after(n int) byte {
	switch {
	case n < len(it.name):
		return it.name[n]
	case it.mode == modeTree:
		return '/'
	}
	return 0
}
