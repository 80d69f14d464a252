package snippets

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

var files = map[string]string{
	"a.md":     "A1\nA2\nA3\nA4\n",
	"b.md":     "B1\n--8<-- \"a.md:2:3\"\nB2\n",
	"loop.md":  "--8<-- \"loop.md\"\nend\n",
	"code.go":  "before\n// --8<-- [start:main]\nfunc main() {}\n// --8<-- [end:main]\nafter\n",
	"empty.md": "",
}

func read(name string) ([]byte, bool) {
	s, ok := files[name]
	return []byte(s), ok
}

func TestExpand(t *testing.T) {
	for in, want := range map[string]string{
		"x\n--8<-- \"a.md\"\ny":                "x\nA1\nA2\nA3\nA4\ny | 1 2 2 2 2 3",
		"    --8<-- \"a.md:2:3\"":              "    A2\n    A3 | 1 1",
		"--8<-- \"a.md:3\"":                    "A3\nA4 | 1 1",
		"--8<-- \"a.md::1\"":                   "A1 | 1",
		"--8<-- 'a.md:1:1,4:4'":                "A1\nA4 | 1 1",
		"--8<-- \"a.md:-1\"":                   "A4 | 1",
		"--8<-- \"b.md\"":                      "B1\nA2\nA3\nB2 | 1 1 1 1",
		"--8<--\na.md:1:1\n\nb.md:1:1\n--8<--": "A1\nB1 | 2 4",
		"--8<-- \"code.go:main\"":              "func main() {} | 1",
		"--8<-- \"code.go\"":                   "before\nfunc main() {}\nafter | 1 1 1",
		";--8<-- \"a.md\"":                     "--8<-- \"a.md\" | 1",
		"-8<- \"a.md:1:1\"":                    "A1 | 1",
		"--8<-- \"loop.md\"":                   "end | 1 ! loop.md: the snippet includes itself",
		"--8<-- \"none.md\"":                   " |  ! none.md: there is no such file in the repository",
		"--8<-- \"a.md:nope\"":                 " |  ! a.md:nope: the file has no such section or lines",
		"--8<-- \"https://x.example/a.md\"":    " |  ! https://x.example/a.md: addresses are never fetched",
		"--8<-- a.md":                          "--8<-- a.md | 1",
		"text --8<-- \"a.md\"":                 "text --8<-- \"a.md\" | 1",
	} {
		r := Expand([]byte(in), read)
		got := string(r.Source) + " | " + strings.Trim(fmt.Sprint(r.Lines), "[]")
		for _, p := range r.Problems {
			got += " ! " + p.Name + ": " + p.Why
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestSnippetsDoNotMultiplyWithoutEnd(t *testing.T) {
	many := strings.Repeat("--8<-- \"next\"\n", 20)
	n := 0
	r := Expand([]byte(many), func(string) ([]byte, bool) { n++; return []byte(strings.Repeat(many, 2)), true })
	if n > maxFiles || len(r.Source) > 2*maxBytes {
		t.Errorf("%d files, %d bytes", n, len(r.Source))
	}
	depth := 0
	Expand([]byte("--8<-- \"0\""), func(s string) ([]byte, bool) { depth++; return []byte("--8<-- \"" + s + "0\""), true })
	if depth > maxDepth {
		t.Errorf("%d deep", depth)
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("x\n--8<-- \"a.md:2:3\"\n", "--8<-- [start:a]\nb\n--8<-- [end:a]")
	f.Add("--8<--\na\n--8<--", "x")
	f.Fuzz(func(t *testing.T, page, file string) {
		r := Expand([]byte(page), func(string) ([]byte, bool) { return []byte(file), true })
		if len(r.Source) > 0 && strings.Count(string(r.Source), "\n")+1 < len(r.Lines) {
			t.Errorf("%d lines, %d places", strings.Count(string(r.Source), "\n")+1, len(r.Lines))
		}
	})
}

// A few bytes of indentation before each of many lines once made gigabytes.
func TestIndentationDoesNotMultiplyWithoutEnd(t *testing.T) {
	read := func(string) ([]byte, bool) { return bytes.Repeat([]byte("x\n"), 100_000), true }
	for name, page := range map[string]string{
		"indented": strings.Repeat(" ", 10_000) + `--8<-- "many.txt"`,
		"ranges":   `--8<-- "many.txt:` + strings.Repeat("1:,", 10_000) + `1:"`,
	} {
		r := Expand([]byte(page), read)
		if len(r.Source) > 2*maxBytes || len(r.Lines) > 2*maxBytes {
			t.Errorf("%s: %d bytes, %d lines", name, len(r.Source), len(r.Lines))
		}
		if len(r.Problems) == 0 {
			t.Errorf("%s: nobody is told", name)
		}
	}
}
