package source

import (
	"context"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// inObjects reads the files of a tree from git objects.
type inObjects struct{ objects *objects }

func (c inObjects) read(_ string, e *entry, limit int64) ([]byte, error) {
	return c.objects.get(plumbing.BlobObject, plumbing.NewHash(e.id), limit)
}

func (c inObjects) size(e *entry) int64 { return c.objects.size(plumbing.NewHash(e.id)) }

// listing lists a git tree.
type listing struct {
	lister
	ctx     context.Context
	objects *objects
}

// listTree lists the tree h as a file system. What may not be shown is left
// out and reported to f.
func listTree(ctx context.Context, o *objects, h plumbing.Hash, f *findings) (*tree, error) {
	l := &listing{lister: lister{findings: f}, ctx: ctx, objects: o}
	root := &entry{name: ".", kind: folderEntry}
	if err := l.list(root, h, "", 1); err != nil {
		return nil, err
	}
	t := &tree{root: root, content: inObjects{o}}
	checkLinks(t, f)
	checkLFS(t, f)
	return t, nil
}

func (l *listing) list(e *entry, h plumbing.Hash, dir string, depth int) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	items, err := l.objects.tree(h)
	if err != nil {
		return err
	}
	items = l.unique(dir, items)
	e.children = make([]*entry, 0, len(items))
	for _, it := range items {
		c, err := l.entry(it, dir, depth)
		if err != nil {
			return err
		}
		if c != nil {
			e.children = append(e.children, c)
		}
	}
	e.children = l.distinct(dir, e.children)
	return nil
}

// unique sorts items by name and drops every name that occurs twice: which of
// the two is meant cannot be known (git's fsck calls it duplicateEntries).
func (l *listing) unique(dir string, items []treeItem) []treeItem {
	slices.SortStableFunc(items, func(a, b treeItem) int { return strings.Compare(a.name, b.name) })
	kept := items[:0]
	for i := 0; i < len(items); {
		j := i + 1
		for j < len(items) && items[j].name == items[i].name {
			j++
		}
		if j == i+1 {
			kept = append(kept, items[i])
		} else {
			l.findings.file("tree-duplicate", dir, "", "the tree lists %q %d times; it is left out", clip(items[i].name, 100), j-i)
		}
		i = j
	}
	return kept
}

// entry returns the entry for one item, nil when it is left out.
func (l *listing) entry(it treeItem, dir string, depth int) (*entry, error) {
	if it.name == "node_modules" && it.mode == modeTree {
		return nil, nil
	}
	if !l.allowed(dir, it.name) || !l.take() {
		return nil, nil
	}
	p := join(dir, it.name)
	switch it.mode {
	case modeTree:
		if l.deep(p, depth+1) {
			return nil, nil
		}
		c := &entry{name: it.name, kind: folderEntry}
		return c, l.list(c, it.hash, p, depth+1)
	case modeLink:
		c := &entry{name: it.name, kind: linkEntry}
		if b, err := l.objects.get(plumbing.BlobObject, it.hash, maxLinkTarget); err == nil {
			c.target = string(b)
		}
		return c, nil
	case modeSubmodule:
		l.findings.file("tree-submodule", p, "list its repository as a source of its own", "the git submodule %q is not followed", p)
		return nil, nil
	default:
		return &entry{name: it.name, kind: fileEntry, id: it.hash.String(), size: -1}, nil
	}
}

// maxPointer bounds a Git LFS pointer file, by its specification.
const maxPointer = 1024

// checkLFS reports the files that are only Git LFS pointers, in trees whose
// root .gitattributes mentions LFS; others are not worth the reads.
func checkLFS(t *tree, f *findings) {
	attributes, err := t.ReadFile(".gitattributes")
	if err != nil || !strings.Contains(string(attributes), "filter=lfs") {
		return
	}
	var walk func(dir string, e *entry)
	walk = func(dir string, e *entry) {
		for _, c := range e.children {
			p := join(dir, c.name)
			if c.kind == folderEntry {
				walk(p, c)
			} else if c.kind == fileEntry && isPointer(t, p, c) {
				f.file("tree-lfs", p, "commit the file itself where the portal needs it", "%q is a Git LFS pointer, not the file", p)
			}
		}
	}
	walk("", t.root)
}

func isPointer(t *tree, p string, e *entry) bool {
	b, err := t.content.read(p, e, maxPointer)
	return err == nil && checkout.IsLFSPointer(b)
}
