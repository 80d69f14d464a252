package source

import (
	"bytes"
	"compress/flate"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// packer writes a pack file object by object.
type packer struct {
	bytes.Buffer
}

func newPacker(objects int) *packer {
	p := &packer{}
	p.WriteString("PACK")
	binary.Write(p, binary.BigEndian, [2]uint32{2, uint32(objects)})
	return p
}

func (p *packer) header(kind byte, size int64) {
	b := kind<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		p.WriteByte(b | 0x80)
		b = byte(size & 0x7f)
	}
	p.WriteByte(b)
}

// object writes a small object and returns its hash.
func (p *packer) object(kind byte, name string, b []byte) [20]byte {
	p.header(kind, int64(len(b)))
	p.deflate(b)
	return sha1.Sum(append(fmt.Appendf(nil, "%s %d\x00", name, len(b)), b...))
}

func (p *packer) deflate(b []byte) {
	p.Write([]byte{0x78, 0x9c})
	w, _ := flate.NewWriter(p, flate.BestCompression)
	w.Write(b)
	w.Close()
	binary.Write(p, binary.BigEndian, adler(b))
}

func adler(b []byte) uint32 {
	x, y := uint32(1), uint32(0)
	for _, c := range b {
		x = (x + uint32(c)) % 65521
		y = (y + x) % 65521
	}
	return y<<16 | x
}

// zeros writes a blob of mebibytes of zeros without compressing them one by
// one: the compressed form of one mebibyte repeats.
func (p *packer) zeros(mebibytes int) {
	size := int64(mebibytes) << 20
	p.header(3, size)
	p.Write([]byte{0x78, 0x9c})
	var block bytes.Buffer
	w, _ := flate.NewWriter(&block, flate.BestCompression)
	w.Write(make([]byte, 1<<20))
	w.Flush()
	p.Write(bytes.Repeat(block.Bytes(), mebibytes))
	p.Write([]byte{0x03, 0x00}) // an empty last block
	binary.Write(p, binary.BigEndian, uint32(size%65521)<<16|1)
}

// zerosHash is the hash of such a blob.
func zerosHash(mebibytes int) [20]byte {
	size := int64(mebibytes) << 20
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", size)
	io.Copy(h, io.LimitReader(zeroReader{}, size))
	return sum20(h)
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func sum20(h hash.Hash) (s [20]byte) { copy(s[:], h.Sum(nil)); return s }

// finish adds the trailing checksum.
func (p *packer) finish() []byte {
	sum := sha1.Sum(p.Bytes())
	p.Write(sum[:])
	return p.Bytes()
}

// bomb is a repository with one file of zeros, as a pack and its commit.
func bomb(mebibytes int) ([]byte, [20]byte) {
	p := newPacker(3)
	p.zeros(mebibytes)
	blob := [20]byte{1} // nobody lives to compare the hash of a large bomb
	if mebibytes < 100 {
		blob = zerosHash(mebibytes)
	}
	tree := p.object(2, "tree", append([]byte("100644 zeros.md\x00"), blob[:]...))
	commit := p.object(1, "commit", fmt.Appendf(nil, "tree %x\nauthor A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000000 +0000\n\nboom\n", tree))
	return p.finish(), commit
}

// servePack is a git server that has one branch and answers everything with one pack.
func servePack(t testing.TB, pack []byte, commit [20]byte) *httptest.Server {
	line := func(s string) string { return fmt.Sprintf("%04x%s", len(s)+4, s) }
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/info/refs") {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
			io.WriteString(w, line("# service=git-upload-pack\n")+"0000"+
				line(fmt.Sprintf("%x HEAD\x00shallow ofs-delta symref=HEAD:refs/heads/main\n", commit))+
				line(fmt.Sprintf("%x refs/heads/main\n", commit))+"0000")
			return
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
		io.WriteString(w, "0000"+line("NAK\n"))
		w.Write(pack)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func TestBombEndsAsADiagnostic(t *testing.T) {
	for _, c := range []struct {
		mebibytes int
		limits    Limits
	}{{200, Limits{MemoryBytes: 100 << 20}}, {2048, Limits{}}} {
		t.Run(fmt.Sprint(c.mebibytes, " MiB"), func(t *testing.T) {
			if testing.Short() && c.mebibytes > 1000 {
				t.Skip("unpacks gigabytes in a child process")
			}
			if underRace {
				t.Skip("the race detector needs more address space than the limit leaves, and ends the child itself")
			}
			pack, commit := bomb(c.mebibytes)
			t.Logf("the pack has %d bytes", len(pack))
			srv := servePack(t, pack, commit)
			opt := options(t)
			opt.Limits = c.limits
			write(t, opt.BaseDir, map[string]string{"good/x.md": "x"})
			cs, ds := mustSync(t, opt, Spec{Directory: "good"}, Spec{Git: srv.URL + "/bomb.git"})
			if codes(ds) != "source-failed" || cs[0].State != checkout.Fresh || cs[1].State != checkout.Failed {
				t.Fatalf("%v", ds)
			}
			if m := ds[0].Message; !strings.Contains(m, "memory") && !strings.Contains(m, "processor time") {
				t.Errorf("the message does not name the limit: %s", m)
			}
			if peak := peakMemory(t); peak > 300<<20 {
				t.Errorf("the parent used %d MB", peak>>20)
			}
			if left, _ := filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*")); len(left) != 0 {
				t.Errorf("left behind %v", left)
			}
		})
	}
}

// peakMemory returns the largest resident size this process has had.
func peakMemory(t *testing.T) int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kb int64
	fmt.Sscan(rest, &kb)
	return kb << 10
}

func TestLargeFileIsNotRead(t *testing.T) {
	pack, commit := bomb(48)
	srv := servePack(t, pack, commit)
	cs, ds := mustSync(t, options(t), Spec{Git: srv.URL + "/large.git"})
	if len(ds) != 0 {
		t.Fatal(ds)
	}
	info, err := fs.Stat(cs[0].FS, "zeros.md")
	if err != nil || info.Size() != 48<<20 {
		t.Error(info, err)
	}
	if _, err := fs.ReadFile(cs[0].FS, "zeros.md"); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

// TestSmallFileStoredAsDifferenceFromAHugeOne: reading a few bytes would
// unpack 48 MB in the main process.
func TestSmallFileStoredAsDifferenceFromAHugeOne(t *testing.T) {
	p := newPacker(4)
	base := int64(p.Len())
	p.zeros(48)
	at := int64(p.Len())
	delta := append(varint(48<<20), varint(5)...)
	delta = append(delta, 5)
	delta = append(delta, "hello"...)
	p.header(packOffsetDelta, int64(len(delta)))
	p.Write(offsetVarint(at - base))
	p.deflate(delta)
	blob := sha1.Sum([]byte("blob 5\x00hello"))
	tree := p.object(2, "tree", append([]byte("100644 a.md\x00"), blob[:]...))
	commit := p.object(1, "commit", fmt.Appendf(nil, "tree %x\nauthor A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000000 +0000\n\nx\n", tree))
	srv := servePack(t, p.finish(), commit)
	cs, ds := mustSync(t, options(t), Spec{Git: srv.URL + "/delta.git"})
	if len(ds) != 0 {
		t.Fatal(ds)
	}
	if _, err := fs.ReadFile(cs[0].FS, "a.md"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("read: %v", err)
	}
}

func varint(n int64) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

// offsetVarint encodes the distance to the base of a difference.
func offsetVarint(n int64) []byte {
	b := []byte{byte(n & 0x7f)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		b = append([]byte{byte(n&0x7f) | 0x80}, b...)
	}
	return b
}
