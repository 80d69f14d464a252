package source

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
)

// maxHeavy is the most memory that reading one object may cost. A small file
// can be stored as a difference from a huge one, which has to be unpacked
// first; such objects are listed by weigh and never read.
const maxHeavy = 32 << 20

// weights is the file in an object store that lists its heavy objects.
type weights struct {
	Packs []string `json:"packs"` // those that were weighed
	Heavy []string `json:"heavy"` // object hashes
}

func weightsFile(store string) string { return filepath.Join(store, "callboard-weights.json") }

func readWeights(store string) weights {
	var w weights
	if b, err := os.ReadFile(weightsFile(store)); err != nil || json.Unmarshal(b, &w) != nil {
		return weights{}
	}
	return w
}

// readHeavy returns the objects of a store that may not be read.
func readHeavy(store string) map[plumbing.Hash]bool {
	heavy := map[plumbing.Hash]bool{}
	for _, h := range readWeights(store).Heavy {
		heavy[plumbing.NewHash(h)] = true
	}
	return heavy
}

// weigh looks at the packs that are new in a store, without unpacking them,
// and records which of their objects cost too much memory to read. The child
// process does this after every fetch.
func weigh(store string) error {
	w := readWeights(store)
	names, err := filepath.Glob(filepath.Join(store, "objects", "pack", "*.pack"))
	if err != nil {
		return err
	}
	for _, name := range names {
		pack := strings.TrimSuffix(filepath.Base(name), ".pack")
		if slices.Contains(w.Packs, pack) {
			continue
		}
		heavy, err := weighPack(name)
		if err != nil {
			return fmt.Errorf("weigh objects: %w", err)
		}
		w.Packs, w.Heavy = append(w.Packs, pack), append(w.Heavy, heavy...)
	}
	return writeWeights(store, w)
}

func writeWeights(store string, w weights) error {
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return writeFile(weightsFile(store), b)
}

// addHeavy records objects that a store may not be asked for.
func addHeavy(store string, heavy []plumbing.Hash) error {
	w := readWeights(store)
	for _, h := range heavy {
		if !slices.Contains(w.Heavy, h.String()) {
			w.Heavy = append(w.Heavy, h.String())
		}
	}
	return writeWeights(store, w)
}

// weighPack returns the hashes of the heavy objects in a pack.
func weighPack(name string) ([]string, error) {
	index, err := readIndex(strings.TrimSuffix(name, ".pack") + ".idx")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := index.EntriesByOffset()
	if err != nil {
		return nil, err
	}
	defer entries.Close()
	s := &scale{pack: f, index: index, cost: map[int64]int64{}}
	var heavy []string
	for {
		e, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return heavy, nil
		}
		if err != nil {
			return nil, err
		}
		cost, err := s.weigh(int64(e.Offset), 0)
		if err != nil {
			return nil, err
		}
		if cost > maxHeavy {
			heavy = append(heavy, e.Hash.String())
		}
	}
}

func readIndex(name string) (*idxfile.MemoryIndex, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	index := idxfile.NewMemoryIndex()
	return index, idxfile.NewDecoder(f).Decode(index)
}

// scale weighs the objects of one pack by their offset.
type scale struct {
	pack  io.ReaderAt
	index *idxfile.MemoryIndex
	cost  map[int64]int64
	zlib  io.ReadCloser
}

// The object types of git's pack format that are differences.
const (
	packOffsetDelta = 6
	packRefDelta    = 7
	maxDeltaChain   = 4096
)

var errBadPack = errors.New("malformed pack")

// weigh returns the size of the largest object that must be unpacked to read
// the one at an offset.
func (s *scale) weigh(at int64, chain int) (int64, error) {
	if c, ok := s.cost[at]; ok {
		return c, nil
	}
	if chain > maxDeltaChain || at < 0 {
		return 0, errBadPack
	}
	head := make([]byte, 64)
	n, err := s.pack.ReadAt(head, at)
	if n == 0 {
		return 0, err
	}
	r := bytes.NewReader(head[:n])
	kind, size, err := packHeader(r)
	if err != nil {
		return 0, err
	}
	cost := size
	if kind == packOffsetDelta || kind == packRefDelta {
		base, err := s.base(r, kind, at)
		if err != nil {
			return 0, err
		}
		below, err := s.weigh(base, chain+1)
		if err != nil {
			return 0, err
		}
		result, err := s.resultSize(at + int64(n-r.Len()))
		if err != nil {
			return 0, err
		}
		cost = max(cost, below, result)
	}
	s.cost[at] = cost
	return cost, nil
}

// packHeader reads the type and size that begin a packed object.
func packHeader(r io.ByteReader) (kind byte, size int64, err error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	kind, size = b>>4&7, int64(b&15)
	for shift := 4; b&0x80 != 0; shift += 7 {
		if b, err = r.ReadByte(); err != nil || shift > 56 {
			return 0, 0, errBadPack
		}
		size |= int64(b&0x7f) << shift
	}
	return kind, size, nil
}

// base reads where the object is that a difference starts from.
func (s *scale) base(r *bytes.Reader, kind byte, at int64) (int64, error) {
	if kind == packRefDelta {
		var h plumbing.Hash
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return 0, errBadPack
		}
		offset, err := s.index.FindOffset(h)
		return offset, err
	}
	b, err := r.ReadByte()
	if err != nil {
		return 0, errBadPack
	}
	back := int64(b & 0x7f)
	for b&0x80 != 0 {
		if b, err = r.ReadByte(); err != nil || back > 1<<48 {
			return 0, errBadPack
		}
		back = (back+1)<<7 | int64(b&0x7f)
	}
	if back <= 0 || back > at {
		return 0, errBadPack
	}
	return at - back, nil
}

// resultSize reads from the start of a difference how large its result is.
func (s *scale) resultSize(at int64) (int64, error) {
	section := io.NewSectionReader(s.pack, at, 1<<20)
	var err error
	if s.zlib == nil {
		s.zlib, err = zlib.NewReader(section)
	} else {
		err = s.zlib.(zlib.Resetter).Reset(section, nil)
	}
	if err != nil {
		return 0, err
	}
	head := make([]byte, 20)
	n, err := io.ReadFull(s.zlib, head)
	if n == 0 {
		return 0, err
	}
	r := bytes.NewReader(head[:n])
	if _, err := deltaSize(r); err != nil {
		return 0, err
	}
	return deltaSize(r)
}

func deltaSize(r io.ByteReader) (int64, error) {
	var size int64
	for shift := 0; ; shift += 7 {
		b, err := r.ReadByte()
		if err != nil || shift > 56 {
			return 0, errBadPack
		}
		size |= int64(b&0x7f) << shift
		if b&0x80 == 0 {
			return size, nil
		}
	}
}
