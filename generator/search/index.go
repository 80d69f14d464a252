// Package search makes everything on a portal findable: it turns entities and
// documentation into [Document]s, indexes them with bleve, and exports the
// index as static shards that the browser queries without a server. It is the
// only importer of bleve. Begin with [Open]; FORMAT.md describes the shards.
package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"
)

// Index is a portal's search index in a folder, kept between builds. Its
// methods are not safe for concurrent use; a [Reader] over the exported files
// is. One process at a time may update a folder.
type Index struct {
	dir           string
	ledger        *ledger // nil: nothing usable is there
	prose, labels *english
	bleve         bleve.Index // opened by the first update that needs it
}

// Files of the index folder.
const (
	bleveDir   = "bleve"  // bleve's own files
	filesDir   = "files"  // the exported shards
	ledgerFile = "ledger" // what is indexed and exported; written last
	listsFile  = "lists"  // all postings, unpacked, for the next export
	dirtyFile  = "dirty"  // there while an update runs
)

// Open opens the index in dir, which is created if need be. An index that is
// missing, damaged, interrupted or of another version counts as empty and is
// made anew by the next update.
func Open(dir string) (*Index, error) {
	if err := os.MkdirAll(filepath.Join(dir, filesDir), 0o755); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	x := &Index{dir: dir}
	var err error
	if x.prose, err = newEnglish(false); err != nil {
		return nil, err
	}
	if x.labels, err = newEnglish(true); err != nil {
		return nil, err
	}
	if _, err := os.Stat(x.path(dirtyFile)); err == nil {
		return x, nil
	}
	if b, err := os.ReadFile(x.path(ledgerFile)); err == nil {
		if l, err := decodeLedger(b); err == nil && l.analysis == AnalysisVersion {
			x.ledger = l
		}
	}
	return x, nil
}

func (x *Index) path(name string) string { return filepath.Join(x.dir, name) }

// Close releases the index. What was updated is already on disk.
func (x *Index) Close() error {
	if x.bleve == nil {
		return nil
	}
	b := x.bleve
	x.bleve = nil
	if err := b.Close(); err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}

// Stats says what an update did.
type Stats struct {
	Documents int // now in the index
	Indexed   int // new or changed, and so loaded and analysed
	Removed   int
	Rebuilt   bool // the index was made from nothing
	Files     int  // exported
	Written   int  // of those, not the same as before
}

// Update makes the index hold exactly the given documents and brings the
// exported files up to date. Only documents that are new or whose Hash has
// changed are loaded. Of documents with the same ID the first is kept.
func (x *Index) Update(ctx context.Context, documents []Document) (Stats, error) {
	stats, err := x.update(ctx, documents)
	if err != nil && x.bleve != nil { // half done: the dirty mark makes the next update start anew
		err = errors.Join(err, x.Close())
		x.ledger = nil
	}
	if err != nil {
		return stats, fmt.Errorf("update search index: %w", err)
	}
	return stats, nil
}

func (x *Index) update(ctx context.Context, documents []Document) (Stats, error) {
	documents = sorted(documents)
	p := x.plan(documents)
	stats := Stats{Documents: len(documents), Indexed: len(p.changed), Removed: len(p.removed), Rebuilt: p.rebuild}
	if !p.rebuild && len(p.changed) == 0 && len(p.removed) == 0 {
		stats.Files = len(x.ledger.files) + 1
		return stats, nil
	}
	if err := x.begin(p.rebuild); err != nil {
		return stats, err
	}
	if err := x.apply(ctx, p); err != nil {
		return stats, err
	}
	written, err := x.export(ctx, documents, p)
	if err != nil {
		return stats, err
	}
	stats.Files, stats.Written = len(x.ledger.files)+1, written
	if err := os.Remove(x.path(dirtyFile)); err != nil {
		return stats, err
	}
	return stats, nil
}

// sorted returns the documents by ID, each ID once.
func sorted(documents []Document) []Document {
	out := slices.Clone(documents)
	for i := range out {
		out[i].ID = strings.ToValidUTF8(out[i].ID, "\uFFFD")
	}
	slices.SortStableFunc(out, func(a, b Document) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b Document) bool { return a.ID == b.ID })
}

// plan is what an update has to do.
type plan struct {
	rebuild bool
	// patch: few documents change, so the last export's postings are patched;
	// otherwise all are read from bleve.
	patch   bool
	changed []Document
	removed []slot
	old     map[string]slot // what the index has, by document
	fresh   map[string]*freshDocument
}

// patchShare is the share of changed documents, 1/patchShare, up to which
// patching is cheaper than reading everything.
const patchShare = 8

func (x *Index) plan(documents []Document) *plan {
	p := &plan{rebuild: x.ledger == nil, old: map[string]slot{}, fresh: map[string]*freshDocument{}}
	if p.rebuild {
		p.changed = documents
		return p
	}
	for _, s := range x.ledger.layout.slots {
		p.old[s.ID] = s
	}
	wanted := make(map[string]bool, len(documents))
	for _, d := range documents {
		wanted[d.ID] = true
		if s, ok := p.old[d.ID]; !ok || s.Hash != d.Hash {
			p.changed = append(p.changed, d)
		}
	}
	for _, s := range x.ledger.layout.slots {
		if !wanted[s.ID] {
			p.removed = append(p.removed, s)
		}
	}
	p.patch = len(p.changed) <= 16+len(documents)/patchShare
	return p
}

// begin marks the folder as being changed and opens bleve's index.
func (x *Index) begin(rebuild bool) error {
	if rebuild {
		if err := x.Close(); err != nil {
			return err
		}
		if err := os.RemoveAll(x.path(bleveDir)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(x.path(dirtyFile), nil, 0o644); err != nil {
		return err
	}
	if x.bleve != nil {
		return nil
	}
	var err error
	if rebuild {
		x.bleve, err = bleve.NewUsing(x.path(bleveDir), bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	} else {
		x.bleve, err = bleve.OpenUsing(x.path(bleveDir), map[string]any{"bolt_timeout": "5s"})
	}
	if err != nil {
		return fmt.Errorf("open bleve index: %w", err)
	}
	return nil
}

// batchSections is how many sections bleve takes at a time.
const batchSections = 4000

// apply brings bleve's index up to date. Documents are loaded, analysed and
// indexed in batches, as many at a time as there are processors.
func (x *Index) apply(ctx context.Context, p *plan) error {
	var mu sync.Mutex
	next := 0
	take := func() (Document, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(p.changed) {
			return Document{}, false
		}
		next++
		return p.changed[next-1], true
	}
	gone := x.bleve.NewBatch()
	for _, s := range p.removed {
		deleteSections(gone, s, 0)
	}
	g, ctx := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0), 1+len(p.changed)/64) {
		b := &batch{index: x, batch: gone, patch: p.patch}
		gone = x.bleve.NewBatch()
		g.Go(func() error {
			for d, ok := take(); ok; d, ok = take() {
				if err := ctx.Err(); err != nil {
					return err
				}
				f, err := b.add(d, p.old[d.ID])
				if err != nil {
					return err
				}
				mu.Lock()
				p.fresh[d.ID] = f
				mu.Unlock()
			}
			return b.flush()
		})
	}
	return g.Wait()
}

// batch collects documents for bleve.
type batch struct {
	index   *Index
	batch   *bleve.Batch
	waiting []*freshDocument
	patch   bool
}

// add loads a document, and hands bleve the batch when it is large enough.
func (b *batch) add(d Document, old slot) (*freshDocument, error) {
	f, err := b.index.load(d)
	if err != nil {
		return nil, err
	}
	for _, section := range f.bleve {
		if err := b.batch.IndexAdvanced(section); err != nil {
			return nil, fmt.Errorf("index %s: %w", d.ID, err)
		}
	}
	deleteSections(b.batch, old, len(f.bleve))
	if b.waiting = append(b.waiting, f); b.batch.Size() >= batchSections {
		return f, b.flush()
	}
	return f, nil
}

func (b *batch) flush() error {
	if b.batch.Size() == 0 {
		return nil
	}
	if err := b.index.bleve.Batch(b.batch); err != nil {
		return fmt.Errorf("index a batch: %w", err)
	}
	b.batch.Reset()
	for _, f := range b.waiting {
		f.harvest(b.patch)
	}
	b.waiting = b.waiting[:0]
	return nil
}

// deleteSections removes the sections of a document from the given one on.
func deleteSections(b *bleve.Batch, s slot, from int) {
	for i := from; i < s.N; i++ {
		b.Delete(sectionID(s.ID, i))
	}
}

// freshDocument is a document being indexed: what the export needs of it.
type freshDocument struct {
	stored  storedDocument
	lengths [][fieldCount]int                    // by section: terms in each field
	terms   [][fieldCount]index.TokenFrequencies // by section; only for patching
	bleve   []*document.Document                 // until the batch is done
}

// maxSections bounds the sections of one document; the text of further ones
// counts as the last one's.
const maxSections = 200

// maxText bounds the text indexed of one section, in bytes.
const maxText = 256 << 10

// load reads a document and makes bleve's documents of its sections.
func (x *Index) load(d Document) (*freshDocument, error) {
	sections, err := d.Load()
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", d.ID, err)
	}
	if len(sections) == 0 {
		sections = []Section{{Heading: d.Title}}
	}
	for len(sections) > maxSections {
		n := len(sections) - 1
		rest := sections[n]
		sections = slices.Clone(sections[:n])
		sections[n-1].Text += "\n" + rest.Heading + "\n" + rest.Text
		sections[n-1].Code += " " + rest.Code
	}
	f := &freshDocument{stored: newStored(d, sections)}
	for i, s := range sections {
		f.bleve = append(f.bleve, x.section(d, i, s))
	}
	return f, nil
}

// section makes bleve's document of one section.
func (x *Index) section(d Document, i int, s Section) *document.Document {
	doc := document.NewDocument(sectionID(d.ID, i))
	heading, names, keys, facets, meta := s.Heading, "", "", "", slices.Concat(d.Keywords, d.Breadcrumb)
	if i == 0 {
		names = strings.Join(nameWords(strings.Join(d.Names, " ")), " ")
		heading = d.Title
		keys, facets = documentKeys(d), documentFacets(d)
	} else {
		meta = append(meta, d.Title)
	}
	for _, field := range []struct {
		field int
		text  string
	}{
		{fieldText, clip(s.Text, maxText)},
		{fieldTitle, heading},
		{fieldName, names},
		{fieldMeta, strings.Join(distinct(meta...), "\n")},
		{fieldCode, strings.Join(nameWords(clip(s.Code, maxText)), " ")},
		{fieldKey, keys},
		{fieldFacet, facets},
	} {
		if field.text != "" {
			doc.AddField(document.NewTextFieldCustom(fieldNames[field.field], nil, []byte(field.text), index.IndexField, x.analyzer(field.field)))
		}
	}
	return doc
}

// documentKeys are the whole names and the title of a document, as terms.
func documentKeys(d Document) string {
	var keys []string
	for _, n := range append([]string{d.Title}, d.Names...) {
		if k := nameKey(n); k != "" && len(k) <= maxKey {
			keys = append(keys, k+keyMark)
		}
	}
	return strings.Join(distinct(keys...), " ")
}

// documentFacets are the values by which a document can be narrowed, as terms.
func documentFacets(d Document) string {
	var out []string
	add := func(facet, value string) {
		if t := facetTerm(facet, value); value != "" && len(t) <= maxKey {
			out = append(out, t)
		}
	}
	add("kind", d.Kind)
	add("type", d.Facets.Type)
	add("owner", d.Facets.Owner)
	add("system", d.Facets.System)
	add("lifecycle", d.Facets.Lifecycle)
	for _, t := range d.Facets.Tags {
		add("tag", t)
	}
	return strings.Join(distinct(out...), " ")
}

// analyzer returns how a field's text becomes terms.
func (x *Index) analyzer(field int) analysis.Analyzer {
	switch field {
	case fieldText:
		return x.prose
	case fieldTitle, fieldMeta:
		return x.labels
	}
	return spaced{}
}

// clip cuts s to at most n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// harvest takes from bleve's documents, once analysed, what the export needs.
func (f *freshDocument) harvest(terms bool) {
	for _, doc := range f.bleve {
		var l [fieldCount]int
		var freqs [fieldCount]index.TokenFrequencies
		for _, field := range doc.Fields {
			if n := slices.Index(fieldNames[:], field.Name()); n >= 0 {
				l[n], freqs[n] = field.AnalyzedLength(), field.AnalyzedTokenFrequencies()
			}
		}
		f.lengths = append(f.lengths, l)
		if terms {
			f.terms = append(f.terms, freqs)
		}
	}
	f.bleve = nil
}

// sectionID is bleve's ID of a section.
func sectionID(doc string, i int) string { return doc + "\x00" + strconv.Itoa(i) }

func parseSectionID(id string) (doc string, section int, ok bool) {
	i := strings.LastIndexByte(id, 0)
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(id[i+1:])
	return id[:i], n, err == nil && n >= 0
}
