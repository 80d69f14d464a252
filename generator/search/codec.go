package search

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"github.com/klauspost/compress/gzip"
	"hash/crc32"
	"io"
	"slices"
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
		return nil, fmt.Errorf("%w: %w", errCorrupt, err)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxShard))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCorrupt, err)
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

func (d *decoder) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
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
