package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/manifest"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/site"
)

// portal is a site small enough to think about: texts by URL, and files.
type portal struct {
	theme string
	pages map[string]string
	files map[string]string
}

func (p portal) set() *page.Set {
	set := &page.Set{}
	for _, url := range slices.Sorted(maps.Keys(p.pages)) {
		set.Pages = append(set.Pages, &page.Page{URL: url, Layout: "page", View: p.pages[url]})
	}
	for _, path := range slices.Sorted(maps.Keys(p.files)) {
		set.Files = append(set.Files, page.NewFile(path, []byte(p.files[path])))
	}
	return set
}

// assets stand for the theme's.
func (p portal) assets() []page.File {
	return []page.File{page.NewFile("assets/"+p.theme+".css", []byte(p.theme))}
}

func html(theme string, p *page.Page) string { return theme + ":" + p.View.(string) }

// want returns the files of the portal's site.
func (p portal) want() map[string]string {
	files := map[string]string{MarkerPath: markerText, "assets/" + p.theme + ".css": p.theme}
	maps.Copy(files, p.files)
	for _, pg := range p.set().Pages {
		files[site.FilePath(pg.URL)] = html(p.theme, pg)
	}
	return files
}

// bench is a served folder with its state.
type bench struct {
	dir, state string
	disk       disk
	rendered   []string
}

func newBench(t testing.TB) *bench {
	root := t.TempDir()
	return &bench{dir: filepath.Join(root, "public"), state: filepath.Join(root, "state")}
}

// newQuickBench is a bench in memory where the system has such a folder: tests
// that make hundreds of releases would wait for the disk most of the time.
func newQuickBench(t testing.TB) *bench {
	root, err := os.MkdirTemp("/dev/shm", "callboard-test-")
	if err != nil {
		return newBench(t)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	return &bench{dir: filepath.Join(root, "public"), state: filepath.Join(root, "state")}
}

func (b *bench) release(ctx context.Context, p portal) (Result, error) {
	lock, err := LockState(b.state)
	if err != nil {
		return Result{}, err
	}
	defer lock.Unlock()
	var mu sync.Mutex
	b.rendered = nil
	o := Options{Dir: b.dir, StateDir: b.state, Set: p.set(), disk: b.disk}
	return release(ctx, o, p.theme, p.assets(), func(ctx context.Context, pages []*page.Page, put func(string, []byte) error) (diag.List, error) {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for w := range errs {
			wg.Go(func() {
				for i := w; i < len(pages); i += len(errs) {
					errs[w] = errors.Join(errs[w], put(pages[i].URL, []byte(html(p.theme, pages[i]))))
					mu.Lock()
					b.rendered = append(b.rendered, pages[i].URL)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return nil, errors.Join(errs...)
	})
}

// mustRelease releases and checks that exactly the portal's site is served.
func (b *bench) mustRelease(t testing.TB, p portal) Result {
	t.Helper()
	res, err := b.release(t.Context(), p)
	if err != nil {
		t.Fatalf("release: %v", err)
	}
	b.mustServe(t, p)
	if got := siteHash(t, b.dir); got != res.SiteHash {
		t.Fatalf("site hash is %s, of the folder %s", res.SiteHash, got)
	}
	return res
}

func (b *bench) mustServe(t testing.TB, p portal) {
	t.Helper()
	if got, want := readTree(t, b.dir), p.want(); !maps.Equal(got, want) {
		t.Fatalf("served:\n%q\nwant:\n%q", got, want)
	}
}

func siteHash(t testing.TB, dir string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest.Scan(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return m.SiteHash().String()
}

// readTree returns the texts of all files, and "folder" for empty folders.
func readTree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, file)
		if d.IsDir() {
			entries, err := os.ReadDir(file)
			if len(entries) == 0 {
				files[name] = "folder"
			}
			return err
		}
		text, err := os.ReadFile(file)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func small() portal {
	return portal{
		theme: "plain",
		pages: map[string]string{"/": "home", "/docs/": "docs", "/docs/a/": "a", "/docs/b/": "b", "/404.html": "none"},
		files: map[string]string{"api/all.json": "[]", "logo.svg": "<svg/>"},
	}
}

func (p portal) with(edit func(*portal)) portal {
	p.pages, p.files = maps.Clone(p.pages), maps.Clone(p.files)
	edit(&p)
	return p
}

func inode(t *testing.T, dir, name string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestReleaseWritesOnlyWhatChanged(t *testing.T) {
	b, p := newBench(t), small()
	res := b.mustRelease(t, p)
	if res.Rendered != 5 || res.Unchanged != 0 || res.Swap != SwapCreated || res.Files != 9 || res.Written != 9 {
		t.Errorf("first release: %+v", res)
	}
	kept := inode(t, b.dir, "docs/b/index.html")

	p = p.with(func(p *portal) { p.pages["/docs/a/"] = "a changed"; delete(p.pages, "/docs/") })
	res = b.mustRelease(t, p)
	if res.Rendered != 1 || res.Unchanged != 3 || res.Removed != 1 || res.Written != 1 || res.Total != 4 {
		t.Errorf("after one change and one removal: %+v", res)
	}
	if !os.SameFile(kept, inode(t, b.dir, "docs/b/index.html")) {
		t.Error("a page that did not change became another file")
	}

	res = b.mustRelease(t, p)
	if res.Rendered != 0 || res.Unchanged != 4 || res.Swap != SwapNone || res.Written != 0 {
		t.Errorf("without changes: %+v", res)
	}
}

func TestManyReleasesInARow(t *testing.T) {
	b, p := newBench(t), small()
	for i := range 30 {
		p = p.with(func(p *portal) {
			p.pages["/docs/a/"] = fmt.Sprint("a", i/2)
			p.pages[fmt.Sprintf("/new/%d/", i%7)] = "n"
			delete(p.pages, fmt.Sprintf("/new/%d/", (i+3)%7))
			if i%5 == 0 {
				p.theme = fmt.Sprint("theme", i/10)
			}
			if i%6 == 0 { // a file where a folder was, and back
				delete(p.files, "x/y")
				p.files["x"] = "file"
			} else {
				delete(p.files, "x")
				p.files["x/y"] = "below"
			}
		})
		b.mustRelease(t, p)
	}
}

func TestChangeAndBackRendersNothing(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	b.mustRelease(t, p.with(func(p *portal) { p.pages["/docs/a/"] = "other" }))
	if res := b.mustRelease(t, p); res.Rendered != 0 || res.Swap == SwapNone {
		t.Errorf("going back to what the spare tree holds: %+v", res)
	}
}

func TestNewKeyWithSameBytesIsNoNewRelease(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	before := inode(t, b.dir, ".")
	changed := p.set()
	changed.Pages[0].Description = "of no consequence to this theme"
	o := Options{Dir: b.dir, StateDir: b.state, Set: changed}
	render := func(_ context.Context, pages []*page.Page, put func(string, []byte) error) (diag.List, error) {
		for _, pg := range pages {
			if err := put(pg.URL, []byte(html(p.theme, pg))); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	for i, rendered := range []int{1, 0} {
		res, err := release(t.Context(), o, p.theme, p.assets(), render)
		if err != nil || res.Rendered != rendered || res.Swap != SwapNone {
			t.Errorf("release %d: %+v, %v", i, res, err)
		}
	}
	if !os.SameFile(before, inode(t, b.dir, ".")) {
		t.Error("the folder was exchanged for nothing")
	}
}

func TestForeignFolderIsLeftAlone(t *testing.T) {
	for _, name := range []string{"CNAME", "sub/thesis.doc"} {
		b := newBench(t)
		file := filepath.Join(b.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("mine"), 0o644)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.release(t.Context(), small()); !errors.Is(err, ErrForeign) {
			t.Errorf("with %s in it: %v, want ErrForeign", name, err)
		}
		if text, _ := os.ReadFile(file); string(text) != "mine" {
			t.Errorf("%s did not survive", name)
		}
	}
}

func TestFoldersThatCannotBeExchangedAreRefused(t *testing.T) {
	root := t.TempDir()
	nowhere := filepath.Join(root, "link")
	if err := os.Symlink("nowhere", nowhere); err != nil {
		t.Fatal(err)
	}
	for dir, state := range map[string]string{
		nowhere:                     filepath.Join(root, "state"),
		filepath.Join(root, "site"): filepath.Join(root, "site", ".callboard"),
		"/":                         filepath.Join(root, "state"),
	} {
		b := &bench{dir: dir, state: state}
		if _, err := b.release(t.Context(), small()); err == nil {
			t.Errorf("publishing to %s with state in %s was tried", dir, state)
		}
	}
}

func TestEmptyFolderAndLinkAreUsed(t *testing.T) {
	b := newBench(t)
	real := filepath.Join(filepath.Dir(b.dir), "elsewhere")
	if err := errors.Join(os.Mkdir(real, 0o755), os.Symlink(real, b.dir)); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		b.mustRelease(t, small().with(func(p *portal) { p.pages["/"] = fmt.Sprint(i) }))
	}
	if info, err := os.Lstat(b.dir); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
}

func TestTamperedSiteIsMended(t *testing.T) {
	tamper := map[string]func(dir string) error{
		"file added":   func(dir string) error { return os.WriteFile(filepath.Join(dir, "CNAME"), []byte("x"), 0o644) },
		"file removed": func(dir string) error { return os.Remove(filepath.Join(dir, "docs/b/index.html")) },
		"file edited":  func(dir string) error { return appendTo(filepath.Join(dir, "docs/b/index.html")) },
		"asset edited": func(dir string) error { return appendTo(filepath.Join(dir, "assets/plain.css")) },
		"folder added": func(dir string) error { return os.MkdirAll(filepath.Join(dir, "a/b/c"), 0o755) },
		"link added":   func(dir string) error { return os.Symlink("/etc/passwd", filepath.Join(dir, "l")) },
		"all removed":  os.RemoveAll,
		"file for folder": func(dir string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, "docs")), os.WriteFile(filepath.Join(dir, "docs"), nil, 0o644))
		},
	}
	for name, do := range tamper {
		t.Run(name, func(t *testing.T) {
			b, p := newBench(t), small()
			for round := range 3 {
				b.mustRelease(t, p)
				if err := do(b.dir); err != nil {
					t.Fatal(err)
				}
				if round > 0 { // and change something besides
					p = p.with(func(p *portal) { p.pages["/docs/a/"] = fmt.Sprint(round) })
				}
				b.mustRelease(t, p)
				b.mustRelease(t, p.with(func(p *portal) { p.pages["/"] = "between" }))
			}
		})
	}
}

func appendTo(file string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("x")
	return errors.Join(err, f.Close())
}

func TestLostStateCostsRenderingOnly(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	if err := os.RemoveAll(b.state); err != nil {
		t.Fatal(err)
	}
	res := b.mustRelease(t, p)
	if res.Rendered != 5 || res.Swap != SwapNone || res.Written != 0 {
		t.Errorf("everything is to be rendered, nothing written: %+v", res)
	}
	if res = b.mustRelease(t, p); res.Rendered != 0 {
		t.Errorf("and remembered: %+v", res)
	}
}

func TestDamagedStateCostsTimeOnly(t *testing.T) {
	for _, pattern := range []string{"record.json", "*.manifest"} {
		b, p := newBench(t), small()
		b.mustRelease(t, p)
		files, _ := filepath.Glob(filepath.Join(b.state, "release", pattern))
		if len(files) == 0 {
			t.Fatalf("no %s", pattern)
		}
		for _, f := range files {
			if err := os.WriteFile(f, []byte("{garbage"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		p = p.with(func(p *portal) { p.pages["/docs/a/"] = "changed" })
		b.mustRelease(t, p)
		if res := b.mustRelease(t, p); res.Rendered != 0 {
			t.Errorf("%s damaged: not recovered: %+v", pattern, res)
		}
	}
}

func TestStateOfANewerCallboardIsRefused(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	record := filepath.Join(b.state, "release", "record.json")
	if err := os.WriteFile(record, []byte(`{"format":"callboard release","version":2,"trees":"what these will be, nobody knows"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := b.release(t.Context(), small()); !errors.Is(err, manifest.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
	b.mustServe(t, p)
}

func TestManifestOfANewerCallboardIsRefused(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	files, _ := filepath.Glob(filepath.Join(b.state, "release", "*.manifest"))
	for _, f := range files {
		if err := os.WriteFile(f, []byte("callboard manifest\n\x63and so on"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.release(t.Context(), small()); !errors.Is(err, manifest.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
	b.mustServe(t, p)
}

// A cache service restores the state folder with other inodes and without the
// served folder.
func TestRestoredStateStillKnowsThePages(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	other := newBench(t)
	if err := os.CopyFS(other.state, os.DirFS(b.state)); err != nil {
		t.Fatal(err)
	}
	p = p.with(func(p *portal) { p.pages["/docs/a/"] = "changed" })
	if res := other.mustRelease(t, p); res.Rendered != 1 || res.Unchanged != 4 {
		t.Errorf("only the change is to be rendered: %+v", res)
	}
	if res := other.mustRelease(t, p); res.Rendered != 0 || res.Swap != SwapNone {
		t.Errorf("and then nothing: %+v", res)
	}
}

func TestSecondBuildIsBusy(t *testing.T) {
	b := newBench(t)
	lock, err := LockState(b.state)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.release(t.Context(), small()); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	b.mustRelease(t, small())
}

func TestCancelledBuildChangesNothing(t *testing.T) {
	b, p := newBench(t), small()
	b.mustRelease(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	changed := p.with(func(p *portal) { p.pages["/"] = "new" })
	b.disk.step = func(string) error { cancel(); return nil }
	if _, err := b.release(ctx, changed); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	b.mustServe(t, p)
	b.disk.step = nil
	b.mustRelease(t, changed)
}

func TestImpossibleSitesAreRefused(t *testing.T) {
	for name, edit := range map[string]func(*portal){
		"page and file":      func(p *portal) { p.files["docs/index.html"] = "" },
		"equal but for case": func(p *portal) { p.files["Logo.svg"] = "" },
		"file above page":    func(p *portal) { p.files["docs"] = "" },
		"file above in case": func(p *portal) { p.files["DOCS"] = "" },
		"outside":            func(p *portal) { p.files["../x"] = "" },
		"absolute":           func(p *portal) { p.files["/x"] = "" },
		"marker":             func(p *portal) { p.files[MarkerPath] = "" },
		"asset":              func(p *portal) { p.files["assets/plain.css"] = "" },
		"unsafe URL":         func(p *portal) { p.pages["/a:b/"] = "" },
	} {
		b := newBench(t)
		if _, err := b.release(t.Context(), small().with(edit)); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Stat(b.dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: something was written", name)
		}
	}
}

func TestFileWithKnownKeyIsNotOpened(t *testing.T) {
	b, p := newBench(t), small()
	opened := 0
	file := func(key, text string) page.File {
		return page.File{Path: "img.png", Key: key, Open: func() ([]byte, error) { opened++; return []byte(text), nil }}
	}
	for i, f := range []struct {
		file   page.File
		opened int
	}{{file("1", "one"), 1}, {file("1", "one"), 1}, {file("2", "two"), 2}, {file("1", "one"), 2}, {file("2", "two"), 2}, {file("", "two"), 3}} {
		set := p.set()
		set.Files = []page.File{f.file}
		o := Options{Dir: b.dir, StateDir: b.state, Set: set}
		_, err := release(t.Context(), o, p.theme, nil, func(_ context.Context, pages []*page.Page, put func(string, []byte) error) (diag.List, error) {
			for _, pg := range pages {
				if err := put(pg.URL, nil); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		want, _ := f.file.Open()
		opened--
		if got := readTree(t, b.dir)["img.png"]; err != nil || got != string(want) || opened != f.opened {
			t.Errorf("release %d: %q, opened %d times, %v", i, got, opened, err)
		}
	}
}

func TestWrongHashOfAFileIsAnError(t *testing.T) {
	b, p := newBench(t), small()
	set := p.set()
	set.Files[0].Hash = manifest.Sum([]byte("something else")).String()
	_, err := release(t.Context(), Options{Dir: b.dir, StateDir: b.state, Set: set}, p.theme, nil, func(_ context.Context, pages []*page.Page, put func(string, []byte) error) (diag.List, error) {
		for _, pg := range pages {
			_ = put(pg.URL, nil)
		}
		return nil, nil
	})
	if err == nil {
		t.Error("no error")
	}
}
