package publish

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/site"
)

// holdBytes is how many bytes of changed files are held in memory before the
// spare tree is touched. A small build that fails has then changed nothing on
// disk, and one whose files come out as they were needs no release.
const holdBytes = 32 << 20

// writer gathers the next release.
type writer struct {
	maxFiles int   // 0 means no bound
	maxBytes int64 // likewise
	s        *store
	want     *contents
	next     *manifest.Manifest

	mu      sync.Mutex
	held    map[string][]byte
	size    int
	grow    *growing         // nil until the spare tree is touched
	written int              // files with new bytes
	times   map[string]int64 // modification times of files written
}

func newWriter(s *store, want *contents, next *manifest.Manifest) *writer {
	return &writer{s: s, want: want, next: next, held: map[string][]byte{}, times: map[string]int64{}}
}

// reuse takes every page over that one of the trees holds with the same key,
// and returns the others.
func (w *writer) reuse() (stale []*page.Page) {
	for _, p := range w.want.pages {
		w.next.Pages[p.URL] = manifest.Page{Key: p.key, Path: p.path}
		f, ok := w.s.live.page(p, w.next)
		if !ok {
			f, ok = w.s.base.page(p, w.next)
		}
		if !ok {
			stale = append(stale, p.Page)
			continue
		}
		w.next.Files[p.path] = f
	}
	return stale
}

// page returns the file of a page if the tree holds it, rendered from the
// same key with the same theme.
func (t *tree) page(p wantedPage, next *manifest.Manifest) (manifest.File, bool) {
	if !t.renderedLike(next) {
		return manifest.File{}, false
	}
	known, ok := t.pages[p.URL]
	if !ok || known.Key != p.key || known.Path != p.path {
		return manifest.File{}, false
	}
	f, ok := t.files[p.path]
	return f, ok
}

// file returns the file at a path if the tree holds it with that hash.
func (t *tree) file(name string, hash manifest.Hash) (manifest.File, bool) {
	if t == nil {
		return manifest.File{}, false
	}
	f, ok := t.files[name]
	return f, ok && f.Hash == hash
}

// keyed returns the file at a path if the tree holds it, made from that key.
func (t *tree) keyed(name string, key manifest.Hash) (manifest.File, bool) {
	if t == nil || t.keys[name] != key {
		return manifest.File{}, false
	}
	f, ok := t.files[name]
	return f, ok
}

// known returns the file at a path if any tree holds it with that hash.
func (w *writer) known(name string, hash manifest.Hash) (manifest.File, bool) {
	if f, ok := w.s.live.file(name, hash); ok {
		return f, true
	}
	return w.s.base.file(name, hash)
}

// putPage takes a rendered page. It may be called from several goroutines.
func (w *writer) putPage(url string, data []byte) error { return w.put(site.FilePath(url), data) }

// put takes the bytes of a file, which are written unless a tree has them.
func (w *writer) put(name string, data []byte) error {
	hash := manifest.Sum(data)
	f, known := w.known(name, hash)
	if !known {
		f = manifest.File{Hash: hash, Size: int64(len(data))}
	}
	w.mu.Lock()
	w.next.Files[name] = f
	if known {
		w.mu.Unlock()
		return nil
	}
	w.written++
	if w.grow == nil && w.size+len(data) <= w.s.disk.hold {
		w.held[name] = slices.Clone(data)
		w.size += len(data)
		w.mu.Unlock()
		return nil
	}
	err := w.begin()
	w.mu.Unlock()
	if err != nil {
		return err
	}
	return w.write(name, data)
}

func (w *writer) write(name string, data []byte) error {
	modified, err := w.grow.write(name, data, w.replaces(name))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times[name] = modified
	return err
}

// replaces reports whether the spare tree had a file there from the beginning.
func (w *writer) replaces(name string) bool {
	if w.s.base == nil {
		return false
	}
	_, ok := w.s.base.files[name]
	return ok
}

// begin makes the spare tree ready to become the next release: struck off the
// record, and without the files that the release has not. The caller holds mu.
func (w *writer) begin() error {
	if w.grow != nil {
		return nil
	}
	s := w.s
	if err := s.strikeSpare(); err != nil {
		return err
	}
	if s.base == nil {
		if err := s.emptySpare(); err != nil {
			return err
		}
	}
	w.grow = &growing{root: s.spare, disk: s.disk, folders: map[string]bool{}}
	if s.base == nil {
		return nil
	}
	w.grow.folders = foldersOf(s.base.files)
	for name := range s.base.files {
		if !w.want.paths[name] {
			if err := w.grow.remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish adds the files that are no pages, completes the next release and puts
// it in the place of the served one.
func (w *writer) finish(ctx context.Context) (Swap, error) {
	for _, f := range w.want.files {
		if err := errors.Join(ctx.Err(), w.addFile(f)); err != nil {
			return "", err
		}
	}
	if len(w.next.Files) != len(w.want.paths) {
		return "", fmt.Errorf("the release has %d files instead of %d", len(w.next.Files), len(w.want.paths))
	}
	if err := w.checkLimits(); err != nil {
		return "", err
	}
	if w.asServed() {
		return SwapNone, w.keepServed()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.begin(); err != nil {
		return "", err
	}
	return w.complete(ctx)
}

// checkLimits keeps a site from growing past what its host takes.
func (w *writer) checkLimits() error {
	if n := len(w.next.Files); w.maxFiles > 0 && n > w.maxFiles {
		return fmt.Errorf("%w: it would have %d files, and %d are allowed", ErrLimit, n, w.maxFiles)
	}
	if n := w.next.Bytes(); w.maxBytes > 0 && n > w.maxBytes {
		return fmt.Errorf("%w: it would have %d bytes, and %d are allowed", ErrLimit, n, w.maxBytes)
	}
	return nil
}

// addFile takes a file that is no page, opening it only if no tree has it.
func (w *writer) addFile(f page.File) error {
	if f.Hash != "" {
		hash, err := manifest.ParseHash(f.Hash)
		if err != nil {
			return fmt.Errorf("file %s: %w", f.Path, err)
		}
		if known, ok := w.known(f.Path, hash); ok {
			w.next.Files[f.Path] = known
			return nil
		}
	}
	if f.Key != "" {
		key := manifest.Sum([]byte(f.Key))
		w.next.Keys[f.Path] = key
		for _, t := range []*tree{w.s.live, w.s.base} {
			if known, ok := t.keyed(f.Path, key); ok {
				w.next.Files[f.Path] = known
				return nil
			}
		}
	}
	data, err := f.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", f.Path, err)
	}
	if hash := manifest.Sum(data).String(); f.Hash != "" && f.Hash != hash {
		return fmt.Errorf("file %s has the hash %s, not %s as announced", f.Path, hash, f.Hash)
	}
	return w.put(f.Path, data)
}

// asServed reports whether the served tree is byte for byte the next release.
func (w *writer) asServed() bool {
	live := w.s.live
	if live == nil || !w.s.clean || len(live.files) != len(w.next.Files) {
		return false
	}
	for name, f := range w.next.Files {
		if _, ok := live.file(name, f.Hash); !ok {
			return false
		}
	}
	return true
}

// keepServed records the new keys of a site whose bytes did not change.
func (w *writer) keepServed() error {
	live, s := w.s.live, w.s
	recorded, err := s.recorded(s.served)
	if err != nil {
		return err
	}
	if live.renderedLike(w.next) && maps.Equal(live.pages, w.next.Pages) && maps.Equal(live.keys, w.next.Keys) && recorded != nil {
		return nil
	}
	for name := range w.next.Files {
		w.next.Files[name] = live.files[name]
	}
	if w.grow != nil { // struck off the record already
		s.base = nil
	}
	return s.recordTrees(s.served, w.next, s.spare, s.base)
}

// complete writes and links what is still missing, and exchanges the trees.
func (w *writer) complete(ctx context.Context) (Swap, error) {
	for name, data := range w.held {
		modified, err := w.grow.write(name, data, w.replaces(name))
		if err != nil {
			return "", err
		}
		w.times[name] = modified
	}
	w.held = nil
	for name, f := range w.next.Files {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		modified, written := w.times[name]
		if kept, ok := w.s.base.file(name, f.Hash); ok && !written {
			modified = kept.Modified
		} else if !written {
			if err := w.grow.link(w.s.served, name, w.replaces(name)); err != nil {
				return "", err
			}
			modified = w.s.live.files[name].Modified
		}
		f.Modified = modified
		w.next.Files[name] = f
	}
	return w.s.commit(ctx, w.next)
}

// abandon removes a release that will not be finished.
func (w *writer) abandon() error {
	if w.grow == nil {
		return nil
	}
	return os.RemoveAll(filepath.Clean(w.s.spare))
}
