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
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
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
		if l, err := decodeLedger(b); err == nil && l.engine == engineKey() && x.complete(l) {
			x.ledger = l
		}
	}
	return x, nil
}

// complete reports whether the files of a ledger are all there.
func (x *Index) complete(l *ledger) bool {
	for _, f := range l.files {
		if _, err := os.Stat(filepath.Join(x.dir, filesDir, f.name)); err != nil {
			return false
		}
	}
	_, err := os.Stat(x.path(bleveDir))
	return err == nil
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
	byID := func(a, b Document) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(out, byID) { // [Documents] gives them sorted
		slices.SortStableFunc(out, byID)
	}
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
		for _, dir := range []string{bleveDir, filesDir} {
			if err := os.RemoveAll(x.path(dir)); err != nil {
				return err
			}
		}
		if err := os.MkdirAll(x.path(filesDir), 0o755); err != nil {
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
