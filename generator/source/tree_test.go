package source

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
)

// readTree syncs a repository whose only commit has this tree.
func readTree(t *testing.T, build func(*rawRepo) plumbing.Hash) (*checkout.Checkout, diag.List) {
	t.Helper()
	opt := options(t)
	r := newRawRepo(t, filepath.Join(opt.BaseDir, "r.git"))
	r.set("main", r.commit("x", build(r)))
	write(t, opt.BaseDir, map[string]string{"canary": "CANARY"})
	cs, ds := mustSync(t, opt, Spec{Git: "r.git"})
	return cs[0], ds
}

func TestSymlinksStayInTheTree(t *testing.T) {
	for _, c := range []struct {
		name, target string
		exists       bool
	}{
		{"a file beside", "file.md", true},
		{"a file below", "dir/inner.md", true},
		{"a folder", "dir", true},
		{"dot", "./file.md", true},
		{"up and down", "dir/../file.md", true},
		{"itself", "link", false},
		{"nowhere", "gone.md", false},
		{"empty", "", false},
		{"above", "../canary", false},
		{"far above", "../../../../../../../../../../etc/passwd", false},
		{"above and back", "../r.git/file.md", false},
		{"absolute", "/etc/passwd", false},
		{"absolute inside", "/file.md", false},
		{"backslash", `..\canary`, false},
		{"drive", `C:\Windows\win.ini`, false},
		{"through a file", "file.md/..", false},
		{"git", ".git/config", false},
		{"control characters", "file.md\x00.png", false},
		{"long", string(make([]byte, 2000)), false},
		{"home", "~/.ssh/id_rsa", false},
		{"proc", "/proc/self/environ", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			co, _ := readTree(t, func(r *rawRepo) plumbing.Hash {
				return r.tree(
					rawItem{"40000", "dir", r.files(map[string]string{"inner.md": "inner"})},
					rawItem{"100644", "file.md", r.blob("file")},
					rawItem{"120000", "link", r.blob(c.target)})
			})
			if _, err := fs.Stat(co.FS, "link"); (err == nil) != c.exists {
				t.Errorf("stat: %v", err)
			}
			if err := fstest.TestFS(co.FS, "file.md", "dir/inner.md"); err != nil {
				t.Error(err)
			}
			if (co.BlobHash("link") != "") != (c.exists && c.target != "dir") {
				t.Errorf("hash %q", co.BlobHash("link"))
			}
		})
	}
}

func TestLinkChainsAndLoops(t *testing.T) {
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
		items := []rawItem{{"100644", "0", r.blob("end")}}
		for i := 1; i <= 7; i++ {
			items = append(items, rawItem{"120000", fmt.Sprint(i), r.blob(fmt.Sprint(i - 1))})
		}
		items = append(items, rawItem{"120000", "a", r.blob("b")}, rawItem{"120000", "b", r.blob("a")}, rawItem{"120000", "up", r.blob(".")})
		return r.tree(items...)
	})
	for name, exists := range map[string]bool{"5": true, "6": false, "a": false, "up": true, "up/0": true, "up/up/up/0": true, "up/up/up/up/up/up/0": false} {
		if _, err := fs.ReadFile(co.FS, name); name != "up" && (err == nil) != exists {
			t.Errorf("%s: %v", name, err)
		}
	}
	if codes(ds) != "tree-link tree-link tree-link tree-link" {
		t.Error(ds)
	}
	n := 0
	fs.WalkDir(co.FS, ".", func(string, fs.DirEntry, error) error { n++; return nil })
	if n != 8 { // the root, 0 to 5 and the folder link "up", which a walk does not enter
		t.Errorf("walked %d", n)
	}
}

func TestHostileNames(t *testing.T) {
	good := []string{"README.md", ".github", ".gitignore", ".gitmodules", "a b", "ünïcode", "日本語.md", "-dash", "a'b\"c", "con", "x.", "git~2", "...", "#", "%2e%2e", "a;b", "$(x)", "😀.md", "long" + string(fill('x', 251))}
	bad := []string{".", "..", ".git", ".GIT", ".Git", ".git.", ".git ", ".git . .", "git~1", "GIT~1", ".g\u200cit", ".git\u200d", "\u200e.git", "\u202efdp.exe",
		"a\\b", "..\\x", "C:", "c:x", "file.txt:stream", ".git::$INDEX_ALLOCATION", "a\nb", "a\rb", "a\tb", "a\x1bb", "a\x7fb", "\x01", "a\u0085b", "a\u2028b",
		"\xff\xfe", "e\u0301.md", "\ufeffx", "a\u2066b", string(fill('y', 256))}
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
		var items []rawItem
		for _, name := range append(good, bad...) {
			items = append(items, rawItem{"100644", name, r.blob("x")})
		}
		return r.tree(items...)
	})
	for _, name := range good {
		if _, err := fs.Stat(co.FS, name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	list, err := fs.ReadDir(co.FS, ".")
	if err != nil || len(list) != len(good) {
		t.Errorf("%d names are listed, not %d: %v", len(list), len(good), list)
	}
	for _, name := range bad {
		if badName(name) == "" {
			t.Errorf("%q is allowed", name)
		}
	}
	if n := len(ds); n != maxRepeats+1 {
		t.Errorf("%d diagnostics", n)
	}
}

func fill(c byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = c
	}
	return b
}

func TestNamesThatSlashThrough(t *testing.T) {
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
		return r.tree(rawItem{"100644", "a/b", r.blob("x")}, rawItem{"100644", "", r.blob("x")}, rawItem{"100644", "../../etc/x", r.blob("x")})
	})
	if list, _ := fs.ReadDir(co.FS, "."); len(list) != 0 || codes(ds) != "tree-name tree-name tree-name" {
		t.Error(list, ds)
	}
}

func TestDuplicatesAndCollisions(t *testing.T) {
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
		return r.tree(
			rawItem{"100644", "README.md", r.blob("first")},
			rawItem{"120000", "a", r.blob("/etc")},
			rawItem{"40000", "a", r.files(map[string]string{"passwd": "x"})},
			rawItem{"100644", "readme.md", r.blob("second")},
			rawItem{"100644", "straße", r.blob("x")},
			rawItem{"100644", "STRASSE", r.blob("x")})
	})
	if got := codes(ds); got != "tree-duplicate tree-collision tree-collision" {
		t.Error(ds)
	}
	if b, _ := fs.ReadFile(co.FS, "README.md"); string(b) != "first" {
		t.Errorf("%q", b)
	}
	for _, gone := range []string{"a", "readme.md", "straße"} {
		if _, err := fs.Stat(co.FS, gone); err == nil {
			t.Errorf("%s exists", gone)
		}
	}
}

func TestTreeBudgets(t *testing.T) {
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash { // ten to the tenth paths from 11 objects
		h := r.files(map[string]string{"leaf": "x"})
		for range 10 {
			var items []rawItem
			for i := range 10 {
				items = append(items, rawItem{"40000", fmt.Sprint(i), h})
			}
			h = r.tree(items...)
		}
		return h
	})
	if codes(ds) != "tree-entries" || co.State != checkout.Fresh {
		t.Error(ds)
	}
	co, ds = readTree(t, func(r *rawRepo) plumbing.Hash {
		h := r.files(map[string]string{"leaf": "x"})
		for range 200 {
			h = r.tree(rawItem{"40000", "d", h}, rawItem{"100644", "f", r.blob("f")})
		}
		return h
	})
	if codes(ds) != "tree-depth" {
		t.Error(ds)
	}
	if _, err := fs.Stat(co.FS, "d/d/d/f"); err != nil {
		t.Error(err)
	}
}

func TestSubmodulesAndLFSAreReported(t *testing.T) {
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
	co, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
		return r.tree(
			rawItem{"100644", ".gitattributes", r.blob("*.png filter=lfs diff=lfs merge=lfs -text\n")},
			rawItem{"100644", ".gitmodules", r.blob("[submodule \"x\"]\n\tpath = sub\n\turl = ext::sh -c touch% /tmp/owned\n")},
			rawItem{"100644", "logo.png", r.blob(pointer)},
			rawItem{"160000", "sub", plumbing.NewHash("0123456789012345678901234567890123456789")})
	})
	if codes(ds) != "tree-lfs tree-submodule" {
		t.Error(ds)
	}
	if _, err := fs.Stat(co.FS, "sub"); err == nil {
		t.Error("the submodule exists")
	}
}

func TestConcurrentReads(t *testing.T) {
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("d%d/f%d.md", i%7, i)] = fmt.Sprint("text ", i)
	}
	co, _ := readTree(t, func(r *rawRepo) plumbing.Hash { return r.files(files) })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for name, want := range files {
				b, err := fs.ReadFile(co.FS, name)
				if err != nil || string(b) != want || co.BlobHash(name) == "" {
					t.Errorf("%s: %q %v", name, b, err)
				}
				if info, err := fs.Stat(co.FS, name); err != nil || info.Size() != int64(len(want)) {
					t.Errorf("%s: %v %v", name, info, err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzParseTree(f *testing.F) {
	f.Add([]byte("100644 a\x00aaaaaaaaaaaaaaaaaaaa40000 b\x00bbbbbbbbbbbbbbbbbbbb"))
	f.Add([]byte("100644 "))
	f.Add([]byte("9 a\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := parseTree(b)
		if err != nil {
			return
		}
		n := 0
		for _, it := range items {
			n += len(it.name) + 22
			if it.mode > 0o777777 {
				t.Error(it)
			}
		}
		if n > len(b) {
			t.Error("more items than bytes")
		}
	})
}
