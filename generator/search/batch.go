package search

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"golang.org/x/sync/errgroup"
)

// batchSections is how many sections bleve takes at a time.
const batchSections = 3000

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
