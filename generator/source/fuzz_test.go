package source

import (
	"bytes"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
)

func FuzzWeigh(f *testing.F) {
	p := newPacker(2)
	p.object(3, "blob", []byte("hello"))
	p.header(packOffsetDelta, 7)
	p.Write(offsetVarint(14))
	p.deflate([]byte{5, 9, 7, 'g', 'o', 'o', 'd', 'b', 'y', 'e'})
	f.Add(p.finish(), int64(12))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, int64(0))
	f.Add([]byte{0xe0, 0x00}, int64(0))
	f.Fuzz(func(t *testing.T, b []byte, at int64) {
		s := &scale{pack: bytes.NewReader(b), index: idxfile.NewMemoryIndex(), cost: map[int64]int64{}}
		if n, err := s.weigh(at, 0); err == nil && n < 0 {
			t.Errorf("a weight of %d", n)
		}
	})
}

func FuzzHashLine(f *testing.F) {
	f.Add("abc 1 2 3 a b.md")
	f.Add("abc 1 2 3")
	f.Add("  1 -2 ")
	f.Fuzz(func(t *testing.T, line string) {
		path, h, ok := parseHashLine(line)
		if !ok {
			return
		}
		c := &hashCache{}
		c.keep(path, h.stamp, h.id)
		if p, again, ok := parseHashLine(c.next[0]); !ok || p != path || again != h {
			t.Errorf("%q became %q", line, c.next[0])
		}
	})
}

func FuzzBadName(f *testing.F) {
	for _, s := range []string{"a", ".git", ".g\u200cit", "a:b", "\xff", "README.md"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if badName(s) == "" && (s == "" || len(s) > maxNameBytes || bytes.ContainsAny([]byte(s), "/\\:\x00\n") || foldName(s) == "") {
			t.Errorf("%q is allowed", s)
		}
	})
}

func FuzzNextLink(f *testing.F) {
	f.Add(`<https://a/x?page=2>; rel="next"`)
	f.Add(`<<>;;=,,rel=next`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := next("https://api.example.com/orgs/a/repos?per_page=100", []string{s})
		if err == nil && got != "" && !bytes.HasPrefix([]byte(got), []byte("https://api.example.com/orgs/a/repos?")) {
			t.Errorf("%q leads to %q", s, got)
		}
	})
}
