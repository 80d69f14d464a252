package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// repository is a git repository on this machine, read in place. Callboard
// never writes to it and never runs git.
type repository struct {
	repo    *git.Repository
	dir     string
	objects *objects
}

// isRepository reports whether dir is the root of a working tree or a bare repository.
func isRepository(dir string) (worktree, bare bool) {
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		return true, false
	}
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false, false
		}
	}
	return false, true
}

// openRepository opens the repository whose root is dir.
func openRepository(dir string) (*repository, error) {
	r, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return nil, err
	}
	o := &objects{from: r.Storer}
	if st, ok := r.Storer.(*filesystem.Storage); ok { // as PlainOpen does, with a smaller cache
		o.from = filesystem.NewStorageWithOptions(st.Filesystem(), cache.NewObjectLRU(objectCacheBytes), filesystem.Options{})
	}
	return &repository{repo: r, dir: dir, objects: o}, nil
}

// origin returns the clone URL of the remote "origin", or of the only remote
// there is, without credentials.
func (r *repository) origin() string {
	cfg, err := r.repo.Config()
	if err != nil {
		return ""
	}
	var urls []string
	for name, rc := range cfg.Remotes {
		if name == "origin" || len(cfg.Remotes) == 1 {
			urls = rc.URLs
		}
	}
	if len(urls) == 0 {
		return ""
	}
	at, err := parseRemote(urls[0])
	if err != nil || at.url == nil {
		return ""
	}
	return at.String()
}

// errNoCommits means that a repository has a HEAD but nothing committed.
var errNoCommits = errors.New("the repository has no commits yet")

// head returns the commit that HEAD names and its branch, "" when detached.
func (r *repository) head() (branch string, commit plumbing.Hash, err error) {
	ref, err := r.repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return "", plumbing.ZeroHash, errNoCommits
	}
	if err != nil {
		return "", plumbing.ZeroHash, fmt.Errorf("read HEAD: %w", err)
	}
	if ref.Name().IsBranch() {
		branch = ref.Name().Short()
	}
	return branch, ref.Hash(), nil
}

// resolve finds what a ref setting means here: a branch (also a remote's), a
// tag or a commit; "" is HEAD.
func (r *repository) resolve(ref string) (found, error) {
	if ref == "" {
		branch, commit, err := r.head()
		return found{ref: branch, branch: branch, commit: commit}, err
	}
	if plumbing.IsHash(ref) {
		h := plumbing.NewHash(ref)
		if _, err := r.objects.commit(h); err != nil {
			return found{}, fmt.Errorf("there is no commit %s", ref)
		}
		return found{commit: h}, nil
	}
	refs := advertised{names: map[string]plumbing.Hash{}}
	all, err := r.repo.References()
	if err != nil {
		return found{}, err
	}
	defer all.Close()
	for {
		next, err := all.Next()
		if err != nil {
			break
		}
		if next.Type() == plumbing.HashReference {
			refs.names[next.Name().String()] = next.Hash()
		}
	}
	f, err := refs.find(ref)
	if err != nil {
		return f, err
	}
	f.commit, err = r.objects.peel(f.commit)
	return f, err
}

// boundary identifies where a shallow repository ends, "" for a whole one.
func (r *repository) boundary() string {
	s, ok := r.repo.Storer.(*filesystem.Storage)
	if !ok {
		return ""
	}
	hashes, err := s.Shallow()
	if err != nil || len(hashes) == 0 {
		return ""
	}
	var b bytes.Buffer
	for _, h := range hashes {
		b.Write(h[:])
	}
	return keyOf("", b.String())
}

// tracked knows which paths of a working tree git's index holds.
type tracked struct {
	files   map[string]bool
	folders map[string]bool
}

// index returns the tracked paths; it is read when something is first ignored.
func (r *repository) index() *tracked {
	t := &tracked{map[string]bool{}, map[string]bool{}}
	idx, err := r.repo.Storer.Index()
	if err != nil {
		return t
	}
	for _, e := range idx.Entries {
		t.files[e.Name] = true
		for d := e.Name; ; {
			i := strings.LastIndexByte(d, '/')
			if i < 0 {
				break
			}
			d = d[:i]
			if t.folders[d] {
				break
			}
			t.folders[d] = true
		}
	}
	return t
}

// ignores applies .gitignore files as git does: an ignored file that is
// tracked all the same is not ignored.
type ignores struct {
	dir      string
	patterns []gitignore.Pattern
	matcher  gitignore.Matcher
	tracked  func() *tracked
}

const maxIgnoreFile = 256 << 10

// newIgnores starts at the root of a working tree, with .git/info/exclude.
func newIgnores(r *repository) *ignores {
	g := &ignores{dir: r.dir, tracked: sync.OnceValue(r.index)}
	return g.with(filepath.Join(r.dir, ".git", "info", "exclude"), nil)
}

// with returns g extended by the patterns of one file.
func (g *ignores) with(file string, domain []string) *ignores {
	info, err := os.Stat(file)
	if err != nil || info.Size() == 0 || info.Size() > maxIgnoreFile {
		return g
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return g
	}
	next := &ignores{dir: g.dir, tracked: g.tracked, patterns: g.patterns[:len(g.patterns):len(g.patterns)]}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		next.patterns = append(next.patterns, gitignore.ParsePattern(line, domain))
	}
	next.matcher = gitignore.NewMatcher(next.patterns)
	return next
}

// enter implements ignorer.
func (g *ignores) enter(dir string, list []fs.DirEntry) ignorer { return g.inside(dir, list) }

// inside returns g extended by the .gitignore of a folder.
func (g *ignores) inside(dir string, list []fs.DirEntry) *ignores {
	for _, d := range list {
		if d.Name() == ".gitignore" && d.Type().IsRegular() {
			var domain []string
			if dir != "" {
				domain = strings.Split(dir, "/")
			}
			return g.with(filepath.Join(g.dir, filepath.FromSlash(dir), ".gitignore"), domain)
		}
	}
	return g
}

// ignored implements ignorer.
func (g *ignores) ignored(path string, isDir bool) bool {
	if g.matcher == nil || !g.matcher.Match(strings.Split(path, "/"), isDir) {
		return false
	}
	if isDir {
		return !g.tracked().folders[path]
	}
	return !g.tracked().files[path]
}
