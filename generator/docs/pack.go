package docs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/snappy"

	"github.com/callboard-portal/callboard/generator/diag"
)

// A pack is one file with a whole site: a magic line, the length and checksum
// of the header, the header as JSON with everything but the pages' bodies,
// and the bodies, each compressed. A site that has not changed costs reading
// the header. A pack is never changed once written: its name has its key, so
// that pages of an older build can still be read while a newer one exists.

const packMagic = "callboard docs pack\n"

// packHeader is what is known of a site without its bodies.
type packHeader struct {
	// Tree is the key of the exact checkout; Docs the key of what the site
	// was made of. Either being the same is enough.
	Tree, Docs  string
	Title       string            `json:",omitempty"`
	Description string            `json:",omitempty"`
	Nav         []packNav         `json:",omitempty"`
	Pages       []packPage        `json:",omitempty"`
	Assets      []Asset           `json:",omitempty"`
	Redirects   map[string]string `json:",omitempty"`
	Diags       diag.List         `json:",omitempty"`
	// Probes are paths that links asked for, with the content's hash ("" for
	// none); Entities the same for refs, with the folder in the URL space.
	Probes   map[string]string `json:",omitempty"`
	Entities map[string]string `json:",omitempty"`
}

type packNav struct {
	Title    string    `json:"t,omitempty"`
	Page     int       `json:"p,omitempty"` // index in Pages, plus 1
	URL      string    `json:"u,omitempty"`
	Children []packNav `json:"c,omitempty"`
}

type packPage struct {
	Path, File, Title string
	Description       string   `json:",omitempty"`
	Tags              []string `json:",omitempty"`
	HideNav           bool     `json:",omitempty"`
	HideTOC           bool     `json:",omitempty"`
	NoSearch          bool     `json:",omitempty"`
	Hash, Source      string   // of the content, of what it was rendered from
	Edit              string   `json:",omitempty"` // "-" for none, "" for the host's
	// Snippets are the files included, with their hashes.
	Snippets map[string]string `json:",omitempty"`
	// Macros are the values of the names the page uses.
	Macros         macros `json:",omitempty"`
	Offset, Length int
	Sum            uint32
}

// body is the compressed record of a page, in memory or in a file.
type body struct {
	data   []byte // nil if in a file
	file   string
	offset int64
	length int
	sum    uint32
	// snippets are the files the record depends on besides its source.
	snippets map[string]string
}

// read returns the record.
func (b body) read() (*record, []string, error) {
	data := b.data
	if data == nil {
		f, err := os.Open(b.file)
		if err != nil {
			return nil, nil, fmt.Errorf("open cached docs: %w", err)
		}
		defer f.Close()
		data = make([]byte, b.length)
		if _, err := f.ReadAt(data, b.offset); err != nil {
			return nil, nil, fmt.Errorf("read cached docs %s: %w", b.file, err)
		}
	}
	if crc32.ChecksumIEEE(data) != b.sum {
		return nil, nil, fmt.Errorf("read cached docs %s: %w", b.file, errDamaged)
	}
	raw, err := snappy.Decode(nil, data)
	if err != nil {
		return nil, nil, fmt.Errorf("read cached docs %s: %w", b.file, errDamaged)
	}
	return decodeRecord(raw)
}

// newBody compresses a record.
func newBody(r *record, slots []string) body {
	data := snappy.Encode(nil, encodeRecord(r, slots))
	return body{data: data, length: len(data), sum: crc32.ChecksumIEEE(data)}
}

// loader returns a page's load function.
func (b body) loader(title string, m macros) func() (*Content, error) {
	return func() (*Content, error) {
		r, slots, err := b.read()
		if err != nil {
			return nil, err
		}
		return compose(title, r, slots, m), nil
	}
}

// pack is an opened pack.
type pack struct {
	file   string
	header packHeader
	start  int64 // of the bodies
}

func (p *pack) body(i int) body {
	q := &p.header.Pages[i]
	return body{file: p.file, offset: p.start + int64(q.Offset), length: q.Length, sum: q.Sum, snippets: q.Snippets}
}

// openPack reads a pack's header. A file that is not a whole pack is an error.
func openPack(file string) (*pack, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, len(packMagic)+16)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:len(packMagic)]) != packMagic {
		return nil, errDamaged
	}
	nums := head[len(packMagic):]
	length, sum, total := binary.LittleEndian.Uint32(nums), binary.LittleEndian.Uint32(nums[4:]), binary.LittleEndian.Uint64(nums[8:])
	info, err := f.Stat()
	if err != nil || uint64(info.Size()) != total || int64(length) > info.Size() {
		return nil, errDamaged
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(f, raw); err != nil || crc32.ChecksumIEEE(raw) != sum {
		return nil, errDamaged
	}
	p := &pack{file: file, start: int64(len(head)) + int64(length)}
	if err := json.Unmarshal(raw, &p.header); err != nil {
		return nil, errDamaged
	}
	return p, nil
}

// writePack writes a pack with the bodies in the order of header.Pages.
func writePack(file string, header *packHeader, bodies []body) error {
	raw, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("encode docs cache: %w", err)
	}
	var buf bytes.Buffer
	buf.WriteString(packMagic)
	total := uint64(len(packMagic) + 16 + len(raw))
	for _, b := range bodies {
		total += uint64(len(b.data))
	}
	var nums [16]byte
	binary.LittleEndian.PutUint32(nums[:], uint32(len(raw)))
	binary.LittleEndian.PutUint32(nums[4:], crc32.ChecksumIEEE(raw))
	binary.LittleEndian.PutUint64(nums[8:], total)
	buf.Write(nums[:])
	buf.Write(raw)
	for _, b := range bodies {
		buf.Write(b.data)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".pack-*")
	if err != nil {
		return fmt.Errorf("write docs cache: %w", err)
	}
	_, err = tmp.Write(buf.Bytes())
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("write docs cache: %w", err)
	}
	return nil
}

// digest returns a short hash over parts.
func digest(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// cacheIndex lists the packs of a cache folder by site.
type cacheIndex struct {
	dir   string
	files map[string][]string // names by site id, sorted
}

func readCache(dir string) (*cacheIndex, error) {
	x := &cacheIndex{dir: dir, files: map[string][]string{}}
	if dir == "" {
		return x, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create docs cache: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read docs cache: %w", err)
	}
	for _, e := range entries {
		if id, _, ok := strings.Cut(e.Name(), "-"); ok && strings.HasSuffix(e.Name(), ".pack") {
			x.files[id] = append(x.files[id], e.Name())
		}
	}
	return x, nil
}

func (x *cacheIndex) path(id, key string) string {
	return filepath.Join(x.dir, id+"-"+key[:16]+".pack")
}

// open returns the packs of a site, the newest first.
func (x *cacheIndex) open(id string) []*pack {
	type aged struct {
		p    *pack
		time int64
	}
	var found []aged
	for _, name := range x.files[id] {
		file := filepath.Join(x.dir, name)
		p, err := openPack(file)
		if err != nil {
			_ = os.Remove(file)
			continue
		}
		a := aged{p: p}
		if info, err := os.Stat(file); err == nil && len(x.files[id]) > 1 {
			a.time = info.ModTime().UnixNano()
		}
		found = append(found, a)
	}
	slices.SortStableFunc(found, func(a, b aged) int { return int(min(1, max(-1, b.time-a.time))) })
	out := make([]*pack, len(found))
	for i, a := range found {
		out[i] = a.p
	}
	return out
}

// prune removes the packs of sites that no longer exist, and all but the kept
// ones of the others.
func (x *cacheIndex) prune(keep map[string]bool) {
	for _, names := range x.files {
		for _, name := range names {
			if !keep[filepath.Join(x.dir, name)] {
				_ = os.Remove(filepath.Join(x.dir, name))
			}
		}
	}
}
