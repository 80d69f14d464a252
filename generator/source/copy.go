package source

import (
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// unreadable is why a repository on this machine could not be copied. A fetch
// from scratch would fail as well.
func unreadable(what string, err error) *failure {
	return &failure{failMissing, fmt.Sprintf("%s cannot be read: %s", what, clean(err.Error(), 200)), "run git fsck there"}
}

// copyLocal brings the commit that ref means in a repository on this machine,
// depth generations deep, into the store: the commits, all of their trees, and
// the files of the newest. Go-git's own way of fetching from a path runs git
// and so the hooks and settings of that repository; this one only reads.
// What the store holds is not copied again.
func copyLocal(ctx context.Context, o fetchOrder) (found, error) {
	r, err := openRepository(o.path)
	if err != nil {
		return found{}, unreadable("the repository", err)
	}
	want, err := r.resolve(o.ref)
	if err != nil {
		return found{}, err
	}
	if err := os.MkdirAll(o.store, 0o755); err != nil {
		return found{}, err
	}
	sweep(o.store)
	st := openStore(o.store)
	if o.have == "" {
		if err := st.Init(); err != nil {
			return found{}, fmt.Errorf("make object store: %w", err)
		}
	}
	c := &copying{ctx: ctx, from: r.objects, to: st, seen: map[plumbing.Hash]bool{}}
	if err := c.collect(want.commit, o.depth); err != nil {
		return found{}, unreadable(fmt.Sprintf("commit %.7s", want.commit), err)
	}
	if err := c.write(o.maxBytes); err != nil {
		return found{}, err
	}
	if err := addHeavy(o.store, c.heavy); err != nil {
		return found{}, err
	}
	return want, weigh(o.store)
}

// copying is one copy of objects from a repository into a store.
type copying struct {
	ctx  context.Context
	from *objects
	to   *filesystem.Storage
	// seen are the objects that were looked at; list are those to copy, in
	// the order in which they were found.
	seen  map[plumbing.Hash]bool
	list  []copied
	heavy []plumbing.Hash // files that are too large to be read, see maxHeavy
}

type copied struct {
	kind plumbing.ObjectType
	hash plumbing.Hash
}

// collect lists the objects that a store lacks. A tree that it holds, it holds
// with all the trees below, since packs are written whole; files it may lack
// all the same, because older commits come without them.
func (c *copying) collect(tip plumbing.Hash, depth int) error {
	set, err := reach(c.ctx, c.from, tip, depth)
	if err != nil {
		return err
	}
	commits := inOrder(set, tip)
	for _, w := range commits {
		c.add(plumbing.CommitObject, w.commit.Hash)
	}
	if err := c.trees(set[tip].commit.TreeHash, true); err != nil {
		return err
	}
	for _, w := range commits {
		if err := c.trees(w.commit.TreeHash, false); err != nil && !errors.Is(err, plumbing.ErrObjectNotFound) {
			return err
		}
	}
	return nil
}

// add lists an object unless the store holds it, and reports whether it did.
func (c *copying) add(kind plumbing.ObjectType, h plumbing.Hash) bool {
	if c.seen[h] {
		return false
	}
	c.seen[h] = true
	if c.to.HasEncodedObject(h) == nil {
		return false
	}
	c.list = append(c.list, copied{kind, h})
	return true
}

// trees lists the trees from root down that are new, or, withFiles, all of
// them and their files. Each tree is read once, however often it is named.
func (c *copying) trees(root plumbing.Hash, withFiles bool) error {
	queue, queued := []plumbing.Hash{root}, map[plumbing.Hash]bool{root: true}
	for len(queue) > 0 {
		h := queue[0]
		queue = queue[1:]
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if !c.add(plumbing.TreeObject, h) && !withFiles {
			continue
		}
		items, err := c.from.tree(h)
		if err != nil {
			return err
		}
		for _, it := range items {
			switch {
			case it.mode == modeSubmodule:
			case it.mode == modeTree && !queued[it.hash]:
				queued[it.hash] = true
				queue = append(queue, it.hash)
			case it.mode != modeTree && withFiles:
				c.file(it.hash)
			}
		}
	}
	return nil
}

// file lists a file. One that the repository lacks, as a partial clone may, is
// left for the reader to miss.
func (c *copying) file(h plumbing.Hash) {
	if c.seen[h] {
		return
	}
	switch size := c.from.size(h); {
	case size < 0:
	case size > maxHeavy:
		c.seen[h] = true
		c.heavy = append(c.heavy, h)
	default:
		c.add(plumbing.BlobObject, h)
	}
}

// write puts the listed objects into the store as one pack of at most maxBytes.
func (c *copying) write(maxBytes int64) (err error) {
	if len(c.list) == 0 {
		return nil
	}
	out, err := c.to.PackfileWriter()
	if err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	defer func() {
		if closing := out.Close(); err == nil && closing != nil {
			err = fmt.Errorf("write pack: %w", closing)
		}
	}()
	sum := sha1.New()
	w := &limitedWriter{to: io.MultiWriter(out, sum), left: maxBytes}
	if err := binary.Write(w, binary.BigEndian, [3]uint32{0x5041434b, 2, uint32(len(c.list))}); err != nil { // "PACK"
		return err
	}
	for _, one := range c.list {
		if err := c.object(w, one); err != nil {
			return err
		}
	}
	if _, err := out.Write(sum.Sum(nil)); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	return nil
}

// object writes one object in the pack format: its kind and size, seven bits
// a byte, and its compressed bytes (gitformat-pack(5)).
func (c *copying) object(w io.Writer, one copied) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	b, err := c.from.get(one.kind, one.hash, maxHeavy)
	if err != nil {
		return unreadable("object "+one.hash.String(), err)
	}
	size := uint64(len(b))
	head := []byte{byte(one.kind)<<4 | byte(size&15)}
	for size >>= 4; size > 0; size >>= 7 {
		head[len(head)-1] |= 0x80
		head = append(head, byte(size&0x7f))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	z, err := zlib.NewWriterLevel(w, zlib.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := z.Write(b); err != nil {
		return err
	}
	return z.Close()
}

// limitedWriter fails once more than left bytes have been written.
type limitedWriter struct {
	to   io.Writer
	left int64
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.left -= int64(len(p)); w.left < 0 {
		return 0, &failure{failLimit, "its commits take more bytes than the limit", "raise maxBytes: of the source, or lower its history:"}
	}
	return w.to.Write(p)
}
