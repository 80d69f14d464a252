package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"golang.org/x/sync/semaphore"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// maxPacks is how many packs a store collects before it is fetched anew:
// go-git cannot repack, and every pack slows down every lookup.
const maxPacks = 40

// readGit brings the copy of a repository up to date and shows it; where that
// fails, the last good commit.
func (s *syncer) readGit(ctx context.Context, j *job, f *findings) *checkout.Checkout {
	key := j.key()
	last, known := s.lock.get(key)
	if s.opt.Offline && j.kind == kindRemote {
		if !known {
			f.entry("source-failed", "run once without --offline", "%q has never been fetched, and this run asks no remote", j.name)
			return j.failed("never fetched")
		}
		return s.showLast(j, last, checkout.Cached, "", f)
	}
	now, c, err := s.update(ctx, j, key, last, known, f)
	if err == nil {
		s.lock.set(key, now)
		return c
	}
	why := explain(err, j.spec.Auth)
	s.opt.Log.Warn("source failed", "source", j.name, "reason", why.message)
	if known {
		c := s.showLast(j, last, checkout.Stale, why.message, f)
		if c.State == checkout.Stale {
			f.entry("source-stale", why.hint, "%q could not be read: %s; showing commit %.7s, read %s", j.name, why.message, last.Commit, s.age(last.Time))
		}
		return c
	}
	f.entry("source-failed", why.hint, "%q could not be read: %s", j.name, why.message)
	return j.failed(why.message)
}

// bound returns what limits how many repositories of a job's kind are read at once.
func (s *syncer) bound(j *job) *semaphore.Weighted {
	if j.kind == kindLocal {
		return s.local
	}
	return s.remote
}

// update asks the repository where the ref stands, fetches when it has moved, and
// opens the result.
func (s *syncer) update(ctx context.Context, j *job, key string, last lockedState, known bool, f *findings) (lockedState, *checkout.Checkout, error) {
	timeout := j.spec.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	bound := s.bound(j)
	if err := bound.Acquire(ctx, 1); err != nil {
		return last, nil, err
	}
	defer bound.Release(1)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at, here, err := s.ask(ctx, j)
	if err != nil {
		return last, nil, err
	}
	depth := j.spec.History.fetchDepth()
	if known && last.unmoved(at, j.spec.Ref) && last.Boundary == here.Boundary && covers(last.Depth, depth) {
		last.place = here
		c, err := s.openStore(ctx, j, last, f)
		if err == nil {
			last.Name, last.Ref, last.Branch, last.Time = j.name, at.ref, at.branch, s.opt.Now
			c.Ref, c.Web = at.ref, webOf(c.URL, j.spec.WebHost, at.branch, c.Commit)
			return last, confirmed(c, s.opt.Now), nil
		}
		s.opt.Log.Warn("object store damaged, fetching anew", "source", j.name)
		known = false
	}
	return s.download(ctx, j, key, depth, here, last, known, f)
}

func confirmed(c *checkout.Checkout, now time.Time) *checkout.Checkout {
	c.State, c.FetchedAt = checkout.Fresh, now
	return c
}

// unmoved reports whether the ref still stands where it stood. Annotated tags
// are compared by the commit they were peeled to, or by name and tag object.
func (l lockedState) unmoved(at found, ref string) bool {
	return l.Commit == at.commit.String() || plumbing.IsHash(ref) && l.Commit == ref
}

// covers reports whether a store fetched have generations deep serves a history of want.
func covers(have, want int) bool { return have < 0 || want > 0 && have >= want }

// ask finds out what the ref means now. For a remote that is one request,
// repeated on network failures.
func (s *syncer) ask(ctx context.Context, j *job) (found, place, error) {
	switch {
	case j.kind == kindLocal:
		return askLocal(j.path, j.spec.Ref)
	case plumbing.IsHash(j.spec.Ref):
		return found{commit: plumbing.NewHash(j.spec.Ref)}, place{}, nil
	}
	var at found
	err := s.retry(ctx, j, func() error {
		list := listRefs
		if j.remote.url.Scheme == "ssh" {
			list = s.worker.list
		}
		adv, err := list(ctx, j.remote, j.spec.Auth)
		if err != nil {
			return err
		}
		at, err = adv.find(j.spec.Ref)
		return err
	})
	return at, place{}, err
}

// askLocal reads what a ref means in a repository on this machine.
func askLocal(dir, ref string) (found, place, error) {
	if worktree, bare := isRepository(dir); !worktree && !bare {
		return found{}, place{}, &failure{failMissing, "there is no git repository at its path any more", "check the path; it starts from the folder of callboard.yaml"}
	}
	r, err := openRepository(dir)
	if err != nil {
		return found{}, place{}, unreadable("the repository", err)
	}
	at, err := r.resolve(ref)
	return at, place{r.origin(), r.boundary()}, err
}

// download fetches in a child process: into the store there is, or, where
// there is none or it does not fit, into a new one.
func (s *syncer) download(ctx context.Context, j *job, key string, depth int, here place, last lockedState, known bool, f *findings) (lockedState, *checkout.Checkout, error) {
	o := fetchOrder{remote: j.remote, path: j.path, auth: j.spec.Auth, ref: j.spec.Ref, depth: depth, maxBytes: j.spec.MaxBytes}
	if o.maxBytes <= 0 {
		o.maxBytes = defaultMaxBytes
	}
	if known && covers(last.Depth, depth) && packs(s.store(last.Store)) < maxPacks {
		o.store, o.have = s.store(last.Store), last.Commit
		now, c, err := s.fetchInto(ctx, j, o, here, last.Store, f)
		if err == nil || !again(err) {
			return now, c, err
		}
		s.opt.Log.Info("fetching anew", "source", j.name, "reason", explain(err, j.spec.Auth).message)
	}
	folder := nextStore(s.opt.StateDir, key)
	o.store, o.have = s.store(folder), ""
	now, c, err := s.fetchInto(ctx, j, o, here, folder, f)
	if err != nil {
		os.RemoveAll(o.store)
	}
	return now, c, err
}

// again reports whether a failed update of a store is worth a fetch from scratch.
func again(err error) bool {
	f := explain(err, Auth{})
	return f.kind == failStore || f.kind == failOther
}

// fetchInto fetches into one store and opens it.
func (s *syncer) fetchInto(ctx context.Context, j *job, o fetchOrder, here place, folder string, f *findings) (lockedState, *checkout.Checkout, error) {
	began := time.Now()
	var at found
	err := s.retry(ctx, j, func() error {
		var err error
		at, err = s.worker.fetch(ctx, o)
		return err
	})
	if err != nil {
		return lockedState{}, nil, err
	}
	now := lockedState{Name: j.name, URL: cmp.Or(j.remote.String(), j.path), Ref: at.ref, Branch: at.branch, Commit: at.commit.String(),
		Time: s.opt.Now, Depth: o.depth, Store: folder, place: here}
	c, err := s.openStore(ctx, j, now, f)
	if err != nil {
		return now, nil, &failure{failStore, clean(err.Error(), 300), ""}
	}
	s.opt.Log.Info("fetched", "source", j.name, "commit", now.Commit, "took", time.Since(began).Round(time.Millisecond))
	return now, confirmed(c, s.opt.Now), nil
}

// openStore shows the commit of a locked state.
func (s *syncer) openStore(ctx context.Context, j *job, l lockedState, f *findings) (*checkout.Checkout, error) {
	dir := s.store(l.Store)
	if l.Store == "" || !strings.HasPrefix(dir, filepath.Join(s.opt.StateDir, "git")+string(filepath.Separator)) {
		return nil, errors.New("the lock file names no object store")
	}
	o := openObjects(dir, objectCacheBytes)
	o.heavy, o.weighed = readHeavy(dir), true
	c := j.blank()
	c.URL, c.FetchedAt = cmp.Or(c.URL, l.Origin), l.Time
	fresh := &findings{source: f.source, pos: f.pos}
	at := found{ref: l.Ref, branch: l.Branch, commit: plumbing.NewHash(l.Commit)}
	if err := s.open(ctx, j, o, at, l.Boundary, c, fresh); err != nil {
		return nil, err
	}
	f.list.Add(fresh.done()...)
	return c, nil
}

// showLast shows the last good commit, in the state given.
func (s *syncer) showLast(j *job, l lockedState, state checkout.State, why string, f *findings) *checkout.Checkout {
	// The run's deadline may have passed: what is on disk is read all the same.
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := s.openStore(ctx, j, l, f)
	if err != nil {
		f.entry("source-failed", "", "%q could not be read, and its last good commit is gone from the state folder", j.name)
		return j.failed(strings.TrimPrefix(why+"; the last good commit is gone", "; "))
	}
	c.State, c.Err = state, why
	s.lock.touch(j.key(), s.opt.Now)
	return c
}

func (s *syncer) store(folder string) string {
	return filepath.Join(s.opt.StateDir, "git", filepath.FromSlash(folder))
}

// nextStore names a folder for a new store: a number above those there are.
func nextStore(stateDir, key string) string {
	list, _ := os.ReadDir(filepath.Join(stateDir, "git", key))
	n := 0
	for _, d := range list {
		if i, err := strconv.Atoi(d.Name()); err == nil && i > n {
			n = i
		}
	}
	return fmt.Sprintf("%s/%d", key, n+1)
}

// forget drops what is known of sources that no entry names any more, once it
// has not been used for keepUnused. It waits while an entry cannot be planned:
// the sources may be that entry's.
func (s *syncer) forget(jobs []*job) {
	inUse := map[string]bool{}
	for _, j := range jobs {
		if j.kind == kindBroken {
			return
		}
		inUse[j.key()] = true
	}
	for _, key := range s.lock.forget(inUse, s.opt.Now) {
		os.Remove(s.state("history", key))
	}
}

// prune removes the object stores that the lock does not name: those that a
// newer one replaced, those of fetches that were killed, and those of sources
// that are forgotten.
func (s *syncer) prune() {
	keys, _ := os.ReadDir(filepath.Join(s.opt.StateDir, "git"))
	for _, key := range keys {
		l, known := s.lock.get(key.Name())
		if !known {
			os.RemoveAll(s.store(key.Name()))
			continue
		}
		list, _ := os.ReadDir(s.store(key.Name()))
		for _, d := range list {
			if folder := key.Name() + "/" + d.Name(); folder != l.Store {
				os.RemoveAll(s.store(folder))
			}
		}
	}
}
