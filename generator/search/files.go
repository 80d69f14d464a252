package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

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
