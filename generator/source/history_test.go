package source

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// rawRepo writes git objects directly, so that tests can make any history
// and any tree, also those that git would refuse.
type rawRepo struct {
	t    testing.TB
	repo *git.Repository
	dir  string
	when time.Time
	have map[plumbing.Hash]bool
}

func newRawRepo(t testing.TB, dir string) *rawRepo {
	t.Helper()
	repo, err := git.PlainInit(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	r := &rawRepo{t, repo, dir, time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC), map[plumbing.Hash]bool{}}
	r.head("main")
	return r
}

func (r *rawRepo) object(kind plumbing.ObjectType, b []byte) plumbing.Hash {
	r.t.Helper()
	if h := plumbing.ComputeHash(kind, b); r.have[h] {
		return h
	}
	o := r.repo.Storer.NewEncodedObject()
	o.SetType(kind)
	w, err := o.Writer()
	if err == nil {
		_, err = w.Write(b)
	}
	var h plumbing.Hash
	if err == nil {
		h, err = r.repo.Storer.SetEncodedObject(o)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.have[h] = true
	return h
}

func (r *rawRepo) blob(s string) plumbing.Hash { return r.object(plumbing.BlobObject, []byte(s)) }

// rawItem is one line of a tree, written as it is.
type rawItem struct {
	mode string
	name string
	hash plumbing.Hash
}

func (r *rawRepo) tree(items ...rawItem) plumbing.Hash {
	var b []byte
	for _, it := range items {
		b = append(b, it.mode+" "+it.name+"\x00"...)
		b = append(b, it.hash[:]...)
	}
	return r.object(plumbing.TreeObject, b)
}

// files writes an honest tree of files by path.
func (r *rawRepo) files(files map[string]string) plumbing.Hash {
	sub := map[string]map[string]string{}
	var entries []object.TreeEntry
	for p, text := range files {
		dir, rest, nested := strings.Cut(p, "/")
		if !nested {
			entries = append(entries, object.TreeEntry{Name: p, Mode: filemode.Regular, Hash: r.blob(text)})
			continue
		}
		if sub[dir] == nil {
			sub[dir] = map[string]string{}
		}
		sub[dir][rest] = text
	}
	for dir, inner := range sub {
		entries = append(entries, object.TreeEntry{Name: dir, Mode: filemode.Dir, Hash: r.files(inner)})
	}
	slices.SortFunc(entries, func(a, b object.TreeEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	var items []rawItem
	for _, e := range entries {
		items = append(items, rawItem{strings.TrimLeft(e.Mode.String(), "0"), e.Name, e.Hash})
	}
	return r.tree(items...)
}

func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

func (r *rawRepo) commit(subject string, tree plumbing.Hash, parents ...plumbing.Hash) plumbing.Hash {
	r.when = r.when.Add(time.Hour)
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", tree)
	for _, p := range parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	fmt.Fprintf(&b, "author Ada <ada@example.com> %d +0100\ncommitter Ada <ada@example.com> %d +0100\n\n%s\n", r.when.Unix(), r.when.Unix(), subject)
	return r.object(plumbing.CommitObject, []byte(b.String()))
}

func (r *rawRepo) set(branch string, h plumbing.Hash) {
	r.t.Helper()
	if err := r.repo.Storer.SetReference(plumbing.NewHashReference(plumbing.NewBranchReferenceName(branch), h)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rawRepo) head(branch string) {
	r.t.Helper()
	if err := r.repo.Storer.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, plumbing.NewBranchReferenceName(branch))); err != nil {
		r.t.Fatal(err)
	}
}

// grower grows a history at random: commits, merges, force pushes.
type grower struct {
	*rawRepo
	rnd   *rand.Rand
	trees map[plumbing.Hash]map[string]string
	all   []plumbing.Hash
	tip   plumbing.Hash
}

func (g *grower) add(parents ...plumbing.Hash) plumbing.Hash {
	files := map[string]string{}
	for _, p := range parents {
		for name, text := range g.trees[p] {
			files[name] = text
		}
	}
	for range g.rnd.IntN(3) {
		name := fmt.Sprintf("%c/%d.md", 'a'+rune(g.rnd.IntN(3)), g.rnd.IntN(6))
		if g.rnd.IntN(4) == 0 {
			delete(files, name)
		} else {
			files[name] = fmt.Sprint(g.rnd.Uint32())
		}
	}
	if g.rnd.IntN(4) == 0 {
		g.when = g.when.Add(-time.Duration(g.rnd.IntN(5)) * time.Hour) // clocks differ
	}
	h := g.commit(fmt.Sprintf("change %d", len(g.all)), g.files(files), parents...)
	g.trees[h] = files
	g.all = append(g.all, h)
	return h
}

// step makes a few commits; sometimes it throws some away first.
func (g *grower) step() {
	if len(g.all) == 0 {
		g.tip = g.add()
	}
	if g.rnd.IntN(4) == 0 {
		g.tip = g.all[g.rnd.IntN(len(g.all))]
	}
	for range 1 + g.rnd.IntN(4) {
		if other := g.all[g.rnd.IntN(len(g.all))]; g.rnd.IntN(3) == 0 && other != g.tip {
			g.tip = g.add(g.tip, other)
		} else if g.rnd.IntN(3) == 0 {
			side := g.add(other)
			g.tip = g.add(g.tip, side)
		} else {
			g.tip = g.add(g.tip)
		}
	}
	g.set("main", g.tip)
}

func TestHistoryIsTheSameForOldStoresAndFreshClones(t *testing.T) {
	steps := 12
	if testing.Short() {
		steps = 4
	}
	for _, depth := range []History{1, 2, 4, 9, FullHistory} {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			g := &grower{rawRepo: newRawRepo(t, filepath.Join(root, "r.git")), rnd: rand.New(rand.NewPCG(7, uint64(depth.Depth()))), trees: map[plumbing.Hash]map[string]string{}}
			srv := serveGit(t, root)
			spec := Spec{Git: srv.URL + "/r.git", History: depth}
			old := options(t)
			for n := range steps {
				g.step()
				a, da := mustSync(t, old, spec)
				b, db := mustSync(t, options(t), spec)
				if len(da)+len(db) > 0 {
					t.Fatalf("step %d: %v %v", n, da, db)
				}
				if !reflect.DeepEqual(a[0].History, b[0].History) || a[0].Digest != b[0].Digest {
					t.Fatalf("step %d: histories differ\nold   %+v\nfresh %+v", n, a[0].History, b[0].History)
				}
				checkHistory(t, g, a[0].History.Commits[0].Hash, depth)
			}
		})
	}
}

// checkHistory compares with the definition: a full local walk.
func checkHistory(t *testing.T, g *grower, tip string, depth History) {
	t.Helper()
	o := &objects{from: g.repo.Storer}
	got, complete, err := readHistory(t.Context(), o, plumbing.NewHash(tip), depth.Depth(), nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range got {
		commit, err := o.commit(plumbing.NewHash(c.Hash))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range commit.ParentHashes {
			if seen[p.String()] {
				t.Fatalf("parent %s comes before its child %s", p, c.Hash)
			}
		}
		seen[c.Hash] = true
		if c.Truncated {
			continue
		}
		for name := range g.trees[commit.Hash] {
			changed := true
			for _, p := range commit.ParentHashes {
				if g.trees[p][name] == g.trees[commit.Hash][name] {
					changed = false
				}
			}
			if changed != slices.Contains(c.Paths, name) {
				t.Fatalf("commit %s, file %s: changed %v, paths %v", c.Hash, name, changed, c.Paths)
			}
		}
	}
	if depth == FullHistory && !complete {
		t.Error("a whole history is not complete")
	}
}

func TestLastChangeBeforeTheCut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r.git")
	r := newRawRepo(t, dir)
	one := r.commit("one", r.files(map[string]string{"old.md": "1", "new.md": "1"}))
	two := r.commit("two", r.files(map[string]string{"old.md": "1", "new.md": "2"}), one)
	three := r.commit("three", r.files(map[string]string{"old.md": "1", "new.md": "3"}), two)
	r.set("main", three)
	opt := options(t)
	cs, _ := mustSync(t, opt, Spec{Git: dir, History: 2})
	h := cs[0].History
	if ch, ok := h.LastChange("new.md"); !ok || ch.Commit != three.String() || ch.Before {
		t.Errorf("new.md %+v", ch)
	}
	if ch, ok := h.LastChange("old.md"); !ok || !ch.Before || ch.Commit != "" || !ch.Time.Equal(h.Commits[1].Time) {
		t.Errorf("old.md %+v", ch)
	}
	cs, _ = mustSync(t, opt, Spec{Git: dir, History: NoHistory})
	if len(cs[0].History.Commits) != 0 || cs[0].History.Complete || cs[0].CommitTime.IsZero() {
		t.Errorf("none: %+v", cs[0].History)
	}
}

func TestMergeTakesNoCredit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r.git")
	r := newRawRepo(t, dir)
	base := r.commit("base", r.files(map[string]string{"a": "1", "b": "1", "c": "1"}))
	left := r.commit("left", r.files(map[string]string{"a": "2", "b": "1", "c": "2"}), base)
	right := r.commit("right", r.files(map[string]string{"a": "1", "b": "2", "c": "3"}), base)
	merge := r.commit("merge", r.files(map[string]string{"a": "2", "b": "2", "c": "resolved"}), left, right)
	r.set("main", merge)
	cs, _ := mustSync(t, options(t), Spec{Git: dir})
	got := map[string]string{}
	for _, p := range []string{"a", "b", "c"} {
		ch, _ := cs[0].History.LastChange(p)
		got[p] = ch.Commit
	}
	want := map[string]string{"a": left.String(), "b": right.String(), "c": merge.String()}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v want %v", got, want)
	}
}

// hashes gives every name a hash of its own.
func hashes(names ...string) map[string]plumbing.Hash {
	m := map[string]plumbing.Hash{}
	for _, n := range names {
		m[n] = plumbing.ComputeHash(plumbing.BlobObject, []byte(n))
	}
	return m
}
