package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/callboard-portal/callboard/generator/manifest"
)

// survey compares the tree with what it should hold, by names, sizes and
// times, without reading files. Files that are missing or were touched are
// struck off; it reports whether the tree holds exactly what it should.
func (t *tree) survey(ctx context.Context) (clean bool, err error) {
	v := &surveyor{root: t.root, want: t.files, folders: foldersOf(t.files), busy: make(chan struct{}, runtime.GOMAXPROCS(0))}
	v.wait.Add(1)
	v.folder(ctx, "")
	v.wait.Wait()
	if err := errors.Join(v.failure, ctx.Err()); err != nil {
		return false, fmt.Errorf("look through %s: %w", t.root, err)
	}
	clean = !v.strange && v.found == len(t.files)
	if !clean {
		t.files = maps.Clone(t.files)
		maps.DeleteFunc(t.files, func(path string, f manifest.File) bool { return !sameFile(t.root, path, f) })
	}
	return clean, nil
}

// surveyor walks a tree with a few goroutines.
type surveyor struct {
	root    string
	want    map[string]manifest.File
	folders map[string]bool
	busy    chan struct{}
	wait    sync.WaitGroup

	mu      sync.Mutex
	found   int  // files as they should be
	strange bool // something else was seen
	failure error
}

// folder looks at one folder and below, in new goroutines while there are few.
func (v *surveyor) folder(ctx context.Context, dir string) {
	defer v.wait.Done()
	entries, err := os.ReadDir(filepath.Join(v.root, filepath.FromSlash(dir)))
	found, strange := 0, false
	for _, e := range entries {
		if ctx.Err() != nil {
			return
		}
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && v.folders[name]:
			v.descend(ctx, name)
		case e.Type().IsRegular() && v.asWanted(e, name):
			found++
		default:
			strange = true
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.found += found
	v.strange = v.strange || strange
	if v.failure == nil && !errors.Is(err, fs.ErrNotExist) {
		v.failure = err
	}
}

func (v *surveyor) descend(ctx context.Context, name string) {
	v.wait.Add(1)
	select {
	case v.busy <- struct{}{}:
		go func() {
			v.folder(ctx, name)
			<-v.busy
		}()
	default:
		v.folder(ctx, name)
	}
}

func (v *surveyor) asWanted(e fs.DirEntry, name string) bool {
	want, ok := v.want[name]
	if !ok {
		return false
	}
	info, err := e.Info()
	return err == nil && info.Size() == want.Size && info.ModTime().UnixNano() == want.Modified
}

func sameFile(root, name string, want manifest.File) bool {
	info, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil && info.Mode().IsRegular() && info.Size() == want.Size && info.ModTime().UnixNano() == want.Modified
}

// foldersOf returns every folder that the files need.
func foldersOf(files map[string]manifest.File) map[string]bool {
	folders := make(map[string]bool, len(files))
	for name := range files {
		for dir := path.Dir(name); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	return folders
}

// growing is the spare tree while it becomes the next release. Its methods
// may be called from several goroutines, for different paths.
type growing struct {
	root string
	disk disk

	mu      sync.Mutex
	folders map[string]bool // that exist
}

// write creates a file with new bytes. It never writes to a file that exists,
// since that may be one the served tree shares.
func (g *growing) write(name string, data []byte, replace bool) (modified int64, err error) {
	file, err := g.place(name, replace)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = f.Write(data)
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err != nil {
		return 0, err
	}
	return info.ModTime().UnixNano(), nil
}

// link makes a file one with that of another tree, or a copy of it where the
// file system has no hard links. A copy keeps the time.
func (g *growing) link(from, name string, replace bool) error {
	file, err := g.place(name, replace)
	if err != nil {
		return err
	}
	source := filepath.Join(from, filepath.FromSlash(name))
	if err := g.disk.link(source, file); err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return err
	}
	return copyFile(source, file)
}

// place makes way for a file and returns where it goes.
func (g *growing) place(name string, replace bool) (string, error) {
	if err := g.disk.step("file"); err != nil {
		return "", err
	}
	if err := g.folder(path.Dir(name)); err != nil {
		return "", err
	}
	file := filepath.Join(g.root, filepath.FromSlash(name))
	if replace {
		return file, os.Remove(file)
	}
	return file, nil
}

// folder makes a folder and those above it.
func (g *growing) folder(name string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.makeFolder(name)
}

func (g *growing) makeFolder(name string) error {
	if name == "." || g.folders[name] {
		return nil
	}
	if err := g.makeFolder(path.Dir(name)); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(g.root, filepath.FromSlash(name)), 0o755); err != nil {
		return err
	}
	g.folders[name] = true
	return nil
}

// remove deletes a file and the folders that it leaves empty. Nothing else
// may happen to the tree meanwhile.
func (g *growing) remove(name string) error {
	if err := g.disk.step("remove"); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(g.root, filepath.FromSlash(name))); err != nil {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if os.Remove(filepath.Join(g.root, filepath.FromSlash(dir))) != nil {
			return nil // not empty
		}
		delete(g.folders, dir)
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}
