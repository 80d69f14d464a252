package serve

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long files must be quiet before a change counts: editors
// save in several steps.
const settle = 40 * time.Millisecond

// Watch calls changed after files below any of the paths have changed and
// been quiet for a moment, until ctx ends. Paths may be files or folders;
// those that do not exist are passed over. changed returns further paths to
// watch from then on, and is never called twice at once. What lies at or below
// the paths in except does not count: what changed itself writes must be among
// them, or it would be called for ever. Git's own folders, .callboard and
// node_modules are not watched.
func Watch(ctx context.Context, paths, except []string, changed func() []string) error {
	fsw, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer fsw.Close()
	w := &watch{fsw: fsw, files: map[string]bool{}, trees: map[string]bool{}, except: map[string]bool{}}
	for _, p := range except {
		w.except[absolute(p)] = true
	}
	w.add(paths)
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err, ok := <-fsw.Errors:
			if !ok {
				return nil
			}
			return err
		case e, ok := <-fsw.Events:
			if !ok {
				return nil
			}
			if !w.matters(e) {
				continue
			}
			if fi, err := os.Stat(e.Name); err == nil && fi.IsDir() {
				w.addTree(e.Name)
			}
			quiet = time.After(settle)
		case <-quiet:
			quiet = nil
			w.add(changed())
		}
	}
}

// watch is what one Watch call looks at: whole trees, and single files whose
// neighbours do not matter.
type watch struct {
	fsw                  *fsnotify.Watcher
	files, trees, except map[string]bool
}

func (w *watch) add(paths []string) {
	for _, p := range paths {
		p = absolute(p)
		fi, err := os.Stat(p)
		switch {
		case err != nil || w.trees[p] || w.files[p]:
		case fi.IsDir():
			w.trees[p] = true
			w.addTree(p)
		default:
			w.files[p] = true
			_ = w.fsw.Add(filepath.Dir(p)) // a folder that vanished just now is not watched
		}
	}
}

// absolute makes paths comparable, however each was written.
func absolute(p string) string {
	if abs, err := filepath.Abs(p); err == nil {
		return abs
	}
	return filepath.Clean(p)
}

func (w *watch) addTree(dir string) {
	_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir // unreadable: nothing to watch
		case !d.IsDir():
			return nil
		case p != dir && unwatched[d.Name()], within(w.except, p):
			return fs.SkipDir
		}
		_ = w.fsw.Add(p)
		return nil
	})
}

var unwatched = map[string]bool{".git": true, ".callboard": true, "node_modules": true}

// matters reports whether an event is a change of content, leaving out
// editors' temporary files and neighbours of single files.
func (w *watch) matters(e fsnotify.Event) bool {
	name := filepath.Clean(e.Name)
	base := filepath.Base(name)
	if e.Op == fsnotify.Chmod || unwatched[base] || strings.HasSuffix(base, "~") || strings.HasSuffix(base, ".swp") || strings.HasPrefix(base, ".#") || base == "4913" || strings.Contains(base, ".callboard-") {
		return false
	}
	return !within(w.except, name) && (w.files[name] || within(w.trees, name))
}

// within reports whether a path is one of those given, or below one.
func within(paths map[string]bool, name string) bool {
	for dir := name; ; dir = filepath.Dir(dir) {
		if paths[dir] {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}
