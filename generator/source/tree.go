package source

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// ErrTooLarge is wrapped by the error of reading a file above the limit.
var ErrTooLarge = errors.New("file is larger than the limit")

type entryKind uint8

const (
	fileEntry entryKind = iota
	folderEntry
	linkEntry
)

// entry is one file, folder or symlink of a tree.
type entry struct {
	name     string
	kind     entryKind
	id       string    // files: content hash in hex
	size     int64     // files: -1 where asking costs a read
	modTime  time.Time // files and folders on disk
	target   string    // symlinks: where they point, as written
	children []*entry  // folders: sorted by name
}

func (e *entry) child(name string) *entry {
	i, ok := slices.BinarySearchFunc(e.children, name, func(c *entry, n string) int { return strings.Compare(c.name, n) })
	if !ok {
		return nil
	}
	return e.children[i]
}

// content reads the bytes behind the entries of a tree.
type content interface {
	// read returns a file's bytes, or an error wrapping ErrTooLarge above limit.
	read(path string, e *entry, limit int64) ([]byte, error)
	// size returns a file's length, or -1 where it cannot be told.
	size(e *entry) int64
}

// tree is a listed tree as a file system: fs.ReadDirFS, fs.ReadFileFS and
// fs.StatFS. The listing is fixed; bytes are read on demand.
//
// Symlinks are resolved against the listing, never by the operating system:
// a link that leaves the tree, dangles or needs more than five hops does not
// exist. ReadDir shows a link to a file as that file and a link to a folder
// as a symlink, so that a walk visits nothing twice; its path opens as usual.
type tree struct {
	root    *entry
	content content
	modTime time.Time // for entries that have none of their own
}

// resolve follows name to an entry that is no symlink, and returns its real path too.
func (t *tree) resolve(name string) (string, *entry, bool) {
	if !fs.ValidPath(name) {
		return "", nil, false
	}
	type step struct {
		path string
		e    *entry
	}
	stack := []step{{".", t.root}}
	todo := strings.Split(name, "/")
	for hops := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		top := stack[len(stack)-1]
		if top.e.kind != folderEntry {
			return "", nil, false
		}
		switch part {
		case "", ".":
			continue
		case "..":
			if len(stack) == 1 {
				return "", nil, false
			}
			stack = stack[:len(stack)-1]
			continue
		}
		c := top.e.child(part)
		if c == nil {
			return "", nil, false
		}
		if c.kind != linkEntry {
			stack = append(stack, step{path.Join(top.path, part), c})
			continue
		}
		if hops++; hops > maxLinkHops || c.target == "" || strings.HasPrefix(c.target, "/") || strings.ContainsAny(c.target, "\\\x00") {
			return "", nil, false
		}
		todo = append(strings.Split(c.target, "/"), todo...)
	}
	top := stack[len(stack)-1]
	return top.path, top.e, true
}

func notExist(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

func (t *tree) find(op, name string) (string, *entry, error) {
	if !fs.ValidPath(name) {
		return "", nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	p, e, ok := t.resolve(name)
	if !ok {
		return "", nil, notExist(op, name)
	}
	return p, e, nil
}

// Open implements fs.FS. Files are read whole, up to MaxFileBytes.
func (t *tree) Open(name string) (fs.File, error) {
	p, e, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	info := t.info(path.Base(name), e)
	if e.kind == folderEntry {
		list, err := t.ReadDir(name)
		if err != nil {
			return nil, err
		}
		return &openFolder{info: info, list: list}, nil
	}
	b, err := t.read(name, p, e, MaxFileBytes)
	if err != nil {
		return nil, err
	}
	info.size = int64(len(b))
	return &openFile{Reader: bytes.NewReader(b), info: info}, nil
}

// ReadFile implements fs.ReadFileFS, up to MaxFileBytes.
func (t *tree) ReadFile(name string) ([]byte, error) { return t.ReadFileLimit(name, MaxFileBytes) }

// ReadFileLimit is ReadFile with the caller's own limit in bytes; the error
// wraps ErrTooLarge above it.
func (t *tree) ReadFileLimit(name string, limit int64) ([]byte, error) {
	p, e, err := t.find("read", name)
	if err != nil {
		return nil, err
	}
	if e.kind != fileEntry {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	return t.read(name, p, e, limit)
}

func (t *tree) read(name, real string, e *entry, limit int64) ([]byte, error) {
	b, err := t.content.read(real, e, limit)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return b, nil
}

// Stat implements fs.StatFS; symlinks are followed.
func (t *tree) Stat(name string) (fs.FileInfo, error) {
	_, e, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return t.info(path.Base(name), e), nil
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	p, e, err := t.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if e.kind != folderEntry {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	list := make([]fs.DirEntry, 0, len(e.children))
	for _, c := range e.children {
		info := t.info(c.name, c)
		if c.kind == linkEntry {
			_, to, ok := t.resolve(path.Join(p, c.name))
			if !ok {
				continue
			}
			if to.kind == fileEntry {
				info = t.info(c.name, to)
			}
		}
		list = append(list, info)
	}
	return list, nil
}

// hash returns the content hash of a file, "" where there is none.
func (t *tree) hash(name string) string {
	if _, e, ok := t.resolve(name); ok && e.kind == fileEntry {
		return e.id
	}
	return ""
}

func (t *tree) info(name string, e *entry) *entryInfo {
	return &entryInfo{tree: t, name: name, e: e, size: e.size}
}

// entryInfo is fs.FileInfo and fs.DirEntry of an entry.
type entryInfo struct {
	tree *tree
	name string
	e    *entry
	size int64
}

func (i *entryInfo) Name() string { return i.name }
func (i *entryInfo) IsDir() bool  { return i.e.kind == folderEntry }
func (i *entryInfo) Sys() any     { return nil }

func (i *entryInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i *entryInfo) Info() (fs.FileInfo, error) { return i, nil }
func (i *entryInfo) String() string             { return fs.FormatDirEntry(i) }

func (i *entryInfo) Size() int64 {
	if i.e.kind != fileEntry {
		return 0
	}
	if i.size < 0 {
		return max(0, i.tree.content.size(i.e))
	}
	return i.size
}

func (i *entryInfo) Mode() fs.FileMode {
	switch i.e.kind {
	case folderEntry:
		return fs.ModeDir | 0o555
	case linkEntry:
		return fs.ModeSymlink | 0o444
	default:
		return 0o444
	}
}

func (i *entryInfo) ModTime() time.Time {
	if i.e.modTime.IsZero() {
		return i.tree.modTime
	}
	return i.e.modTime
}

// openFile is an open file of a tree; it can seek.
type openFile struct {
	*bytes.Reader
	info *entryInfo
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

// openFolder is an open folder of a tree.
type openFolder struct {
	info *entryInfo
	list []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: errors.New("is a directory")}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		rest := f.list
		f.list = nil
		return rest, nil
	}
	if len(f.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.list))
	part := f.list[:n]
	f.list = f.list[n:]
	return part, nil
}
