package manifest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func sample(pages int) *Manifest {
	m := New("engine-1", "digest")
	for i := range pages {
		url := fmt.Sprintf("/docs/%05d/", i)
		path := url[1:] + "index.html"
		m.Pages[url] = Page{Key: Sum([]byte(url)), Path: path}
		m.Files[path] = File{Hash: Sum([]byte(path)), Size: int64(i * 1000), Modified: int64(i) - 3}
	}
	m.Keys["robots.txt"] = Sum([]byte("key"))
	m.Files["robots.txt"] = File{Hash: Sum(nil)}
	return m
}

func TestManifestSurvivesTheDisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m")
	want := sample(50)
	if err := Write(file, want.Encode()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, wrote %+v", got, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("left %d files behind", len(entries)-1)
	}
}

func TestEveryDamageIsNoticed(t *testing.T) {
	data := sample(2).Encode()
	for i := range data {
		damaged := append([]byte(nil), data...)
		damaged[i] ^= 0x10
		if m, err := Decode(damaged); err == nil {
			t.Fatalf("byte %d changed and nobody noticed: %+v", i, m)
		}
		if _, err := Decode(data[:i]); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut at %d: %v, want ErrCorrupt", i, err)
		}
	}
	if _, err := Decode(append(data, 0)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a byte too many: %v, want ErrCorrupt", err)
	}
}

func TestNewerManifestIsRefused(t *testing.T) {
	newer := binary.AppendUvarint([]byte(magic), version+1)
	if _, err := Decode(append(newer, "whatever comes in the future"...)); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

func TestMissingManifestIsNotExist(t *testing.T) {
	if _, err := Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

func TestSiteHashIsOfPublishedBytesAlone(t *testing.T) {
	a, b := sample(3), sample(3)
	b.Engine, b.ThemeDigest, b.Pages = "other", "other", nil
	for path, f := range b.Files {
		f.Modified++
		b.Files[path] = f
	}
	if a.SiteHash() != b.SiteHash() {
		t.Error("keys, digests and times must not change the site hash")
	}
	for path, f := range b.Files {
		f.Hash[0]++
		b.Files[path] = f
		break
	}
	if a.SiteHash() == b.SiteHash() {
		t.Error("other bytes must change the site hash")
	}
}

func TestSiteHashLeavesOutWhatItIsTold(t *testing.T) {
	a, b := sample(3), sample(3)
	for path, f := range b.Files {
		f.Hash[0]++
		b.Files[path] = f
		if a.SiteHash(path) != b.SiteHash(path) {
			t.Errorf("%s changes the site hash although it is left out", path)
		}
		break
	}
}

func TestScanFindsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	for path, text := range map[string]string{"index.html": "home", "a/b/index.html": "b"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("index.html", filepath.Join(dir, "link.html")); err != nil {
		t.Fatal(err)
	}
	m, err := Scan(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 || m.Files["a/b/index.html"].Hash != Sum([]byte("b")) || m.Files["index.html"].Size != 4 {
		t.Errorf("found %+v", m.Files)
	}
}

func TestParseHash(t *testing.T) {
	h := Sum([]byte("x"))
	if got, err := ParseHash(h.String()); err != nil || got != h {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "ab", h.String()[:63] + "g", h.String() + "0"} {
		if _, err := ParseHash(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(sample(0).Encode())
	f.Add(sample(3).Encode())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Decode(m.Encode())
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("decoded, but not again: %v", err)
		}
		// The checksum keeps random input from the body; look behind it too.
		r := &reader{rest: string(data)}
		r.manifest()
	})
}

func BenchmarkCodec10000(b *testing.B) {
	m := sample(10_000)
	data := m.Encode()
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			m.Encode()
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := Decode(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sitehash", func(b *testing.B) {
		for b.Loop() {
			m.SiteHash()
		}
	})
}
