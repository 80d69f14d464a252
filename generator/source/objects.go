package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// The sizes above which an object is refused whatever it is for.
const (
	maxTreeObject   = 16 << 20
	maxCommitObject = 1 << 20
	maxLinkTarget   = 1024
)

// objectCacheBytes bounds what go-git keeps of one repository: there may be
// thousands of them.
const objectCacheBytes = 2 << 20

// objects reads the objects of one repository. go-git's storage keeps caches
// without locks, so every read goes through one mutex; it is safe for
// concurrent use.
type objects struct {
	mu   sync.Mutex
	from storer.EncodedObjectStorer
	// heavy lists objects that cost too much memory to read, see weigh.
	heavy map[plumbing.Hash]bool
	// weighed says that heavy is complete, so that trees and commits can be
	// read without asking for their size first.
	weighed bool
}

// openObjects opens the objects of a bare repository in dir. cacheBytes bounds
// the memory that go-git's object cache may hold on to.
func openObjects(dir string, cacheBytes int64) *objects {
	s := filesystem.NewStorageWithOptions(osfs.New(dir, osfs.WithBoundOS()), cache.NewObjectLRU(cache.FileSize(cacheBytes)),
		filesystem.Options{ExclusiveAccess: true})
	return &objects{from: s}
}

// get returns an object of at most limit bytes.
func (o *objects) get(t plumbing.ObjectType, h plumbing.Hash, limit int64) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.heavy[h] {
		return nil, fmt.Errorf("%w: object %s unpacks to more than %d bytes", ErrTooLarge, h, maxHeavy)
	}
	if t == plumbing.BlobObject || !o.weighed {
		if size, err := o.from.EncodedObjectSize(h); err == nil && size > limit {
			return nil, fmt.Errorf("%w: %d bytes, limit %d", ErrTooLarge, size, limit)
		}
	}
	obj, err := o.from.EncodedObject(t, h)
	if err != nil {
		return nil, err
	}
	if obj.Size() > limit {
		return nil, fmt.Errorf("%w: %d bytes, limit %d", ErrTooLarge, obj.Size(), limit)
	}
	r, err := obj.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, 0, obj.Size())
	w := bytes.NewBuffer(b)
	if _, err := io.Copy(w, io.LimitReader(r, limit+1)); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// size returns a blob's length, -1 when it cannot be told.
func (o *objects) size(h plumbing.Hash) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.from.EncodedObjectSize(h)
	if err != nil {
		return -1
	}
	return n
}

// commit returns a commit.
func (o *objects) commit(h plumbing.Hash) (*object.Commit, error) {
	b, err := o.get(plumbing.CommitObject, h, maxCommitObject)
	if err != nil {
		return nil, err
	}
	m := &plumbing.MemoryObject{}
	m.SetType(plumbing.CommitObject)
	if _, err := m.Write(b); err != nil {
		return nil, err
	}
	c := &object.Commit{}
	if err := c.Decode(m); err != nil {
		return nil, err
	}
	c.Hash = h
	return c, nil
}

// peel follows annotated tags to a commit.
func (o *objects) peel(h plumbing.Hash) (plumbing.Hash, error) {
	for range maxLinkHops {
		b, err := o.get(plumbing.AnyObject, h, maxCommitObject)
		if err != nil {
			return h, err
		}
		if _, err := o.commit(h); err == nil {
			return h, nil
		}
		line, _, _ := strings.Cut(string(b), "\n")
		to, ok := strings.CutPrefix(line, "object ")
		if !ok || !plumbing.IsHash(to) {
			break
		}
		h = plumbing.NewHash(to)
	}
	return h, fmt.Errorf("%s is not a commit", h)
}

// treeItem is one line of a git tree object.
type treeItem struct {
	name string
	mode uint32
	hash plumbing.Hash
}

// The modes of tree items, from git's object format.
const (
	modeTree      = 0o040000
	modeLink      = 0o120000
	modeSubmodule = 0o160000
)

var errBadTree = errors.New("malformed tree object")

// tree returns the items of a tree object, as written.
func (o *objects) tree(h plumbing.Hash) ([]treeItem, error) {
	b, err := o.get(plumbing.TreeObject, h, maxTreeObject)
	if err != nil {
		return nil, err
	}
	return parseTree(b)
}

// parseTree decodes the bytes of a tree object: "mode SP name NUL hash" repeated.
func parseTree(b []byte) ([]treeItem, error) {
	items := make([]treeItem, 0, len(b)/32)
	for len(b) > 0 {
		sp := bytes.IndexByte(b, ' ')
		if sp <= 0 || sp > 6 {
			return nil, errBadTree
		}
		var mode uint32
		for _, c := range b[:sp] {
			if c < '0' || c > '7' {
				return nil, errBadTree
			}
			mode = mode<<3 | uint32(c-'0')
		}
		b = b[sp+1:]
		nul := bytes.IndexByte(b, 0)
		if nul < 0 || len(b) < nul+1+20 {
			return nil, errBadTree
		}
		it := treeItem{name: string(b[:nul]), mode: mode}
		copy(it.hash[:], b[nul+1:])
		items = append(items, it)
		b = b[nul+21:]
	}
	return items, nil
}
