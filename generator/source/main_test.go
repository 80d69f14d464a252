package source

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
)

// TestMain lets the test binary stand in for the program when Sync re-executes it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerVerb {
		if err := RunWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var testNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// options are Options for a test: no waiting, a fixed clock, a state folder of its own.
func options(t testing.TB) Options {
	t.Helper()
	dir := t.TempDir()
	return Options{BaseDir: dir, StateDir: filepath.Join(dir, ".callboard"), Now: testNow, Backoff: time.Millisecond, Seed: 1, Retries: 2}
}

// sync runs Sync and fails the test on an error.
func mustSync(t testing.TB, opt Options, specs ...Spec) ([]*checkout.Checkout, diag.List) {
	t.Helper()
	for i := range specs {
		specs[i].Priority = i
		if specs[i].Pos.IsZero() {
			specs[i].Pos = diag.Pos{File: "callboard.yaml", Line: 10 + i, Column: 5}
		}
	}
	cs, ds, err := Sync(t.Context(), specs, opt)
	if err != nil {
		t.Fatal(err)
	}
	return cs, ds
}

// write makes files under dir; names end in "/" for empty folders.
func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// gitRepo is a repository made with the git program, with fixed times.
type gitRepo struct {
	t    testing.TB
	dir  string
	when time.Time
}

// needGit skips the test where git is missing.
func needGit(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
}

func newRepo(t testing.TB, dir string) *gitRepo {
	t.Helper()
	needGit(t)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := &gitRepo{t, dir, time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *gitRepo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir}, args...)...)
	stamp := r.when.Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com",
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com", "GIT_AUTHOR_DATE="+stamp, "GIT_COMMITTER_DATE="+stamp)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files and commits them an hour later; it returns the hash.
func (r *gitRepo) commit(subject string, files map[string]string) string {
	r.t.Helper()
	write(r.t, r.dir, files)
	r.when = r.when.Add(time.Hour)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", subject)
	return r.git("rev-parse", "HEAD")
}

// gitServer serves the repositories under root over smart HTTP.
type gitServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	sent     int64
	user     string // with pass: required when set
	pass     string
	before   func(http.ResponseWriter, *http.Request) bool // true when it answered
}

func serveGit(t testing.TB, root string) *gitServer {
	t.Helper()
	needGit(t)
	git, _ := exec.LookPath("git")
	exe := exec.Command(git, "--exec-path")
	if out, err := exe.Output(); err != nil {
		t.Skip("git --exec-path fails")
	} else if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")); err != nil {
		t.Skip("git has no http-backend here")
	}
	s := &gitServer{}
	h := &cgi.Handler{Stderr: io.Discard, Logger: log.New(io.Discard, "", 0), Path: git, Args: []string{"http-backend"}, Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		if s.before != nil && s.before(w, r) {
			return
		}
		if s.user != "" {
			if u, p, _ := r.BasicAuth(); u != s.user || p != s.pass {
				w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
				http.Error(w, "no", http.StatusUnauthorized)
				return
			}
		}
		c := &countingWriter{ResponseWriter: w}
		h.ServeHTTP(c, r)
		s.mu.Lock()
		s.sent += c.n
		s.mu.Unlock()
	}))
	t.Cleanup(s.Close)
	return s
}

type countingWriter struct {
	http.ResponseWriter
	n int64
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += int64(len(p))
	return w.ResponseWriter.Write(p)
}

// traffic returns and forgets what the server was asked and sent.
func (s *gitServer) traffic() ([]string, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, n := s.requests, s.sent
	s.requests, s.sent = nil, 0
	return r, n
}

// codes lists the codes of diagnostics, in order.
func codes(list diag.List) string {
	var out []string
	for _, d := range list {
		out = append(out, d.Code)
	}
	return strings.Join(out, " ")
}
