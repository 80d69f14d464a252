package manifest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// The format of a manifest file: the magic line; the version as a varint;
// engine and theme digest as strings; the pages in the order of URLs, each as
// URL, path and key; the files in the order of paths, each as path, hash, size
// and time; the keys in the order of paths; then the SHA-256 of everything
// before. Strings and lists begin with their length as a varint. A binary form,
// because reading the manifest of 10,000 pages as JSON would take longer than
// rendering a changed page.
const (
	magic   = "callboard manifest\n"
	version = 1
)

// ErrCorrupt is returned for a file that is no manifest, or a damaged one.
// The remedy is [Scan].
var ErrCorrupt = errors.New("manifest is damaged")

// ErrNewer is returned for a manifest of a later Callboard. It is refused, not
// rebuilt, because rebuilding would undo what the later version knows.
var ErrNewer = errors.New("manifest was written by a newer Callboard; use that version, or delete the state folder")

// Encode returns the manifest in its file form. Equal manifests give equal bytes.
func (m *Manifest) Encode() []byte {
	b := make([]byte, 0, 256+160*(len(m.Pages)+len(m.Files)))
	b = append(b, magic...)
	b = binary.AppendUvarint(b, version)
	b = appendString(b, m.Engine)
	b = appendString(b, m.ThemeDigest)
	b = binary.AppendUvarint(b, uint64(len(m.Pages)))
	for _, url := range slices.Sorted(maps.Keys(m.Pages)) {
		p := m.Pages[url]
		b = appendString(b, url)
		b = appendString(b, p.Path)
		b = append(b, p.Key[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(m.Files)))
	for _, path := range slices.Sorted(maps.Keys(m.Files)) {
		f := m.Files[path]
		b = appendString(b, path)
		b = append(b, f.Hash[:]...)
		b = binary.AppendVarint(b, f.Size)
		b = binary.AppendVarint(b, f.Modified)
	}
	b = binary.AppendUvarint(b, uint64(len(m.Keys)))
	for _, path := range slices.Sorted(maps.Keys(m.Keys)) {
		key := m.Keys[path]
		b = appendString(b, path)
		b = append(b, key[:]...)
	}
	sum := Sum(b)
	return append(b, sum[:]...)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// Decode reads the file form. It returns ErrCorrupt or ErrNewer, never a
// manifest that is partly read.
func Decode(data []byte) (*Manifest, error) {
	body, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, ErrCorrupt
	}
	r := &reader{rest: string(body)}
	if v := r.uvarint(); r.bad || v == 0 {
		return nil, ErrCorrupt
	} else if v > version {
		return nil, ErrNewer
	}
	end := len(data) - len(Hash{})
	if end < len(magic) || Sum(data[:end]) != Hash(data[end:]) {
		return nil, ErrCorrupt
	}
	r.rest = r.rest[:len(r.rest)-len(Hash{})]
	m := r.manifest()
	if r.bad || r.rest != "" {
		return nil, ErrCorrupt
	}
	return m, nil
}

// reader takes values off the front of rest. After the first value that does
// not fit, bad is set and every further value is zero.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) manifest() *Manifest {
	m := New(r.text(), r.text())
	for range r.count() {
		url, path := r.text(), r.text()
		m.Pages[url] = Page{Path: path, Key: r.hash()}
	}
	for range r.count() {
		path := r.text()
		m.Files[path] = File{Hash: r.hash(), Size: r.varint(), Modified: r.varint()}
	}
	for range r.count() {
		path := r.text()
		m.Keys[path] = r.hash()
	}
	return m
}

// count reads the length of a list. No element is shorter than its hash, so a
// longer list than could fit is refused before anything is allocated for it.
func (r *reader) count() uint64 {
	n := r.uvarint()
	if n > uint64(len(r.rest)/len(Hash{})) {
		r.bad = true
		return 0
	}
	return n
}

func (r *reader) take(n uint64) string {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) text() string { return r.take(r.uvarint()) }

func (r *reader) hash() Hash {
	var h Hash
	copy(h[:], r.take(uint64(len(h))))
	return h
}

func (r *reader) uvarint() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.take(1)
		if b == "" {
			return 0
		}
		n |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			return n
		}
	}
	r.bad = true
	return 0
}

// varint reads the zigzag form of binary.AppendVarint.
func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// Read reads a manifest file. Besides ErrCorrupt and ErrNewer it returns
// errors of the file system, fs.ErrNotExist among them.
func Read(file string) (*Manifest, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	m, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filepath.Base(file), err)
	}
	return m, nil
}

// Write writes what [Manifest.Encode] returned to a file, so that it is there
// whole or not at all, also after a power cut. The folder must exist.
func Write(file string, encoded []byte) error {
	if err := writeAtomic(file, encoded); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

func writeAtomic(file string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".manifest-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails, as it should, once renamed
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
