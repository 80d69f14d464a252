package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
)

// syncer is one run of Sync.
type syncer struct {
	opt    Options
	lock   *lock
	worker worker
	remote *semaphore.Weighted // bounds the remotes read at once
	local  *semaphore.Weighted // bounds the folders and local repositories read at once

	mu     sync.Mutex
	jitter *rand.Rand
}

// Sync reads every source and returns their checkouts, ordered by priority
// and then name, with what there is to say about them. Equal inputs give
// equal results in any order of work.
//
// Sources are independent: one that cannot be read is a diagnostic and a
// checkout in state Stale or Failed. Remotes that have not moved since the
// last run cost one request and transfer nothing. When ctx reaches its
// deadline, what is unfinished falls back to its last good commit; when it is
// cancelled, Sync returns its error. Other errors mean that the state folder
// cannot be used.
//
// One Sync at a time may use a state folder.
func Sync(ctx context.Context, specs []Spec, opt Options) ([]*checkout.Checkout, diag.List, error) {
	s, diags, err := newSyncer(opt)
	if err != nil {
		return nil, nil, err
	}
	jobs, planned := s.plan(ctx, specs)
	jobs, dup := distinct(jobs)
	diags.Add(planned...)
	diags.Add(dup...)
	chooseNames(jobs)
	checkouts := make([]*checkout.Checkout, len(jobs))
	found := make([]diag.List, len(jobs))
	var wg sync.WaitGroup
	for i, j := range jobs {
		wg.Go(func() { checkouts[i], found[i] = s.read(ctx, j) })
	}
	wg.Wait()
	for i := range jobs {
		diags.Add(found[i]...)
	}
	diags.Sort()
	slices.SortStableFunc(checkouts, func(a, b *checkout.Checkout) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), strings.Compare(a.Name, b.Name))
	})
	if ctx.Err() == nil {
		s.forget(jobs)
	}
	if err := s.lock.save(); err != nil {
		return nil, nil, fmt.Errorf("write lock file: %w", err)
	}
	s.prune()
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, nil, ctx.Err()
	}
	return checkouts, diags, nil
}

func newSyncer(opt Options) (*syncer, diag.List, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, nil, fmt.Errorf("prepare sync: %w", err)
	}
	if err := os.MkdirAll(opt.StateDir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("make state folder: %w", err)
	}
	var diags diag.List
	l, err := openLock(opt.StateDir)
	if err != nil {
		f := findings{}
		f.entry("source-lock", "", "the lock file cannot be read: %v", err)
		diags = f.list
	}
	seed := opt.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	return &syncer{opt: opt, lock: l, worker: worker{opt.WorkerCommand, opt.Limits},
		remote: semaphore.NewWeighted(int64(opt.Parallel)),
		local:  semaphore.NewWeighted(int64(2 * runtime.GOMAXPROCS(0))),
		jitter: rand.New(rand.NewPCG(seed, 1))}, diags, nil
}

// plan turns entries into jobs, in the order of the entries.
func (s *syncer) plan(ctx context.Context, specs []Spec) ([]*job, diag.List) {
	planned := make([][]*job, len(specs))
	found := make([]diag.List, len(specs))
	var wg sync.WaitGroup
	for i, spec := range specs {
		wg.Go(func() { planned[i], found[i] = s.planOne(ctx, spec) })
	}
	wg.Wait()
	return slices.Concat(planned...), slices.Concat(found...)
}

func (s *syncer) planOne(ctx context.Context, spec Spec) ([]*job, diag.List) {
	set := 0
	for _, is := range []bool{spec.Git != "", spec.Directory != "", spec.File != "", spec.GitHub != nil, spec.GitLab != nil} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		return broken(spec, "source-invalid", "keep exactly one of git, directory, file, github and gitlab",
			"the entry has %d of git, directory, file, github and gitlab", set)
	case spec.Git != "":
		return s.planGit(spec)
	case spec.Directory != "":
		return s.planDirectory(spec)
	case spec.File != "":
		return s.planFile(spec)
	default:
		return s.discover(ctx, spec)
	}
}

// planGit plans a `git:` entry.
func (s *syncer) planGit(spec Spec) ([]*job, diag.List) {
	r, err := parseRemote(spec.Git)
	if err != nil {
		return broken(spec, "source-invalid", "write a https, http or ssh URL, or a path", "the git URL %q %v", mask(clip(spec.Git, 200), spec.Auth), err)
	}
	if strings.IndexFunc(spec.Ref, isHidden) >= 0 || strings.HasPrefix(spec.Ref, "-") || strings.ContainsAny(spec.Ref, " ~^:?*[\\") {
		return broken(spec, "source-invalid", "name a branch, a tag or a full commit hash", "%q cannot be a ref", clip(spec.Ref, 100))
	}
	j := &job{spec: spec, kind: kindRemote, origin: "git", remote: r, names: r.names()}
	if r.url == nil {
		j.kind, j.path = kindLocal, s.abs(r.local)
		j.names = pathNames(j.path)
		worktree, bare := isRepository(j.path)
		if _, known := s.lock.get(j.key()); !worktree && !bare && !known {
			return broken(spec, "source-missing", "check the path; it starts from the folder of callboard.yaml", "%q is not a git repository", r.local)
		}
	} else if spec.Auth.IsZero() {
		j.spec.Auth = r.auth
	} else if j.spec.Auth.Username == "" {
		j.spec.Auth.Username = r.auth.Username
	}
	if spec.Name != "" {
		j.names = append([]string{spec.Name}, j.names...)
	}
	return []*job{j}, nil
}

func (s *syncer) abs(p string) string {
	if !filepath.IsAbs(p) {
		p = filepath.Join(s.opt.BaseDir, p)
	}
	return filepath.Clean(p)
}

// read reads one source. A panic in reading hostile bytes is that source's failure.
func (s *syncer) read(ctx context.Context, j *job) (c *checkout.Checkout, list diag.List) {
	f := &findings{source: j.name, pos: j.spec.Pos}
	defer func() {
		if r := recover(); r != nil {
			f.entry("source-failed", "report this as a bug of Callboard", "%q made the reader fail: %s", j.name, clip(clean(fmt.Sprint(r), 200), 200))
			c, list = j.failed("internal failure"), f.done()
		}
	}()
	switch j.kind {
	case kindFolder:
		c = s.readFolder(ctx, j, f)
	case kindLocal, kindRemote:
		c = s.readGit(ctx, j, f)
	default:
		c = j.failed(j.why)
	}
	return c, f.done()
}

// show puts a listed tree into a checkout.
func show(c *checkout.Checkout, t *tree, digest string) {
	c.FS, c.BlobHash, c.Digest = t, t.hash, digest
}

// age says how long ago t was, for messages.
func (s *syncer) age(t time.Time) string {
	d := s.opt.Now.Sub(t)
	switch {
	case d < 2*time.Minute:
		return "a moment ago"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
