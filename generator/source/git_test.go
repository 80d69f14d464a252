package source

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/secret"
)

func TestRemoteIsFetchedOnce(t *testing.T) {
	opt := options(t)
	root := t.TempDir()
	r := newRepo(t, filepath.Join(root, "payments", "checkout.git"))
	r.commit("one", map[string]string{"catalog-info.yaml": "a"})
	srv := serveGit(t, root)
	srv.user, srv.pass = "bot", "s3cret"
	spec := Spec{Git: srv.URL + "/payments/checkout.git/.git", Name: "checkout", Auth: Auth{Username: "bot", Password: secret.New("s3cret")}}
	cs, ds := mustSync(t, opt, spec)
	if len(ds) != 0 || cs[0].State != checkout.Fresh || cs[0].Ref != "main" || cs[0].FetchedAt != testNow {
		t.Fatalf("%v %+v", ds, cs[0])
	}
	srv.traffic()
	cs, _ = mustSync(t, opt, spec)
	if reqs, _ := srv.traffic(); len(reqs) != 1 || cs[0].State != checkout.Fresh {
		t.Errorf("unmoved: %v", reqs)
	}
	moved := r.commit("two", map[string]string{"catalog-info.yaml": "b"})
	cs, ds = mustSync(t, opt, spec)
	if b, err := fs.ReadFile(cs[0].FS, "catalog-info.yaml"); err != nil || string(b) != "b" || cs[0].Commit != moved {
		t.Errorf("%q %v %v", b, err, ds)
	}
	if len(cs[0].History.Commits) != 2 || !cs[0].History.Complete {
		t.Errorf("%+v", cs[0].History)
	}
	lock, _ := os.ReadFile(filepath.Join(opt.StateDir, "lock.json"))
	if !strings.Contains(string(lock), moved) || strings.Contains(string(lock), "s3cret") {
		t.Errorf("lock %s", lock)
	}
}

func TestWrongPassword(t *testing.T) {
	opt := options(t)
	root := t.TempDir()
	newRepo(t, filepath.Join(root, "a")).commit("one", map[string]string{"x": "x"})
	srv := serveGit(t, root)
	srv.user, srv.pass = "bot", "s3cret"
	cs, ds := mustSync(t, opt, Spec{Git: srv.URL + "/a/.git", Auth: Auth{Username: "bot", Password: secret.New("hunter22")}})
	if codes(ds) != "source-failed" || cs[0].State != checkout.Failed || !strings.Contains(ds[0].Message, "refuses the credentials") {
		t.Fatalf("%v", ds)
	}
	if reqs, _ := srv.traffic(); len(reqs) != 1 {
		t.Errorf("a refusal was tried again: %v", reqs)
	}
	good := Spec{Git: strings.Replace(srv.URL, "://", "://bot:s3cret@", 1) + "/a/.git"}
	if cs, ds := mustSync(t, opt, good); len(ds) != 0 || strings.Contains(cs[0].URL, "s3cret") {
		t.Errorf("%v %v", ds, cs[0].URL)
	}
}

func TestStaleKeepsTheLastGoodCommit(t *testing.T) {
	opt := options(t)
	root := t.TempDir()
	r := newRepo(t, filepath.Join(root, "a"))
	first := r.commit("one", map[string]string{"x": "x"})
	srv := serveGit(t, root)
	spec := Spec{Git: srv.URL + "/a/.git"}
	mustSync(t, opt, spec)
	srv.before = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "down", http.StatusBadGateway)
		return true
	}
	srv.traffic()
	opt.Now = testNow.AddDate(0, 0, 3)
	cs, ds := mustSync(t, opt, spec)
	if codes(ds) != "source-stale" || !strings.Contains(ds[0].Message, "3 days ago") || !strings.Contains(ds[0].Message, "502") {
		t.Fatal(ds)
	}
	if c := cs[0]; c.State != checkout.Stale || c.Commit != first || c.FetchedAt != testNow || c.Err == "" {
		t.Errorf("%+v", c)
	}
	if reqs, _ := srv.traffic(); len(reqs) != 1+opt.Retries {
		t.Errorf("requests %v", reqs)
	}
	opt.Offline = true
	cs, ds = mustSync(t, opt, spec, Spec{Git: srv.URL + "/never/seen.git"})
	if codes(ds) != "source-failed" || cs[0].State != checkout.Cached || cs[1].State != checkout.Failed {
		t.Errorf("%v %v %v", ds, cs[0].State, cs[1].State)
	}
	if reqs, _ := srv.traffic(); len(reqs) != 0 {
		t.Errorf("offline asked %v", reqs)
	}
}
