package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	git "github.com/go-git/go-git/v5"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
)

// planDirectory plans a `directory:` entry: a folder or a glob of folders.
func (s *syncer) planDirectory(spec Spec) ([]*job, diag.List) {
	pattern := s.abs(spec.Directory)
	if !hasGlob(spec.Directory) {
		if info, err := os.Stat(pattern); err != nil || !info.IsDir() {
			return broken(spec, "source-missing", "check the path; it starts from the folder of callboard.yaml", "the folder %q does not exist", spec.Directory)
		}
		return []*job{s.folderJob(spec, pattern, spec.Name)}, nil
	}
	if !doublestar.ValidatePathPattern(pattern) {
		return broken(spec, "source-invalid", "brackets and braces come in pairs", "%q is not a valid glob", spec.Directory)
	}
	matches, err := doublestar.FilepathGlob(pattern)
	if err != nil {
		return broken(spec, "source-invalid", "", "the glob %q cannot be read: %v", spec.Directory, err)
	}
	slices.Sort(matches)
	var jobs []*job
	for _, dir := range matches {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() || s.hidden(dir, spec.Directory) {
			continue
		}
		name := ""
		if spec.Name != "" {
			name = spec.Name + "/" + filepath.Base(dir)
		}
		jobs = append(jobs, s.folderJob(spec, dir, name))
	}
	if len(jobs) == 0 {
		f := findings{pos: spec.Pos}
		f.entry("source-empty", "check the path; it starts from the folder of callboard.yaml", "%q matches no folder", spec.Directory)
		return nil, f.list
	}
	return jobs, nil
}

func hasGlob(p string) bool { return strings.ContainsAny(p, "*?[{") }

// hidden reports folders that a glob does not mean: the excluded ones, and
// those whose name begins with a dot unless the pattern spells a dot.
func (s *syncer) hidden(dir, pattern string) bool {
	if slices.Contains(s.opt.Exclude, dir) {
		return true
	}
	rel, err := filepath.Rel(s.opt.BaseDir, dir)
	if err != nil {
		rel = dir
	}
	spelled := strings.Contains(filepath.ToSlash(pattern), "/.") && !strings.Contains(filepath.ToSlash(pattern), "/../") || strings.HasPrefix(pattern, ".") && !strings.HasPrefix(pattern, "./") && !strings.HasPrefix(pattern, "../")
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return !spelled
		}
	}
	return false
}

func (s *syncer) folderJob(spec Spec, dir, name string) *job {
	j := &job{spec: spec, kind: kindFolder, origin: "directory", path: dir, names: pathNames(dir)}
	if _, bare := isRepository(dir); bare {
		j.kind = kindLocal
	}
	if name != "" {
		j.names = append([]string{name}, j.names...)
	}
	return j
}

// planFile plans a `file:` entry. Its tree is the file's folder, so that
// targets relative to the file are found.
func (s *syncer) planFile(spec Spec) ([]*job, diag.List) {
	p := s.abs(spec.File)
	if info, err := os.Stat(p); err != nil || !info.Mode().IsRegular() {
		return broken(spec, "source-missing", "check the path; it starts from the folder of callboard.yaml", "the file %q does not exist", spec.File)
	}
	names := pathNames(p)
	if rel := filepath.ToSlash(filepath.Clean(spec.File)); !strings.HasPrefix(rel, "../") && !filepath.IsAbs(spec.File) {
		names = append([]string{rel}, names...)
	}
	if spec.Name != "" {
		names = append([]string{spec.Name}, names...)
	}
	return []*job{{spec: spec, kind: kindFolder, origin: "file", path: filepath.Dir(p), file: filepath.Base(p), names: names}}, nil
}

// readFolder reads a folder on disk. Where it is a git working tree, or a
// committed folder of one, the files are those on disk, uncommitted edits
// included, and the commit, branch, history and web links come from git.
func (s *syncer) readFolder(ctx context.Context, j *job, f *findings) *checkout.Checkout {
	if err := s.local.Acquire(ctx, 1); err != nil {
		return j.unread(f, err)
	}
	defer s.local.Release(1)
	c := j.blank()
	c.Dir, c.State, c.FetchedAt = j.path, checkout.Fresh, s.opt.Now
	var ig ignorer
	if root, prefix, ok := worktreeOf(j.path); ok {
		ig = s.describeWorktree(ctx, j, root, prefix, c, f)
	}
	if j.file != "" {
		ig = nil // whoever names a file means it, and what lies beside it
	}
	t, digest, err := scanFolder(ctx, j.path, s.opt.Exclude, ig, s.state("folders", j.key()), f)
	if err != nil {
		return j.unread(f, err)
	}
	show(c, t, digest)
	return c
}

func (s *syncer) state(kind, key string) string { return filepath.Join(s.opt.StateDir, kind, key) }

// unread is the checkout of a local source whose reading failed.
func (j *job) unread(f *findings, err error) *checkout.Checkout {
	why := clean(err.Error(), 300)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		why = "there was no time left to read it"
	}
	f.entry("source-failed", "", "%q could not be read: %s", j.name, why)
	return j.failed(why)
}

// describeWorktree fills in what git knows of a working tree, or of the folder
// prefix below its root, and returns what git ignores there. A folder that the
// newest commit does not have is a plain one that merely lies in a repository.
func (s *syncer) describeWorktree(ctx context.Context, j *job, root, prefix string, c *checkout.Checkout, f *findings) ignorer {
	trouble := func(hint, format string, err error) {
		f.entry("source-git-unreadable", hint, format, j.name, clip(clean(err.Error(), 200), 200))
	}
	r, err := openRepository(root)
	if errors.Is(err, git.ErrRepositoryNotExists) && prefix != "" {
		return nil // something else of that name, above a folder that never was in git
	}
	if err != nil {
		trouble("run git status there", "the git repository of %q cannot be opened: %v", err)
		return nil
	}
	branch, commit, err := r.head()
	if err != nil {
		if !errors.Is(err, errNoCommits) {
			trouble("run git status there", "the HEAD of %q cannot be read: %v", err)
		}
		return r.whole(prefix, c)
	}
	saved := loadHistory(s.state("history", j.key()))
	t, err := readTip(r.objects, commit, saved)
	if err != nil {
		trouble("run git fsck there", "the commit of %q cannot be read: %v", err)
		return r.whole(prefix, c)
	}
	if held, err := r.objects.hasFolder(t.tree, prefix); err != nil {
		trouble("run git fsck there", "the commit of %q cannot be read: %v", err)
		return nil
	} else if !held {
		return nil
	}
	c.URL = r.origin()
	s.describe(ctx, j, r.objects, c, found{ref: branch, branch: branch, commit: commit}, t, r.boundary(), saved, f)
	if prefix != "" {
		c.Web.Prefix, c.History = prefix, historyBelow(c.History, prefix)
	}
	return newIgnores(r).below(prefix)
}

// whole is what is known of a repository whose commit cannot be read: its URL
// and what it ignores, where the folder is its root.
func (r *repository) whole(prefix string, c *checkout.Checkout) ignorer {
	if prefix != "" {
		return nil
	}
	c.URL = r.origin()
	return newIgnores(r)
}

// describe fills in a checkout's commit, history and web links.
func (s *syncer) describe(ctx context.Context, j *job, o *objects, c *checkout.Checkout, at found, t tip, boundary string, saved savedHistory, f *findings) {
	c.Ref, c.Commit, c.CommitTime = at.ref, at.commit.String(), t.time
	c.Web = webOf(c.URL, j.spec.WebHost, at.branch, c.Commit)
	h, err := cachedHistory(ctx, o, t, j.spec.History.Depth(), boundary, saved, s.state("history", j.key()))
	if err != nil {
		f.entry("source-git-unreadable", "run git fsck there", "the history of %q cannot be read: %v", j.name, clip(clean(err.Error(), 200), 200))
		return
	}
	c.History = h
}

// open shows a commit's tree and history.
func (s *syncer) open(ctx context.Context, j *job, o *objects, at found, boundary string, c *checkout.Checkout, f *findings) error {
	saved := loadHistory(s.state("history", j.key()))
	t, err := readTip(o, at.commit, saved)
	if err != nil {
		return err
	}
	files, err := listTree(ctx, o, t.tree, f)
	if err != nil {
		return err
	}
	files.modTime = t.time
	show(c, files, t.tree.String())
	s.describe(ctx, j, o, c, at, t, boundary, saved, f)
	return nil
}
