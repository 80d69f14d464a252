package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// scanOnce lists a folder with a cache file and says how many hashes the cache gave.
func scanOnce(t *testing.T, dir, cache string) (*tree, string) {
	t.Helper()
	tr, digest, err := scanFolder(t.Context(), dir, nil, nil, cache, &findings{})
	if err != nil {
		t.Fatal(err)
	}
	return tr, digest
}

func TestHashesAreKept(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "hashes")
	write(t, dir, map[string]string{"a.md": "aaaa", "b/c.md": "cccc"})
	time.Sleep(80 * time.Millisecond) // younger files are hashed again
	_, first := scanOnce(t, dir, cache)
	c := openHashCache(cache)
	if len(c.old) != 2 {
		t.Fatalf("kept %v", c.old)
	}
	if _, again := scanOnce(t, dir, cache); again != first {
		t.Error("the digest changed")
	}
	// The same size and modification time, other bytes.
	info, _ := os.Stat(filepath.Join(dir, "a.md"))
	write(t, dir, map[string]string{"a.md": "AAAA"})
	os.Chtimes(filepath.Join(dir, "a.md"), info.ModTime(), info.ModTime())
	if _, changed := scanOnce(t, dir, cache); changed == first && stampOf(info).ctime != 0 {
		t.Error("an edit that kept size and time was missed")
	}
	b, _ := os.ReadFile(cache)
	b[len(b)/2] ^= 1
	os.WriteFile(cache, b, 0o644)
	if c := openHashCache(cache); len(c.old) != 0 {
		t.Error("a damaged cache was believed")
	}
}

func TestYoungFilesAreHashedAgain(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "hashes")
	for i := range 20 { // faster than a file system's clock
		write(t, dir, map[string]string{"a.md": strings.Repeat(string(rune('a'+i)), 4)})
		tr, _ := scanOnce(t, dir, cache)
		b, err := fs.ReadFile(tr, "a.md")
		if err != nil || b[0] != byte('a'+i) {
			t.Fatalf("%q %v", b, err)
		}
		fresh, _ := scanOnce(t, dir, "")
		if fresh.hash("a.md") != tr.hash("a.md") {
			t.Fatalf("edit %d was missed", i)
		}
	}
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.md": "one", "gone.md": "x"})
	tr, _ := scanOnce(t, dir, "")
	write(t, dir, map[string]string{"a.md": "three"})
	if _, err := fs.ReadFile(tr, "a.md"); err == nil {
		t.Error("bytes that do not fit the hash were returned")
	}
	write(t, dir, map[string]string{"a.md": "one"})
	if b, err := fs.ReadFile(tr, "a.md"); err != nil || string(b) != "one" {
		t.Errorf("touched: %q %v", b, err)
	}
	os.Remove(filepath.Join(dir, "gone.md"))
	if _, err := fs.ReadFile(tr, "gone.md"); err == nil {
		t.Error("a removed file was read")
	}
}

func TestFolderReplacedByALink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, map[string]string{"a.md": "outside"})
	write(t, dir, map[string]string{"docs/a.md": "inside!"})
	tr, _ := scanOnce(t, dir, "")
	os.RemoveAll(filepath.Join(dir, "docs"))
	if err := os.Symlink(outside, filepath.Join(dir, "docs")); err != nil {
		t.Skip(err)
	}
	if b, err := fs.ReadFile(tr, "docs/a.md"); err == nil {
		t.Errorf("read %q from outside", b)
	}
}

func TestUnchangedScanWritesNothing(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "hashes")
	write(t, dir, map[string]string{"a.md": "a"})
	time.Sleep(80 * time.Millisecond)
	scanOnce(t, dir, cache)
	before, _ := os.Stat(cache)
	time.Sleep(10 * time.Millisecond)
	scanOnce(t, dir, cache)
	if after, _ := os.Stat(cache); !after.ModTime().Equal(before.ModTime()) {
		t.Error("the cache was written again")
	}
}

func TestExcludedFolders(t *testing.T) {
	opt := options(t)
	opt.Exclude = []string{"public"}
	write(t, opt.BaseDir, map[string]string{"a.md": "", "public/index.html": "", ".callboard/x": "", "b/public/c": ""})
	cs, _ := mustSync(t, opt, Spec{Directory: "."})
	var names []string
	fs.WalkDir(cs[0].FS, ".", func(p string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	if got := strings.Join(names, " "); got != "a.md b/public/c" {
		t.Error(got)
	}
}

func TestNestedIgnoreFiles(t *testing.T) {
	opt := options(t)
	r := newRepo(t, filepath.Join(opt.BaseDir, "r"))
	r.commit("one", map[string]string{".gitignore": "*.tmp\n/dist/\n", "docs/.gitignore": "!keep.tmp\nlocal*\n", "a.md": ""})
	write(t, r.dir, map[string]string{"x.tmp": "", "dist/a": "", "docs/keep.tmp": "", "docs/other.tmp": "", "docs/local.md": "", "local.md": "", "sub/dist/a": ""})
	cs, _ := mustSync(t, opt, Spec{Directory: "r"})
	var names []string
	fs.WalkDir(cs[0].FS, ".", func(p string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	want := r.git("ls-files", "--cached", "--others", "--exclude-standard")
	got := strings.Join(names, "\n")
	if sorted(got) != sorted(want) {
		t.Errorf("got\n%s\ngit says\n%s", got, want)
	}
}

func sorted(lines string) string {
	list := strings.Fields(lines)
	slices.Sort(list)
	return strings.Join(list, " ")
}
