package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

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

// storedDocument is what a result shows of a document, as JSON in a block of
// the store.
type storedDocument struct {
	URL        string          `json:"u"`
	Title      string          `json:"t"`
	Kind       string          `json:"k"`
	Breadcrumb []string        `json:"b,omitempty"`
	Facets     Facets          `json:"f"`
	Sections   []storedSection `json:"s"`
}

type storedSection struct {
	ID      string `json:"i,omitempty"`
	Heading string `json:"h,omitempty"`
	Text    string `json:"x,omitempty"`
}

// storedText is how much of a section's text a result can show, in bytes.
const storedText = 220

func newStored(d Document, sections []Section) storedDocument {
	s := storedDocument{URL: d.URL, Title: d.Title, Kind: d.Kind, Breadcrumb: d.Breadcrumb, Facets: d.Facets}
	for i, sec := range sections {
		x := storedSection{ID: sec.ID, Heading: sec.Heading, Text: beginning(sec.Text, storedText)}
		if i == 0 {
			x.Heading = "" // the document's title
		}
		s.Sections = append(s.Sections, x)
	}
	return s
}

// beginning returns about the first n bytes of text, on one line, cut at a word.
func beginning(text string, n int) string {
	text = strings.Join(strings.Fields(clip(text, 4*n)), " ")
	if len(text) <= n {
		return text
	}
	text = clip(text, n)
	if i := strings.LastIndexByte(text, ' '); i > n/2 {
		text = text[:i]
	}
	return text + "…"
}

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
	l := &ledger{analysis: AnalysisVersion, layout: next, pointer: b, blockKeys: keys, files: w.files}
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

// columns of the lengths shards, each a byte for every section.
const (
	columnText = iota // quantised number of words
	columnKind        // index into kinds; kindStart is added for a document's first section
	columnCount
)

const kindStart = 0x80

type columns [columnCount][]byte

func newColumns(n int) columns {
	var c columns
	for i := range c {
		c[i] = make([]byte, n)
	}
	return c
}

// exportLengths writes the lengths, kept apart from postings so that a longer
// section changes no posting.
func (x *Index) exportLengths(w *fileWriter, ptr *pointer, p *plan, old *ledger, next layout) error {
	var was columns
	if len(p.old) > 0 {
		var err error
		if was, err = x.oldColumns(old); err != nil {
			return err
		}
	}
	now := newColumns(next.blocks() << next.bits)
	for _, s := range next.slots {
		f := p.fresh[s.ID]
		for i := range s.N {
			if f == nil {
				for c := range now {
					now[c][s.Ord+i] = was[c][p.old[s.ID].Ord+i]
				}
				continue
			}
			now[columnText][s.Ord+i] = quantise(f.lengths[i][fieldText])
			now[columnKind][s.Ord+i] = kindIndex(f.stored.Kind)
			if i == 0 {
				now[columnKind][s.Ord+i] |= kindStart
			}
		}
		ptr.Sections += s.N
	}
	for _, q := range now[columnText] {
		if q > 0 {
			ptr.Text[0] += lengthSteps[q]
			ptr.Text[1]++
		}
	}
	for lo := 0; lo < len(now[0]); lo += 1 << lengthsBits {
		hi := min(lo+1<<lengthsBits, len(now[0]))
		var b []byte
		for _, c := range now {
			b = append(b, c[lo:hi]...)
		}
		ptr.Lengths = append(ptr.Lengths, w.add(shardLengths, b))
	}
	return nil
}

func (x *Index) oldColumns(old *ledger) (columns, error) {
	var ptr pointer
	if err := json.Unmarshal(old.pointer, &ptr); err != nil {
		return columns{}, fmt.Errorf("read the last export: %w", err)
	}
	r := &Reader{open: x.readFile, ptr: ptr}
	return r.columns()
}

// exportStore writes the store's blocks. A block whose documents are the same
// keeps its file without being looked into.
func (x *Index) exportStore(w *fileWriter, ptr *pointer, p *plan, old *ledger, next layout) ([]string, error) {
	var was pointer
	if len(old.pointer) > 0 {
		if err := json.Unmarshal(old.pointer, &was); err != nil {
			return nil, fmt.Errorf("read the last export: %w", err)
		}
	}
	known := map[string]string{}
	for i, key := range old.blockKeys {
		known[key] = was.Store[i]
	}
	opened := map[int][]json.RawMessage{}
	keys := make([]string, next.blocks())
	for n := range keys {
		docs := next.block(n)
		keys[n] = blockKey(docs)
		if name, ok := known[keys[n]]; ok && w.keep(name) {
			ptr.Store = append(ptr.Store, name)
			continue
		}
		var block []json.RawMessage
		for _, s := range docs {
			raw, err := x.storedJSON(s, p, old, was.Store, opened)
			if err != nil {
				return nil, err
			}
			block = append(block, raw)
		}
		b, err := marshal(block)
		if err != nil {
			return nil, err
		}
		ptr.Store = append(ptr.Store, w.add(shardStore, b))
	}
	return keys, nil
}

// storedJSON returns a document as stored: made now if it is new or changed,
// otherwise taken from the last export.
func (x *Index) storedJSON(s slot, p *plan, old *ledger, files []string, opened map[int][]json.RawMessage) (json.RawMessage, error) {
	if f := p.fresh[s.ID]; f != nil {
		return marshal(f.stored)
	}
	was := p.old[s.ID]
	n := was.Ord >> old.layout.bits
	if opened[n] == nil {
		packed, err := x.readFile(files[n])
		if err != nil {
			return nil, err
		}
		payload, err := unpack(shardStore, packed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", files[n], err)
		}
		var docs []json.RawMessage
		if err := json.Unmarshal(payload, &docs); err != nil {
			return nil, fmt.Errorf("%s: %w: %v", files[n], errCorrupt, err)
		}
		opened[n] = docs
	}
	for i, d := range old.layout.block(n) {
		if d.ID == s.ID && i < len(opened[n]) {
			return opened[n][i], nil
		}
	}
	return nil, fmt.Errorf("%s: %w: document %s is not there", files[n], errCorrupt, s.ID)
}

// marshal is JSON without HTML escapes and without a final newline.
func marshal(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

func blockKey(docs []slot) string {
	h := sha256.New()
	for _, d := range docs {
		fmt.Fprintf(h, "%s\x00%s\x00", d.ID, d.Hash)
	}
	return hex.EncodeToString(h.Sum(nil))
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

// writeFile replaces a file in one step.
func writeFile(path string, b []byte) error {
	if err := os.WriteFile(path+".tmp", b, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// fileWriter collects shards, and compresses and writes those that are new,
// as many at a time as there are processors.
type fileWriter struct {
	dir   string
	known map[string]string // hash by name
	files []exportedFile
	seen  map[string]bool
	fresh []sealedFile
}

type sealedFile struct {
	name   string
	sealed []byte
}

func newFileWriter(dir string, old []exportedFile) *fileWriter {
	w := &fileWriter{dir: dir, known: map[string]string{}, seen: map[string]bool{}}
	for _, f := range old {
		w.known[f.name] = f.hash
	}
	return w
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

// keep lists a file of the last export again; false if there is none.
func (w *fileWriter) keep(name string) bool {
	hash, ok := w.known[name]
	if ok && !w.seen[name] {
		w.seen[name] = true
		w.files = append(w.files, exportedFile{name, hash})
	}
	return ok
}

// finish writes the new files and returns their number.
func (w *fileWriter) finish() (int, error) {
	made := make([]exportedFile, len(w.fresh))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range w.fresh {
		g.Go(func() error {
			b, err := pack(f.sealed)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(b)
			made[i] = exportedFile{f.name, hex.EncodeToString(sum[:])}
			return writeFile(filepath.Join(w.dir, f.name), b)
		})
	}
	if err := g.Wait(); err != nil {
		return 0, fmt.Errorf("write search shards: %w", err)
	}
	w.files = append(w.files, made...)
	slices.SortFunc(w.files, func(a, b exportedFile) int { return cmp.Compare(a.name, b.name) })
	return len(made), nil
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
