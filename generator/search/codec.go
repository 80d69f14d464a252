package search

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// This file is the binary format of shards, described in FORMAT.md. Every
// shard is a gzip stream of a header and a payload. All integers are
// unsigned LEB128 (varints).

// FormatVersion is the version of the static files. A reader refuses another.
const FormatVersion = 1

// Kinds of shard, the fifth byte of the header.
const (
	shardTerms   = 't'
	shardLexicon = 'x'
	shardLengths = 'l'
	shardStore   = 's'
	shardLedger  = 'g' // kept in the state folder only
	shardLists   = 'p' // kept in the state folder only
)

const headerSize = 9 // "CBS", version, kind, CRC-32 of the payload (4, big-endian)

// maxShard bounds what a shard may unpack to, against hostile or broken files.
const maxShard = 1 << 30

// errCorrupt is what every decoding error wraps.
var errCorrupt = errors.New("the file is damaged")

// seal puts the header before a payload.
func seal(kind byte, payload []byte) []byte {
	out := make([]byte, 0, headerSize+len(payload))
	out = append(out, 'C', 'B', 'S', FormatVersion, kind)
	out = binary.BigEndian.AppendUint32(out, checksum(payload))
	return append(out, payload...)
}

// unseal checks a header and returns the payload.
func unseal(kind byte, b []byte) ([]byte, error) {
	if len(b) < headerSize || string(b[:3]) != "CBS" {
		return nil, fmt.Errorf("%w: it is not a search shard", errCorrupt)
	}
	if b[3] != FormatVersion {
		return nil, fmt.Errorf("the file has search format %d; this program reads %d", b[3], FormatVersion)
	}
	if b[4] != kind {
		return nil, fmt.Errorf("%w: it is a shard of kind %q, not %q", errCorrupt, b[4], kind)
	}
	if binary.BigEndian.Uint32(b[5:]) != checksum(b[headerSize:]) {
		return nil, fmt.Errorf("%w: the checksum differs", errCorrupt)
	}
	return b[headerSize:], nil
}

func checksum(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// pack compresses a sealed shard. The bytes depend on nothing but the input
// and the version of Go.
func pack(sealed []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(sealed); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// unpack undoes [pack] and [seal].
func unpack(kind byte, packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errCorrupt, err)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxShard))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errCorrupt, err)
	}
	return unseal(kind, raw)
}

// decoder reads varints and strings, remembering the first error.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errCorrupt, what)
	}
	d.b = nil
}

func (d *decoder) uint() int {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > 1<<31-1 {
		d.fail("a number is cut off or too large")
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

func (d *decoder) bytes(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail("it ends too early")
		return nil
	}
	out := d.b[:n:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) string() string { return string(d.bytes(d.uint())) }

// count reads a number of items that take at least one byte each.
func (d *decoder) count() int {
	n := d.uint()
	if n > len(d.b) {
		d.fail("a count is larger than the file")
		return 0
	}
	return n
}

func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail("there are bytes after the end")
	}
	return d.err
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// posting says how often a term stands in each field of one section, and how
// long title and name are where it stands in them, at most 255 terms. The
// text's length is apart, in the lengths shards, since it changes often.
type posting struct {
	ord         int
	tf          [fieldCount]uint16
	title, name uint8
}

// maxTF caps a term's frequency in a field; above it nothing changes any more.
const maxTF = 255

// appendPostings encodes postings in ascending order of ord. The first
// number is twice their count, plus one if the term stands in a name or
// title and so belongs to the lexicon.
func appendPostings(b []byte, ps []posting) []byte {
	lex := uint64(0)
	for i := range ps {
		if ps[i].tf[fieldName] > 0 || ps[i].tf[fieldTitle] > 0 {
			lex = 1
			break
		}
	}
	b = binary.AppendUvarint(b, uint64(len(ps))<<1|lex)
	last := 0
	for i := range ps {
		p := &ps[i]
		delta := uint64(p.ord-last) << 2
		last = p.ord
		mask := p.mask()
		switch text := p.tf[fieldText]; {
		case mask == 1<<fieldText && text == 1:
			b = binary.AppendUvarint(b, delta)
		case mask == 1<<fieldText && text == 2:
			b = binary.AppendUvarint(b, delta|1)
		case mask == 1<<fieldText:
			b = append(binary.AppendUvarint(b, delta|2), byte(text))
		default:
			b = append(binary.AppendUvarint(b, delta|3), mask)
			for _, tf := range p.tf {
				if tf > 0 {
					b = append(b, byte(tf))
				}
			}
			if p.tf[fieldTitle] > 0 {
				b = append(b, p.title)
			}
			if p.tf[fieldName] > 0 {
				b = append(b, p.name)
			}
		}
	}
	return b
}

func (p *posting) mask() byte {
	var m byte
	for f, tf := range p.tf {
		if tf > 0 {
			m |= 1 << f
		}
	}
	return m
}

// decodePostings undoes [appendPostings], appending to dst.
func decodePostings(dst []posting, data []byte) ([]posting, error) {
	d := decoder{b: data}
	n := d.uint() >> 1
	if n > len(d.b) {
		d.fail("a count is larger than the file")
	}
	dst = slices.Grow(dst, min(n, len(d.b)))
	ord := 0
	for i := 0; i < n && d.err == nil; i++ {
		v := d.uint()
		if i > 0 && v>>2 == 0 {
			d.fail("postings are out of order")
			break
		}
		ord += v >> 2
		p := posting{ord: ord}
		switch v & 3 {
		case 0:
			p.tf[fieldText] = 1
		case 1:
			p.tf[fieldText] = 2
		case 2:
			p.tf[fieldText] = uint16(d.byte())
		case 3:
			mask := d.byte()
			if mask == 0 || mask >= 1<<fieldCount {
				d.fail("a posting names no known field")
			}
			for f := range p.tf {
				if mask&(1<<f) != 0 {
					p.tf[f] = uint16(d.byte())
				}
			}
			if mask&(1<<fieldTitle) != 0 {
				p.title = d.byte()
			}
			if mask&(1<<fieldName) != 0 {
				p.name = d.byte()
			}
		}
		dst = append(dst, p)
	}
	return dst, d.end()
}

func (d *decoder) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// inLexicon reports the flag of encoded postings.
func inLexicon(data []byte) bool { return len(data) > 0 && data[0]&1 != 0 }

// termLists is a dictionary with its postings: terms in byte order, each with
// the bytes of [appendPostings].
type termLists struct {
	terms []string
	data  [][]byte
}

// encode writes the lists: the count, the dictionary (shared prefix, rest,
// length of postings), then all postings.
func (l termLists) encode(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(l.terms)))
	prev := ""
	for i, t := range l.terms {
		b = appendFront(b, prev, t)
		b = binary.AppendUvarint(b, uint64(len(l.data[i])))
		prev = t
	}
	for _, data := range l.data {
		b = append(b, data...)
	}
	return b
}

func appendFront(b []byte, prev, s string) []byte {
	n := 0
	for n < len(prev) && n < len(s) && prev[n] == s[n] {
		n++
	}
	b = binary.AppendUvarint(b, uint64(n))
	return appendString(b, s[n:])
}

// front reads a string written by [appendFront], which must sort after prev.
func (d *decoder) front(prev string, first bool) string {
	n := d.uint()
	if n > len(prev) {
		d.fail("a term shares more than the one before has")
		return ""
	}
	s := prev[:n] + d.string()
	if d.err == nil && (!first && s <= prev || !utf8.ValidString(s)) {
		d.fail("terms are out of order")
	}
	return s
}

// decodeTermLists undoes [termLists.encode]. The postings' bytes share memory with b.
func decodeTermLists(b []byte) (termLists, error) {
	d := decoder{b: b}
	n := d.count()
	l := termLists{terms: make([]string, 0, n), data: make([][]byte, 0, n)}
	sizes := make([]int, 0, n)
	prev := ""
	for i := 0; i < n && d.err == nil; i++ {
		prev = d.front(prev, i == 0)
		l.terms = append(l.terms, prev)
		sizes = append(sizes, d.uint())
	}
	for _, size := range sizes {
		l.data = append(l.data, d.bytes(size))
	}
	return l, d.end()
}

// encodeLexicon writes terms alone, front-coded.
func encodeLexicon(terms []string) []byte {
	b := binary.AppendUvarint(nil, uint64(len(terms)))
	prev := ""
	for _, t := range terms {
		b = appendFront(b, prev, t)
		prev = t
	}
	return b
}

func decodeLexicon(b []byte) ([]string, error) {
	d := decoder{b: b}
	n := d.count()
	out := make([]string, 0, n)
	prev := ""
	for i := 0; i < n && d.err == nil; i++ {
		prev = d.front(prev, i == 0)
		out = append(out, prev)
	}
	return out, d.end()
}

// lexicon lists the terms in which typing mistakes are forgiven: those of
// names and titles.
func (l termLists) lexicon() []string {
	var out []string
	for i, t := range l.terms {
		if inLexicon(l.data[i]) && !strings.HasSuffix(t, keyMark) {
			out = append(out, t)
		}
	}
	return out
}

// lengthSteps are the lengths that a byte of the lengths shard stands for:
// exact below 8, then four steps to every doubling.
var lengthSteps = func() [64]int {
	var t [64]int
	for i := range t {
		if t[i] = i; i >= 8 {
			t[i] = (4 + i%4) << (i/4 - 1)
		}
	}
	return t
}()

// quantise returns the byte of the largest step that is not above n.
func quantise(n int) byte {
	i, _ := slices.BinarySearchFunc(lengthSteps[:], n+1, func(step, n int) int { return step - n })
	return byte(i - 1)
}
