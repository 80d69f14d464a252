package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// onDisk reads the files of a listed folder from disk, confined to it.
type onDisk struct{ dir string }

// read implements content. A file that changed since it was listed is an
// error: its hash has been given away already. Watchers list again.
func (d onDisk) read(path string, e *entry, limit int64) ([]byte, error) {
	f, err := os.OpenInRoot(d.dir, filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fs.ErrInvalid
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%w: %d bytes, limit %d", ErrTooLarge, info.Size(), limit)
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) != e.size || !info.ModTime().Equal(e.modTime) {
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != e.id {
			return nil, fmt.Errorf("the file changed while it was read")
		}
	}
	return b, nil
}

func (d onDisk) size(e *entry) int64 { return e.size }

// maxHashed is the size above which a file's identity is its size and
// modification time instead of its bytes: such files are never shown.
const maxHashed = 64 << 20

// ignorer says which paths of a working tree git does not track.
type ignorer interface {
	// enter returns the ignorer for a folder's children; list are their names.
	enter(dir string, list []fs.DirEntry) ignorer
	// ignored reports whether an entry is to be left out.
	ignored(path string, isDir bool) bool
}

// scan lists a folder on disk and hashes its files.
type scan struct {
	lister
	ctx     context.Context
	dir     string
	exclude map[string]bool // paths below dir that are left out
	cache   *hashCache
}

// scanFolder lists dir. It leaves out .git, node_modules, folders that are
// git repositories of their own, what ig ignores and the excluded paths.
// Symlinks are listed but not followed. The digest covers paths and contents.
func scanFolder(ctx context.Context, dir string, exclude []string, ig ignorer, cacheFile string, f *findings) (*tree, string, error) {
	s := &scan{lister: lister{findings: f}, ctx: ctx, dir: dir, exclude: below(dir, exclude), cache: openHashCache(cacheFile)}
	root := &entry{name: ".", kind: folderEntry}
	if info, err := os.Stat(dir); err == nil {
		root.modTime = info.ModTime()
	}
	if err := s.list(root, "", ig, 1); err != nil {
		return nil, "", fmt.Errorf("list %s: %w", filepath.Base(dir), err)
	}
	s.cache.save()
	t := &tree{root: root, content: onDisk{dir}}
	checkLinks(t, f)
	return t, digest(root), nil
}

// below returns those of some absolute paths that lie below dir, relative to
// it, whichever way symlinks lead there.
func below(dir string, paths []string) map[string]bool {
	found := map[string]bool{}
	realDir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		realDir = dir
	}
	for _, p := range paths {
		realPath, err := filepath.EvalSymlinks(p)
		if err != nil {
			realPath = p
		}
		for _, pair := range [][2]string{{dir, p}, {realDir, realPath}} {
			if rel, err := filepath.Rel(pair[0], pair[1]); err == nil && filepath.IsLocal(rel) {
				found[filepath.ToSlash(rel)] = true
			}
		}
	}
	return found
}

func (s *scan) list(e *entry, dir string, ig ignorer, depth int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	list, err := os.ReadDir(filepath.Join(s.dir, filepath.FromSlash(dir)))
	if err != nil {
		if dir == "" {
			return err
		}
		return nil // a folder we may not read, or that vanished meanwhile
	}
	if ig != nil {
		ig = ig.enter(dir, list)
	}
	for _, d := range list {
		c, err := s.entry(d, dir, ig, depth)
		if err != nil {
			return err
		}
		if c != nil {
			e.children = append(e.children, c)
		}
	}
	slices.SortFunc(e.children, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	e.children = s.distinct(dir, e.children)
	return nil
}

// entry returns the entry for one name, nil when it is left out.
func (s *scan) entry(d fs.DirEntry, dir string, ig ignorer, depth int) (*entry, error) {
	name, p := d.Name(), join(dir, d.Name())
	abs := filepath.Join(s.dir, filepath.FromSlash(p))
	if name == ".git" || name == "node_modules" || s.exclude[p] || ig != nil && ig.ignored(p, d.IsDir()) {
		return nil, nil
	}
	if !s.allowed(dir, name) || !s.take() {
		return nil, nil
	}
	switch {
	case d.IsDir():
		if s.deep(p, depth+1) {
			return nil, nil
		}
		if _, err := os.Lstat(filepath.Join(abs, ".git")); err == nil {
			return nil, nil
		}
		c := &entry{name: name, kind: folderEntry}
		if info, err := d.Info(); err == nil {
			c.modTime = info.ModTime()
		}
		return c, s.list(c, p, ig, depth+1)
	case d.Type()&fs.ModeSymlink != 0:
		target, err := os.Readlink(abs)
		if err != nil {
			return nil, nil
		}
		return &entry{name: name, kind: linkEntry, target: filepath.ToSlash(target)}, nil
	case d.Type().IsRegular():
		info, err := d.Info()
		if err != nil {
			return nil, nil
		}
		id, err := s.hash(p, info)
		if err != nil {
			return nil, nil
		}
		return &entry{name: name, kind: fileEntry, size: info.Size(), modTime: info.ModTime(), id: id}, nil
	}
	return nil, nil // sockets, devices and pipes
}

// hash returns a file's content hash, from the cache where its stamp is unchanged.
func (s *scan) hash(path string, info fs.FileInfo) (string, error) {
	stamp := stampOf(info)
	if id, ok := s.cache.get(path, stamp); ok {
		return id, nil
	}
	if info.Size() > maxHashed {
		return fmt.Sprintf("stat-%d-%d", info.Size(), info.ModTime().UnixNano()), nil
	}
	f, err := os.OpenInRoot(s.dir, filepath.FromSlash(path))
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	id := hex.EncodeToString(h.Sum(nil))
	s.cache.put(path, stamp, id)
	return id, nil
}

// digest hashes the names and content hashes of a whole tree.
func digest(root *entry) string {
	h := sha256.New()
	var walk func(e *entry)
	walk = func(e *entry) {
		for _, c := range e.children {
			fmt.Fprintf(h, "%d %q %q %q\n", c.kind, c.name, c.id, c.target)
			if c.kind == folderEntry {
				walk(c)
				fmt.Fprintln(h, "..")
			}
		}
	}
	walk(root)
	return hex.EncodeToString(h.Sum(nil))
}
