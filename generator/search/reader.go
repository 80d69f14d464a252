package search

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Reader answers queries from exported files, as the browser does. It loads
// shards when they are first needed and keeps them. It is safe for concurrent
// use.
type Reader struct {
	open          func(name string) ([]byte, error)
	ptr           pointer
	prose, labels *english

	mu      sync.Mutex
	shards  map[string]termLists
	blocks  map[string][]storedDocument
	lexicon []string
	lengths *columns
}

// OpenReader reads the search folder of a published site: dir holds
// index.json and the shards.
func OpenReader(dir string) (*Reader, error) {
	b, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, fmt.Errorf("open search: %w", err)
	}
	return newReader(b, func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) })
}

// Reader returns a reader over the files as the last update left them. It
// stays valid until the next update.
func (x *Index) Reader() (*Reader, error) {
	if x.ledger == nil {
		return nil, fmt.Errorf("open search: the index has not been made yet")
	}
	return newReader(x.ledger.pointer, x.readFile)
}

func newReader(ptr []byte, open func(string) ([]byte, error)) (*Reader, error) {
	r := &Reader{open: open, shards: map[string]termLists{}, blocks: map[string][]storedDocument{}}
	if err := json.Unmarshal(ptr, &r.ptr); err != nil {
		return nil, fmt.Errorf("open search: index.json: %w", err)
	}
	if err := r.ptr.check(); err != nil {
		return nil, fmt.Errorf("open search: index.json: %w", err)
	}
	var err error
	if r.prose, err = newEnglish(false); err != nil {
		return nil, err
	}
	r.labels, err = newEnglish(true)
	return r, err
}

// check refuses a pointer that the rest of the reader could not trust.
func (p *pointer) check() error {
	if p.Format != FormatVersion || p.Analysis != AnalysisVersion {
		return fmt.Errorf("it has search format %d with analysis %q; this program reads %d with %q", p.Format, p.Analysis, FormatVersion, AnalysisVersion)
	}
	if p.BlockBits < 1 || p.BlockBits > 24 {
		return fmt.Errorf("%w: blockBits is %d", errCorrupt, p.BlockBits)
	}
	if len(p.Kinds) == 0 {
		return fmt.Errorf("%w: it names no kinds", errCorrupt)
	}
	names := slices.Concat(p.Lengths, p.Store, []string{p.Lexicon})
	for i, t := range p.Terms {
		names = append(names, t.File)
		if i > 0 && t.Lower <= p.Terms[i-1].Lower || i == 0 && t.Lower != "" {
			return fmt.Errorf("%w: the shards of terms are out of order", errCorrupt)
		}
	}
	for _, n := range names {
		if strings.ContainsAny(n, "/\\:") || !strings.HasSuffix(n, ".bin") {
			return fmt.Errorf("%w: %q is not a shard's name", errCorrupt, n)
		}
	}
	return nil
}

// payload loads and checks a shard.
func (r *Reader) payload(kind byte, name string) ([]byte, error) {
	packed, err := r.open(name)
	if err != nil {
		return nil, fmt.Errorf("search shard %s: %w", name, err)
	}
	b, err := unpack(kind, packed)
	if err != nil {
		return nil, fmt.Errorf("search shard %s: %w", name, err)
	}
	return b, nil
}

// shard returns the i-th shard of terms.
func (r *Reader) shard(i int) (termLists, error) {
	name := r.ptr.Terms[i].File
	r.mu.Lock()
	defer r.mu.Unlock()
	if l, ok := r.shards[name]; ok {
		return l, nil
	}
	b, err := r.payload(shardTerms, name)
	if err != nil {
		return termLists{}, err
	}
	l, err := decodeTermLists(b)
	if err != nil {
		return termLists{}, fmt.Errorf("search shard %s: %w", name, err)
	}
	r.shards[name] = l
	return l, nil
}

// shardOf returns the number of the shard that would hold a term, or -1.
func (r *Reader) shardOf(term string) int {
	return sort.Search(len(r.ptr.Terms), func(i int) bool { return r.ptr.Terms[i].Lower > term }) - 1
}

// postings returns where a term stands, in order of section.
func (r *Reader) postings(term string) ([]posting, error) {
	n := r.shardOf(term)
	if n < 0 {
		return nil, nil
	}
	l, err := r.shard(n)
	if err != nil {
		return nil, err
	}
	i, ok := slices.BinarySearch(l.terms, term)
	if !ok {
		return nil, nil
	}
	ps, err := decodePostings(nil, l.data[i])
	if err != nil {
		return nil, fmt.Errorf("search shard %s: term %q: %w", r.ptr.Terms[n].File, term, err)
	}
	if len(ps) > 0 && ps[len(ps)-1].ord >= len(r.ptr.Store)<<r.ptr.BlockBits {
		return nil, fmt.Errorf("search shard %s: term %q: %w: it names a section that does not exist", r.ptr.Terms[n].File, term, errCorrupt)
	}
	return ps, nil
}

// withPrefix returns the terms that begin with prefix, in byte order.
func (r *Reader) withPrefix(prefix string) ([]string, error) {
	var out []string
	for n := max(r.shardOf(prefix), 0); n < len(r.ptr.Terms); n++ {
		if lower := r.ptr.Terms[n].Lower; lower > prefix && !strings.HasPrefix(lower, prefix) {
			break
		}
		l, err := r.shard(n)
		if err != nil {
			return nil, err
		}
		i, _ := slices.BinarySearch(l.terms, prefix)
		for ; i < len(l.terms) && strings.HasPrefix(l.terms[i], prefix); i++ {
			out = append(out, l.terms[i])
		}
	}
	return out, nil
}

// words returns the lexicon: terms in which typing mistakes are forgiven.
func (r *Reader) words() ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lexicon != nil {
		return r.lexicon, nil
	}
	b, err := r.payload(shardLexicon, r.ptr.Lexicon)
	if err != nil {
		return nil, err
	}
	if r.lexicon, err = decodeLexicon(b); err != nil {
		return nil, fmt.Errorf("search shard %s: %w", r.ptr.Lexicon, err)
	}
	return r.lexicon, nil
}

// columns returns the lengths of all sections.
func (r *Reader) columns() (columns, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lengths != nil {
		return *r.lengths, nil
	}
	total := len(r.ptr.Store) << r.ptr.BlockBits
	var out columns
	for i, name := range r.ptr.Lengths {
		b, err := r.payload(shardLengths, name)
		if err != nil {
			return out, err
		}
		n := min(total-i<<lengthsBits, 1<<lengthsBits)
		if n <= 0 || len(b) != n*columnCount {
			return out, fmt.Errorf("search shard %s: %w: it has the wrong size", name, errCorrupt)
		}
		for c := range out {
			out[c] = append(out[c], b[c*n:(c+1)*n]...)
		}
	}
	if slices.ContainsFunc(out[columnText], func(q byte) bool { return int(q) >= len(lengthSteps) }) {
		return out, fmt.Errorf("search: lengths: %w: a length is too large", errCorrupt)
	}
	if len(out[0]) != total {
		return out, fmt.Errorf("search: index.json: %w: the lengths shards are too few", errCorrupt)
	}
	r.lengths = &out
	return out, nil
}

// stored returns what is stored of a section and its document.
func (r *Reader) stored(start, ord int) (storedDocument, storedSection, error) {
	n := start >> r.ptr.BlockBits
	name := r.ptr.Store[n]
	r.mu.Lock()
	defer r.mu.Unlock()
	docs, ok := r.blocks[name]
	if !ok {
		b, err := r.payload(shardStore, name)
		if err != nil {
			return storedDocument{}, storedSection{}, err
		}
		if err := json.Unmarshal(b, &docs); err != nil {
			return storedDocument{}, storedSection{}, fmt.Errorf("search shard %s: %w: %w", name, errCorrupt, err)
		}
		r.blocks[name] = docs
	}
	at := n << r.ptr.BlockBits
	for _, d := range docs {
		if at == start && ord-start < len(d.Sections) {
			return d, d.Sections[ord-start], nil
		}
		at += len(d.Sections)
	}
	return storedDocument{}, storedSection{}, fmt.Errorf("search shard %s: %w: section %d is not there", name, errCorrupt, ord)
}
