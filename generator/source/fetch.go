package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// allHistory is the depth that git servers understand as "all of it".
const allHistory = 0x7fffffff

// fetchOrder is what a child process is asked to fetch.
type fetchOrder struct {
	remote   remote
	path     string // of a repository on this machine, instead of remote
	auth     Auth
	ref      string // as configured
	depth    int    // generations, -1 for all
	store    string // folder of the bare object store; made when missing
	have     string // a commit that the store has, "" for a new store
	maxBytes int64
}

// fetch brings the commit that ref means, depth generations deep, into the
// store and returns what ref meant. A store that does not fit what the server
// sends fails with failStore: the caller then starts a new one.
func fetch(ctx context.Context, o fetchOrder) (found, error) {
	s, err := dial(o.remote, o.auth, o.maxBytes)
	if err != nil {
		return found{}, err
	}
	defer s.Close()
	adv, said, err := readRefs(ctx, s)
	if err != nil {
		return found{}, err
	}
	want, err := wanted(adv, o.ref)
	if err != nil {
		return found{}, err
	}
	if err := os.MkdirAll(o.store, 0o755); err != nil {
		return found{}, err
	}
	sweep(o.store)
	st := openStore(o.store)
	if o.have == "" {
		if err := st.Init(); err != nil {
			return found{}, fmt.Errorf("make object store: %w", err)
		}
	}
	if o.have != "" && holds(ctx, o.store, want.commit, o.depth) {
		return want, weigh(o.store) // an earlier child may have been killed before it weighed
	}
	err = o.receive(ctx, s, said, st, o.depth, want.object)
	if err != nil && want.name == "" && !errors.Is(err, errTooManyBytes) {
		// Many servers give out a commit only by way of a branch or tag.
		err = o.receive(ctx, s, said, st, -1, adv.heads()...)
	}
	if err != nil {
		return found{}, err
	}
	want, err = peeled(o.store, want)
	if err != nil {
		return want, err
	}
	if o.have != "" && !holds(ctx, o.store, want.commit, o.depth) {
		return want, &failure{kind: failStore, message: "the object store has gaps"}
	}
	return want, weigh(o.store)
}

func openStore(dir string) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(osfs.New(dir, osfs.WithBoundOS()), cache.NewObjectLRU(8<<20), filesystem.Options{})
}

// wanted resolves ref; a full commit hash is asked for as it is.
func wanted(adv advertised, ref string) (found, error) {
	if plumbing.IsHash(ref) {
		h := plumbing.NewHash(ref)
		return found{commit: h, object: h}, nil
	}
	return adv.find(ref)
}

// peeled replaces an annotated tag by its commit.
func peeled(store string, f found) (found, error) {
	h, err := openObjects(store, 1<<20).peel(f.commit)
	if err != nil {
		return f, fmt.Errorf("read %s: %w", f.commit, err)
	}
	f.commit = h
	return f, nil
}

// holds reports whether a store has the history of a commit without gaps:
// no parent is missing that a clone of the same depth would have.
func holds(ctx context.Context, store string, commit plumbing.Hash, depth int) bool {
	o := openObjects(store, 8<<20)
	if _, err := o.commit(commit); err != nil {
		return false
	}
	set, err := reach(ctx, o, commit, depth)
	if err != nil {
		return false
	}
	for _, w := range set {
		if w.cut && (depth < 0 || w.distance+1 < depth) {
			return false
		}
	}
	return true
}

// receive asks for commits, depth generations deep, and stores what the
// server sends.
func (o fetchOrder) receive(ctx context.Context, s transport.UploadPackSession, said *packp.AdvRefs, st *filesystem.Storage, depth int, wants ...plumbing.Hash) error {
	req, err := o.request(said, st, depth, wants)
	if err != nil {
		return err
	}
	res, err := s.UploadPack(ctx, req)
	if err != nil {
		return fmt.Errorf("ask for objects: %w", err)
	}
	defer res.Close()
	r := &countedBody{io.NopCloser(demultiplexed(req.Capabilities, res)), o.maxBytes}
	err = packfile.UpdateObjectStorage(st, r)
	if err != nil && !errors.Is(err, packfile.ErrEmptyPackfile) {
		return fmt.Errorf("receive objects: %w", err)
	}
	return updateShallow(st, res.ShallowUpdate)
}

func (o fetchOrder) request(said *packp.AdvRefs, st *filesystem.Storage, depth int, wants []plumbing.Hash) (*packp.UploadPackRequest, error) {
	req := packp.NewUploadPackRequestFromCapabilities(said.Capabilities)
	req.Wants = wants
	if said.Capabilities.Supports(capability.NoProgress) {
		_ = req.Capabilities.Set(capability.NoProgress)
	}
	shallow, err := st.Shallow()
	if err != nil {
		return nil, fmt.Errorf("read shallow: %w", err)
	}
	if said.Capabilities.Supports(capability.Shallow) && (depth > 0 || len(shallow) > 0) {
		if err := req.Capabilities.Set(capability.Shallow); err != nil {
			return nil, err
		}
		req.Shallows = shallow
		req.Depth = packp.DepthCommits(allHistory)
		if depth > 0 {
			req.Depth = packp.DepthCommits(depth)
		}
	}
	if o.have != "" {
		req.Haves = []plumbing.Hash{plumbing.NewHash(o.have)}
	}
	return req, nil
}

func demultiplexed(caps *capability.List, r io.Reader) io.Reader {
	switch {
	case caps.Supports(capability.Sideband64k):
		return sideband.NewDemuxer(sideband.Sideband64k, r)
	case caps.Supports(capability.Sideband):
		return sideband.NewDemuxer(sideband.Sideband, r)
	}
	return r
}

// updateShallow records where the store's history ends, as the server said.
func updateShallow(st *filesystem.Storage, u packp.ShallowUpdate) error {
	old, err := st.Shallow()
	if err != nil {
		return fmt.Errorf("read shallow: %w", err)
	}
	all := slices.Concat(old, u.Shallows)
	all = slices.DeleteFunc(all, func(h plumbing.Hash) bool { return slices.Contains(u.Unshallows, h) })
	plumbing.HashesSort(all)
	if err := st.SetShallow(slices.Compact(all)); err != nil {
		return fmt.Errorf("write shallow: %w", err)
	}
	return nil
}

// sweep removes what a fetch that was killed has left behind.
func sweep(store string) {
	left, _ := filepath.Glob(filepath.Join(store, "objects", "pack", "tmp_*"))
	for _, name := range left {
		os.Remove(name)
	}
}

// packs counts the packs of a store.
func packs(store string) int {
	list, _ := os.ReadDir(filepath.Join(store, "objects", "pack"))
	n := 0
	for _, d := range list {
		if strings.HasSuffix(d.Name(), ".pack") {
			n++
		}
	}
	return n
}
