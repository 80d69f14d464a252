package source

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// worktreeOf finds the git working tree that a folder belongs to, as git does:
// the nearest folder with a .git, from dir upwards. prefix is the way from
// there to dir, with slashes; empty where dir is the root itself.
func worktreeOf(dir string) (root, prefix string, ok bool) {
	for root = dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			rel, err := filepath.Rel(root, dir)
			if rel == "." {
				rel = ""
			}
			return root, filepath.ToSlash(rel), err == nil
		}
		if filepath.Dir(root) == root {
			return "", "", false
		}
	}
}

// hasFolder reports whether a tree has a folder at a path.
func (o *objects) hasFolder(h plumbing.Hash, folder string) (bool, error) {
	if folder == "" {
		return true, nil
	}
	for part := range strings.SplitSeq(folder, "/") {
		items, err := o.tree(h)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(items, func(it treeItem) bool { return it.name == part && it.mode == modeTree })
		if i < 0 {
			return false, nil
		}
		h = items[i].hash
	}
	return true, nil
}

// historyBelow is the history of one folder: the commits that changed a file
// in it, with paths from there. Truncated commits and the oldest stay, since
// they say how far back anything is known.
func historyBelow(h *checkout.History, prefix string) *checkout.History {
	var commits []checkout.Commit
	for i, c := range h.Commits {
		var paths []string
		for _, p := range c.Paths {
			if below, ok := strings.CutPrefix(p, prefix+"/"); ok {
				paths = append(paths, below)
			}
		}
		c.Paths = paths
		if len(paths) > 0 || c.Truncated || !h.Complete && i == len(h.Commits)-1 {
			commits = append(commits, c)
		}
	}
	return checkout.NewHistory(commits, h.Complete)
}

// ignoresBelow applies what a repository ignores to one folder of it.
type ignoresBelow struct {
	*ignores
	prefix string
}

// below returns g for the folder prefix, with the .gitignore files above it.
func (g *ignores) below(prefix string) ignorer {
	if prefix == "" {
		return g
	}
	var domain []string
	for part := range strings.SplitSeq(prefix, "/") {
		g = g.with(filepath.Join(g.dir, filepath.Join(domain...), ".gitignore"), slices.Clone(domain))
		domain = append(domain, part)
	}
	return &ignoresBelow{g, prefix}
}

// enter implements ignorer.
func (b *ignoresBelow) enter(dir string, list []fs.DirEntry) ignorer {
	return &ignoresBelow{b.ignores.inside(path.Join(b.prefix, dir), list), b.prefix}
}

// ignored implements ignorer.
func (b *ignoresBelow) ignored(p string, isDir bool) bool {
	return b.ignores.ignored(path.Join(b.prefix, p), isDir)
}
