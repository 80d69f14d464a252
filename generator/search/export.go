package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/callboard-portal/callboard/generator/page"
)

// pointer is search/index.json, the one file with a fixed name: it lists the
// shards. Fields are documented in FORMAT.md.
type pointer struct {
	Format    int    `json:"format"`
	Analysis  string `json:"analysis"`
	Documents int    `json:"documents"`
	Sections  int    `json:"sections"`
	BlockBits int    `json:"blockBits"`
	// Text is [sum of the texts' lengths, sections that have text].
	Text    [2]int        `json:"text"`
	Kinds   []kind        `json:"kinds"`
	Weights weights       `json:"weights"`
	Terms   []pointerTerm `json:"terms"`
	Lexicon string        `json:"lexicon"`
	Lengths []string      `json:"lengths"`
	Store   []string      `json:"store"`
}

// pointerTerm names the shard of the terms from Lower up to the next one's.
type pointerTerm struct {
	Lower string `json:"from"`
	File  string `json:"file"`
}

// lengthsBits is log2 of the number of sections in a lengths shard.
const lengthsBits = 15

// export writes the static files of the index as it now stands and the
// ledger; it returns how many files are new. Shards that come out the same
// are neither compressed nor written again.
func (x *Index) export(ctx context.Context, documents []Document, p *plan) (int, error) {
	old := x.ledger
	if old == nil {
		old = &ledger{layout: layout{bits: minBlockBits}}
	}
	next := place(slots(documents, p))
	lists, err := x.lists(ctx, p, old.layout, next)
	if err != nil {
		return 0, err
	}
	w := newFileWriter(x.path(filesDir), old.files)
	ptr := pointer{Format: FormatVersion, Analysis: AnalysisVersion, BlockBits: next.bits, Documents: len(next.slots), Kinds: kinds, Weights: ranking}
	for _, c := range lists.partition() {
		part := termLists{lists.terms[c.lo:c.hi], lists.data[c.lo:c.hi]}
		ptr.Terms = append(ptr.Terms, pointerTerm{c.lower, w.add(shardTerms, part.encode(nil))})
	}
	ptr.Lexicon = w.add(shardLexicon, encodeLexicon(lists.lexicon()))
	if err := x.exportLengths(w, &ptr, p, old, next); err != nil {
		return 0, err
	}
	keys, err := x.exportStore(w, &ptr, p, old, next)
	if err != nil {
		return 0, err
	}
	written, err := w.finish()
	if err != nil {
		return 0, err
	}
	b, err := json.Marshal(ptr)
	if err != nil {
		return 0, err
	}
	l := &ledger{engine: engineKey(), layout: next, pointer: b, blockKeys: keys, files: w.files}
	if err := x.save(l, lists, old.files); err != nil {
		return 0, err
	}
	x.ledger = l
	return written, nil
}

// slots lists the documents with the number of their sections.
func slots(documents []Document, p *plan) []slot {
	out := make([]slot, len(documents))
	for i, d := range documents {
		out[i] = slot{ID: d.ID, Hash: d.Hash, N: p.old[d.ID].N}
		if f := p.fresh[d.ID]; f != nil {
			out[i].N = len(f.lengths)
		}
	}
	return out
}

// lists makes the postings: patched from the last export's where that is
// possible, otherwise read from bleve.
func (x *Index) lists(ctx context.Context, p *plan, old, next layout) (termLists, error) {
	if p.patch {
		if lists, err := x.oldLists(); err == nil {
			return patch(lists, remap(old, next, p), freshPostings(next, p))
		}
	}
	adv, err := x.bleve.Advanced()
	if err != nil {
		return termLists{}, err
	}
	rd, err := adv.Reader()
	if err != nil {
		return termLists{}, fmt.Errorf("read bleve index: %w", err)
	}
	defer rd.Close()
	return walk(ctx, rd, next)
}

func (x *Index) oldLists() (termLists, error) {
	b, err := os.ReadFile(x.path(listsFile))
	if err != nil {
		return termLists{}, err
	}
	payload, err := unseal(shardLists, b)
	if err != nil {
		return termLists{}, err
	}
	return decodeTermLists(payload)
}

// remap says where the sections of unchanged documents go.
func remap(old, next layout, p *plan) []int32 {
	to := make([]int32, old.blocks()<<old.bits)
	for i := range to {
		to[i] = -1
	}
	for _, s := range next.slots {
		if was, ok := p.old[s.ID]; ok && p.fresh[s.ID] == nil {
			for i := range s.N {
				to[was.Ord+i] = int32(s.Ord + i)
			}
		}
	}
	return to
}

// freshPostings are the postings of new and changed documents, as bleve's
// analysis left them.
func freshPostings(next layout, p *plan) map[string][]posting {
	out := map[string][]posting{}
	for _, s := range next.slots {
		f := p.fresh[s.ID]
		if f == nil {
			continue
		}
		for i, fields := range f.terms {
			for field, freqs := range fields {
				for term, freq := range freqs {
					ps := posting{ord: s.Ord + i}
					ps.set(field, freq.Frequency(), f.lengths[i][field])
					out[term] = append(out[term], ps)
				}
			}
		}
	}
	return out
}

func (x *Index) readFile(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(x.dir, filesDir, name))
}

// save writes the postings and the ledger, and deletes files that are no
// longer listed.
func (x *Index) save(l *ledger, lists termLists, old []exportedFile) error {
	if err := writeFile(x.path(listsFile), seal(shardLists, lists.encode(nil))); err != nil {
		return err
	}
	if err := writeFile(x.path(ledgerFile), l.encode()); err != nil {
		return err
	}
	for _, f := range old {
		if !slices.ContainsFunc(l.files, func(g exportedFile) bool { return g.name == f.name }) {
			if err := os.Remove(filepath.Join(x.dir, filesDir, f.name)); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	return nil
}

// add takes a shard's payload and returns its file name, which is made from it.
func (w *fileWriter) add(kind byte, payload []byte) string {
	sealed := seal(kind, payload)
	sum := sha256.Sum256(sealed)
	name := hex.EncodeToString(sum[:8]) + ".bin"
	if !w.keep(name) && !w.seen[name] {
		w.seen[name] = true
		w.fresh = append(w.fresh, sealedFile{name, sealed})
	}
	return name
}

// Export returns the static files of the index, as [Index.Update] left them:
// the pointer search/index.json and the shards beside it.
func (x *Index) Export() ([]page.File, error) {
	if x.ledger == nil {
		return nil, fmt.Errorf("export search index: it has not been made yet")
	}
	out := []page.File{page.NewFile("search/index.json", x.ledger.pointer)}
	for _, f := range x.ledger.files {
		out = append(out, page.File{Path: "search/" + f.name, Hash: f.hash, Open: func() ([]byte, error) { return x.readFile(f.name) }})
	}
	return out, nil
}
