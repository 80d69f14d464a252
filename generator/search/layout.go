package search

import (
	"encoding/binary"
	"hash/fnv"
)

// A section's number (ord) is its block's number times the block's capacity,
// plus its place in the block. Blocks are runs of documents in order of ID
// whose ends are chosen by the documents' own hashes, so that a new section
// moves only its neighbours in one block, not every number after it; and
// numbers follow from the set of documents alone, not from its history.

// minBlockBits is the smallest block: 128 sections.
const minBlockBits = 7

// maxBlocks is how many blocks there may be, roughly, before they grow.
const maxBlocks = 400

// slot is a document's place: sections [Ord, Ord+N).
type slot struct {
	ID   string
	Hash string
	Ord  int
	N    int // number of sections, at least 1
}

// layout is where every document is.
type layout struct {
	bits  int // log2 of the capacity of a block
	slots []slot
}

// place numbers the sections of documents, which must be sorted by ID. Only
// ID, Hash and N of each are read.
func place(docs []slot) layout {
	total := 0
	for _, d := range docs {
		total += d.N
	}
	l := layout{bits: minBlockBits, slots: docs}
	for total > maxBlocks<<l.bits*2/3 {
		l.bits++
	}
	size := 1 << l.bits
	block, used := 0, 0
	for i := range docs {
		d := &docs[i]
		if used+d.N > size || used >= size/2 && int(hashID(d.ID)%uint32(size/4)) < d.N {
			block, used = block+1, 0
		}
		d.Ord = block<<l.bits + used
		used += d.N
	}
	return l
}

func hashID(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()
}

// blocks returns the number of blocks.
func (l layout) blocks() int {
	if len(l.slots) == 0 {
		return 0
	}
	return l.slots[len(l.slots)-1].Ord>>l.bits + 1
}

// block returns the documents of one block.
func (l layout) block(n int) []slot {
	lo, hi := l.search(n<<l.bits), l.search((n+1)<<l.bits)
	return l.slots[lo:hi]
}

// search returns the index of the first document at or after ord.
func (l layout) search(ord int) int {
	lo, hi := 0, len(l.slots)
	for lo < hi {
		if mid := (lo + hi) / 2; l.slots[mid].Ord < ord {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// ledger is what an index remembers between builds, kept in its own file and
// written last.
type ledger struct {
	engine  string // engineKey of the program that wrote it
	layout  layout
	pointer []byte // search/index.json as exported
	// blockKeys identify the contents of each block's store shard.
	blockKeys []string
	// files are the exported files but the pointer, by name.
	files []exportedFile
}

// exportedFile is a static file below "search/".
type exportedFile struct {
	name string // content address of the unpacked shard, with ".bin"
	hash string // SHA-256 of the file's bytes
}

// encode writes the ledger as a sealed shard.
func (l *ledger) encode() []byte {
	b := appendString(nil, l.engine)
	b = binary.AppendUvarint(b, uint64(l.layout.bits))
	b = binary.AppendUvarint(b, uint64(len(l.layout.slots)))
	prev := ""
	for _, s := range l.layout.slots {
		b = appendFront(b, prev, s.ID)
		b = appendString(b, s.Hash)
		b = binary.AppendUvarint(b, uint64(s.Ord))
		b = binary.AppendUvarint(b, uint64(s.N))
		prev = s.ID
	}
	b = appendString(b, string(l.pointer))
	b = binary.AppendUvarint(b, uint64(len(l.blockKeys)))
	for _, key := range l.blockKeys {
		b = appendString(b, key)
	}
	b = binary.AppendUvarint(b, uint64(len(l.files)))
	for _, f := range l.files {
		b = appendString(appendString(b, f.name), f.hash)
	}
	return seal(shardLedger, b)
}

func decodeLedger(sealed []byte) (*ledger, error) {
	payload, err := unseal(shardLedger, sealed)
	if err != nil {
		return nil, err
	}
	d := decoder{b: payload}
	l := &ledger{engine: d.string()}
	l.layout.bits = d.uint()
	prev := ""
	for i, n := 0, d.count(); i < n && d.err == nil; i++ {
		s := slot{ID: d.front(prev, i == 0), Hash: d.string(), Ord: d.uint(), N: d.uint()}
		prev = s.ID
		l.layout.slots = append(l.layout.slots, s)
	}
	l.pointer = []byte(d.string())
	for i, n := 0, d.count(); i < n && d.err == nil; i++ {
		l.blockKeys = append(l.blockKeys, d.string())
	}
	for i, n := 0, d.count(); i < n && d.err == nil; i++ {
		l.files = append(l.files, exportedFile{name: d.string(), hash: d.string()})
	}
	return l, d.end()
}
