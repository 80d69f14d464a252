package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/afero"
)

// sink is the file system that Hugo publishes into. It keeps nothing: each
// file is buffered until Hugo closes it and then handed to put whole, so that
// nothing is ever half written. Hugo is told of no failure, since it can block
// for ever after ten of them: the first one is kept for the caller, and what
// comes later is dropped.
type sink struct {
	root string // what Hugo believes to be the publish folder
	put  func(path string, data []byte) error

	gate sync.RWMutex // held for reading while put runs

	mu      sync.Mutex
	failure error
	written map[string]bool
}

var _ afero.Fs = (*sink)(nil)

func newSink(root string, put func(string, []byte) error) *sink {
	return &sink{root: filepath.ToSlash(root), put: put, written: map[string]bool{}}
}

func (s *sink) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

func (s *sink) wrote(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written[path]
}

// close takes a finished file.
func (s *sink) close(name string, data []byte) error {
	s.mu.Lock()
	twice := s.written[name]
	s.written[name] = true
	s.mu.Unlock()
	if twice {
		return nil // assets shared by chunks of a build, or re-published by Hugo, are the same bytes
	}
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.err() == nil {
		if err := s.put(name, data); err != nil {
			s.fail(fmt.Errorf("write %s: %w", name, err))
		}
	}
	return nil
}

func (s *sink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = err
	}
}

// stop makes the sink drop whatever comes, and waits for what is being put.
func (s *sink) stop(err error) {
	s.fail(err)
	s.gate.Lock()
	defer s.gate.Unlock()
}

// count returns how many files have been written.
func (s *sink) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.written)
}

// sitePath turns Hugo's file name into a path below the publish folder.
func (s *sink) sitePath(name string) (string, error) {
	name = path.Clean(filepath.ToSlash(name))
	rel, ok := strings.CutPrefix(name, s.root+"/")
	if !ok || !fs.ValidPath(rel) {
		return "", &fs.PathError{Op: "create", Path: name, Err: errors.New("outside the site")}
	}
	return rel, nil
}

func (s *sink) Create(name string) (afero.File, error) {
	rel, err := s.sitePath(name)
	if err != nil {
		return nil, err
	}
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return &sinkFile{sink: s, name: name, path: rel, buf: buf}, nil
}

func (s *sink) OpenFile(name string, flag int, _ os.FileMode) (afero.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.Create(name)
}

func (s *sink) Open(name string) (afero.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (s *sink) Stat(name string) (os.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

func (s *sink) Name() string                               { return "callboard sink" }
func (s *sink) Mkdir(string, os.FileMode) error            { return nil }
func (s *sink) MkdirAll(string, os.FileMode) error         { return nil }
func (s *sink) Remove(string) error                        { return nil }
func (s *sink) RemoveAll(string) error                     { return nil }
func (s *sink) Rename(string, string) error                { return errors.ErrUnsupported }
func (s *sink) Chmod(string, os.FileMode) error            { return nil }
func (s *sink) Chown(string, int, int) error               { return nil }
func (s *sink) Chtimes(string, time.Time, time.Time) error { return nil }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// sinkFile is one file being written. Reading it is not supported: Hugo only
// creates, writes and closes.
type sinkFile struct {
	sink *sink
	name string
	path string
	buf  *bytes.Buffer
}

func (f *sinkFile) Write(p []byte) (int, error)          { return f.buf.Write(p) }
func (f *sinkFile) WriteString(text string) (int, error) { return f.buf.WriteString(text) }
func (f *sinkFile) Name() string                         { return f.name }
func (f *sinkFile) Sync() error                          { return nil }

func (f *sinkFile) Close() error {
	if f.buf == nil {
		return fs.ErrClosed
	}
	err := f.sink.close(f.path, f.buf.Bytes())
	buffers.Put(f.buf)
	f.buf = nil
	return err
}

func (f *sinkFile) Read([]byte) (int, error)           { return 0, errors.ErrUnsupported }
func (f *sinkFile) ReadAt([]byte, int64) (int, error)  { return 0, errors.ErrUnsupported }
func (f *sinkFile) Seek(int64, int) (int64, error)     { return 0, errors.ErrUnsupported }
func (f *sinkFile) WriteAt([]byte, int64) (int, error) { return 0, errors.ErrUnsupported }
func (f *sinkFile) Readdir(int) ([]os.FileInfo, error) { return nil, errors.ErrUnsupported }
func (f *sinkFile) Readdirnames(int) ([]string, error) { return nil, errors.ErrUnsupported }
func (f *sinkFile) Stat() (os.FileInfo, error)         { return nil, errors.ErrUnsupported }
func (f *sinkFile) Truncate(int64) error               { return errors.ErrUnsupported }
