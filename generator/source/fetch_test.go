package source

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/secret"
)

// remoteRepo is a raw repository served over HTTP, and a spec for it.
func remoteRepo(t *testing.T) (*rawRepo, *gitServer, Spec) {
	t.Helper()
	root := t.TempDir()
	r := newRawRepo(t, filepath.Join(root, "team", "app.git"))
	srv := serveGit(t, root)
	return r, srv, Spec{Git: srv.URL + "/team/app.git"}
}

func (r *rawRepo) simple(text string, parents ...plumbing.Hash) plumbing.Hash {
	return r.commit(text, r.files(map[string]string{"a.md": text}), parents...)
}

func content1(t *testing.T, c *checkout.Checkout) string {
	t.Helper()
	if c.FS == nil {
		t.Fatalf("no content: %s", c.Err)
	}
	b, err := fs.ReadFile(c.FS, "a.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestForcePushAndRenamedDefaultBranch(t *testing.T) {
	r, srv, spec := remoteRepo(t)
	opt := options(t)
	one := r.simple("one")
	two := r.simple("two", one)
	r.set("main", two)
	mustSync(t, opt, spec)
	r.set("main", r.simple("other", one))
	cs, ds := mustSync(t, opt, spec)
	if len(ds) != 0 || content1(t, cs[0]) != "other" || len(cs[0].History.Commits) != 2 {
		t.Fatal(ds, cs[0].History)
	}
	srv.traffic()
	r.set("main", one)
	cs, _ = mustSync(t, opt, spec)
	if reqs, _ := srv.traffic(); content1(t, cs[0]) != "one" || len(reqs) != 2 || strings.Contains(strings.Join(reqs, " "), "POST") {
		t.Errorf("going back to a commit we have transferred objects: %v", reqs)
	}
	r.set("trunk", r.simple("unrelated"))
	r.head("trunk")
	r.repo.Storer.RemoveReference("refs/heads/main")
	cs, ds = mustSync(t, opt, spec)
	if len(ds) != 0 || cs[0].Ref != "trunk" || cs[0].Web.Branch != "" || content1(t, cs[0]) != "unrelated" {
		t.Errorf("%v %+v", ds, cs[0])
	}
	r.head("gone")
	cs, ds = mustSync(t, opt, spec)
	if codes(ds) != "source-stale" || content1(t, cs[0]) != "unrelated" {
		t.Errorf("%v", ds)
	}
}

func TestTagsAndCommits(t *testing.T) {
	r, srv, spec := remoteRepo(t)
	one := r.simple("one")
	two := r.simple("two", one)
	r.set("main", two)
	tag := r.object(plumbing.TagObject, []byte("object "+one.String()+"\ntype commit\ntag v1\ntagger A <a@b> 1700000000 +0000\n\nfirst\n"))
	r.repo.Storer.SetReference(plumbing.NewHashReference("refs/tags/v1", tag))
	opt := options(t)
	tagged, pinned, absent := spec, spec, spec
	tagged.Ref, pinned.Ref, absent.Ref = "v1", one.String(), "v9"
	for range 2 {
		srv.traffic()
		cs, ds := mustSync(t, opt, spec, tagged, pinned, absent)
		if codes(ds) != "source-failed" || !strings.Contains(ds[0].Hint, "main, v1") && !strings.Contains(ds[0].Hint, `did you mean "v1"`) {
			t.Fatal(ds)
		}
		if content1(t, cs[0]) != "two" || content1(t, cs[1]) != "one" || content1(t, cs[2]) != "one" {
			t.Error("wrong content")
		}
		if cs[1].Ref != "v1" || cs[1].Commit != one.String() || cs[1].Web.Branch != "" || cs[2].Ref != "" {
			t.Errorf("%+v", cs[1])
		}
	}
	if reqs, _ := srv.traffic(); len(reqs) != 3 { // a pinned commit needs no request at all
		t.Errorf("second run: %v", reqs)
	}
}

func TestDamagedStoreIsFetchedAnew(t *testing.T) {
	r, _, spec := remoteRepo(t)
	r.set("main", r.simple("one", r.simple("zero")))
	opt := options(t)
	first, _ := mustSync(t, opt, spec)
	store, _ := filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*"))
	for _, damage := range []func(pack string){
		func(pack string) { os.Remove(pack) },
		func(pack string) { os.Truncate(pack, 20) },
		func(pack string) {
			os.Chmod(pack, 0o644)
			b, _ := os.ReadFile(pack)
			for i := 12; i < len(b); i++ {
				b[i] ^= 0x5a
			}
			os.WriteFile(pack, b, 0o644)
		},
	} {
		packs, _ := filepath.Glob(filepath.Join(store[0], "objects", "pack", "*.pack"))
		damage(packs[0])
		cs, ds := mustSync(t, opt, spec)
		if len(ds) != 0 || content1(t, cs[0]) != "one" || !reflect.DeepEqual(cs[0].History, first[0].History) {
			t.Fatalf("%v %+v", ds, cs[0])
		}
		if store, _ = filepath.Glob(filepath.Join(opt.StateDir, "git", "*", "*")); len(store) != 1 {
			t.Errorf("stores %v", store)
		}
	}
}

func TestDeeperHistoryIsFetchedWhenAsked(t *testing.T) {
	r, _, spec := remoteRepo(t)
	tip := r.simple("0")
	for i := range 6 {
		tip = r.simple(string(rune('1'+i)), tip)
	}
	r.set("main", tip)
	opt := options(t)
	for _, c := range []struct {
		depth   History
		commits int
		whole   bool
	}{{NoHistory, 0, false}, {3, 3, false}, {5, 5, false}, {2, 2, false}, {FullHistory, 7, true}, {3, 3, false}} {
		spec.History = c.depth
		cs, ds := mustSync(t, opt, spec)
		if h := cs[0].History; len(ds) != 0 || len(h.Commits) != c.commits || h.Complete != c.whole {
			t.Errorf("depth %d: %v, %d commits, complete %v", c.depth, ds, len(h.Commits), h.Complete)
		}
	}
}

func TestShallowRemote(t *testing.T) {
	r, _, spec := remoteRepo(t)
	one := r.simple("one")
	two := r.simple("two", one)
	three := r.simple("three", two)
	r.set("main", three)
	os.WriteFile(filepath.Join(r.dir, "shallow"), []byte(two.String()+"\n"), 0o644)
	os.Remove(filepath.Join(r.dir, "objects", one.String()[:2], one.String()[2:]))
	for _, s := range []Spec{spec, {Git: r.dir}} {
		opt := options(t)
		cs, ds := mustSync(t, opt, s)
		h := cs[0].History
		if len(ds) != 0 || len(h.Commits) != 2 || h.Complete || !h.Commits[1].Truncated {
			t.Errorf("%v %+v", ds, h)
		}
		if ch, ok := h.LastChange("a.md"); !ok || ch.Commit != three.String() {
			t.Error(ch)
		}
	}
}

func TestLockFile(t *testing.T) {
	r, _, spec := remoteRepo(t)
	r.set("main", r.simple("one"))
	opt := options(t)
	mustSync(t, opt, spec)
	file := filepath.Join(opt.StateDir, "lock.json")
	good, _ := os.ReadFile(file)
	for _, bad := range []string{"{", `{"version": 99}`, "", "null"} {
		os.WriteFile(file, []byte(bad), 0o644)
		cs, ds := mustSync(t, opt, spec)
		if codes(ds) != "source-lock" || cs[0].State != checkout.Fresh {
			t.Errorf("%q: %v", bad, ds)
		}
	}
	again, _ := os.ReadFile(file)
	if !strings.Contains(string(again), `"commit"`) || strings.Count(string(good), "\n") != strings.Count(string(again), "\n") {
		t.Errorf("%s\n%s", good, again)
	}
	outside := strings.Replace(string(again), `"store": "`, `"store": "../../../`, 1)
	os.WriteFile(file, []byte(outside), 0o644)
	if cs, ds := mustSync(t, opt, spec); len(ds) != 0 || cs[0].State != checkout.Fresh {
		t.Error(ds)
	}
}

func TestCredentialsStayWithTheirHost(t *testing.T) {
	var seen []string
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
		http.Error(w, "thanks", http.StatusTeapot)
	}))
	defer thief.Close()
	lure := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL+r.URL.RequestURI(), http.StatusFound)
	}))
	defer lure.Close()
	_, ds := mustSync(t, options(t), Spec{Git: lure.URL + "/a.git", Auth: Auth{Token: secret.New("tok-en")}})
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "redirects to") || strings.Contains(ds[0].Message, "tok-en") {
		t.Error(ds)
	}
	if len(seen) != 0 {
		t.Errorf("the other host was asked: %v", seen)
	}
	mustSync(t, options(t), Spec{Git: lure.URL + "/a.git"})
	if len(seen) == 0 || seen[0] != "" {
		t.Errorf("without credentials: %q", seen)
	}
}

func TestHangingRemoteEndsWithItsTimeout(t *testing.T) {
	done := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	defer close(done)
	began := time.Now()
	cs, ds := mustSync(t, options(t), Spec{Git: srv.URL + "/a.git", Timeout: 200 * time.Millisecond})
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "timeout") || cs[0].State != checkout.Failed {
		t.Error(ds)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if cs, _, err := Sync(ctx, []Spec{{Git: srv.URL + "/a.git"}}, options(t)); err != nil || cs[0].State != checkout.Failed {
		t.Error(err)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("took %s", d)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, _, err := Sync(ctx, []Spec{{Git: srv.URL + "/a.git"}}, options(t)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSlowPackEndsWithItsTimeout: the child process is killed, not waited for.
func TestSlowPackEndsWithItsTimeout(t *testing.T) {
	pack, commit := bomb(1)
	fake := servePack(t, pack, commit)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return
		}
		fake.Config.Handler.ServeHTTP(w, r)
	}))
	defer srv.Close()
	opt := options(t)
	began := time.Now()
	_, ds := mustSync(t, opt, Spec{Git: srv.URL + "/a.git", Timeout: 1500 * time.Millisecond})
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "timeout") || time.Since(began) > 8*time.Second {
		t.Error(ds, time.Since(began))
	}
}

func TestByteLimit(t *testing.T) {
	r, _, spec := remoteRepo(t)
	random := make([]byte, 300<<10)
	state := uint32(1)
	for i := range random {
		state = state*1664525 + 1013904223
		random[i] = byte(state >> 24)
	}
	r.set("main", r.commit("x", r.files(map[string]string{"a.md": string(random)})))
	spec.MaxBytes = 100 << 10
	_, ds := mustSync(t, options(t), spec)
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "more bytes than the limit") {
		t.Error(ds)
	}
}

func TestProcessLimitsHold(t *testing.T) {
	pack, commit := bomb(3)
	srv := servePack(t, append(pack, make([]byte, 4<<20)...), commit)
	opt := options(t)
	opt.Limits.FileBytes = 1000
	_, ds := mustSync(t, opt, Spec{Git: srv.URL + "/a.git"})
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "file of more than") {
		t.Error(ds)
	}
}

func TestFlakyRemoteIsAskedAgain(t *testing.T) {
	r, srv, spec := remoteRepo(t)
	r.set("main", r.simple("one"))
	n := 0
	srv.before = func(w http.ResponseWriter, _ *http.Request) bool {
		if n++; n%3 == 1 {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	opt := options(t)
	opt.Retries = 4
	cs, ds := mustSync(t, opt, spec)
	if len(ds) != 0 || content1(t, cs[0]) != "one" {
		t.Error(ds)
	}
}

func TestEmptyRepository(t *testing.T) {
	r, _, spec := remoteRepo(t)
	opt := options(t)
	_, ds := mustSync(t, opt, spec)
	if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "empty") {
		t.Error(ds)
	}
	if _, ds := mustSync(t, opt, Spec{Git: r.dir}); codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, "no commits") {
		t.Error(ds)
	}
	if cs, ds := mustSync(t, opt, Spec{Directory: r.dir}); codes(ds) != "source-failed" || cs[0].State != checkout.Failed {
		t.Error(ds)
	}
}

func TestOneBadSourceDoesNotStopTheOthers(t *testing.T) {
	r, srv, good := remoteRepo(t)
	r.set("main", r.simple("one"))
	opt := options(t)
	opt.Retries = -1
	write(t, opt.BaseDir, map[string]string{"plain/x.md": "x", "bad/.git/HEAD": "nonsense", "bad/x.md": "x"})
	cs, ds := mustSync(t, opt, Spec{Git: srv.URL + "/gone.git"}, good, Spec{}, Spec{Git: "ext::sh"}, Spec{Directory: "no/such"},
		Spec{Directory: "none/*"}, Spec{File: "no.yaml"}, Spec{Directory: "[", Name: "odd"}, Spec{Directory: "plain"}, Spec{Directory: "./plain"}, Spec{Directory: "bad"}, Spec{Git: "plain"},
		Spec{GitHub: &GitHub{Organization: "a/b"}}, Spec{GitLab: &GitLab{Group: "g", API: "nope"}})
	want := "source-failed source-invalid source-invalid source-missing source-empty source-missing source-invalid source-duplicate source-git-unreadable source-missing source-invalid source-invalid"
	if codes(ds) != want {
		t.Errorf("%v\nwant %s", ds, want)
	}
	fresh := 0
	names := map[string]bool{}
	for i, c := range cs {
		if c.State == checkout.Fresh {
			fresh++
		} else if c.State != checkout.Failed || c.Err == "" || c.FS != nil || c.History == nil || c.BlobHash("x") != "" {
			t.Errorf("%+v", c)
		}
		if names[c.Name] {
			t.Errorf("the name %q is given twice", c.Name)
		}
		names[c.Name] = true
		if i > 0 && cs[i-1].Priority > c.Priority {
			t.Error("not in order")
		}
	}
	if fresh != 3 {
		t.Errorf("%d are fresh", fresh)
	}
}
