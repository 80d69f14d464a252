package source

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// manyRepos makes 100 repositories of 100 files and 10 commits each.
func manyRepos(b *testing.B, root string, worktree bool) []string {
	b.Helper()
	var dirs []string
	for i := range 100 {
		files := map[string]string{}
		for n := range 100 {
			files[fmt.Sprintf("docs/part%d/page%d.md", n%8, n)] = strings.Repeat(fmt.Sprintf("# Page %d of %d\n", n, i), 50)
		}
		dir := filepath.Join(root, fmt.Sprintf("repo%03d", i))
		gitDir := dir
		if worktree {
			gitDir = filepath.Join(dir, ".git")
			write(b, dir, files)
		}
		r := newRawRepo(b, gitDir)
		var tip plumbing.Hash
		for n := range 10 {
			files["docs/part0/page0.md"] = fmt.Sprint("version ", n)
			var parents []plumbing.Hash
			if n > 0 {
				parents = []plumbing.Hash{tip}
			}
			tip = r.commit("c", r.files(files), parents...)
		}
		r.set("main", tip)
		if worktree {
			cfg, _ := r.repo.Config()
			cfg.Core.IsBare = false
			if err := r.repo.SetConfig(cfg); err != nil {
				b.Fatal(err)
			}
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

func readDocs(b *testing.B, fsys fs.FS) {
	if err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			_, err = fs.ReadFile(fsys, p)
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkUnchangedWorkingTrees: 10,000 files in 100 git folders.
func BenchmarkUnchangedWorkingTrees(b *testing.B) {
	opt := options(b)
	manyRepos(b, filepath.Join(opt.BaseDir, "repos"), true)
	time.Sleep(100 * time.Millisecond) // younger files are hashed again
	spec := Spec{Directory: "repos/*"}
	mustSync(b, opt, spec)
	for b.Loop() {
		mustSync(b, opt, spec)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/repo")
}

// BenchmarkUnchangedRemotes: 100 repositories whose remotes are asked and have
// not moved.
func BenchmarkUnchangedRemotes(b *testing.B) {
	opt := options(b)
	root := b.TempDir()
	srv := serveGit(b, root)
	var specs []Spec
	for _, dir := range manyRepos(b, root, false) {
		specs = append(specs, Spec{Git: srv.URL + "/" + filepath.Base(dir)})
	}
	mustSync(b, opt, specs...)
	b.Run("offline", func(b *testing.B) {
		opt := opt
		opt.Offline = true
		for b.Loop() {
			mustSync(b, opt, specs...)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/repo")
	})
	b.Run("asked", func(b *testing.B) { // includes the server's git processes
		for b.Loop() {
			mustSync(b, opt, specs...)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/repo")
	})
	b.Run("read", func(b *testing.B) { // every file of one of them
		opt := opt
		opt.Offline = true
		cs, _ := mustSync(b, opt, specs[:1]...)
		for b.Loop() {
			readDocs(b, cs[0].FS)
		}
	})
}

// BenchmarkUnchangedLocalRepositories: 100 repositories on this machine, which
// have not moved since they were copied.
func BenchmarkUnchangedLocalRepositories(b *testing.B) {
	opt := options(b)
	root := b.TempDir()
	var specs []Spec
	for _, dir := range manyRepos(b, root, false) {
		specs = append(specs, Spec{Git: dir})
	}
	mustSync(b, opt, specs...)
	for b.Loop() {
		mustSync(b, opt, specs...)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/repo")
}
