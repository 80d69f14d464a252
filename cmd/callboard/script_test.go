package main

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/source"
)

func TestMain(m *testing.M) {
	// The program starts itself again for hostile bytes; under test it is the
	// test binary that is started.
	if code, ok := runWorker(os.Args[1:]); ok {
		os.Exit(code)
	}
	if os.Getenv("CALLBOARD_TEST_MAIN") != "" {
		os.Exit(mainExit(os.Args[1:]))
	}
	testscript.Main(m, map[string]func(){
		"callboard": func() { os.Exit(mainExit(os.Args[1:])) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("CALLBOARD_GOLDEN") != "",
		Setup: func(e *testscript.Env) error {
			// Network is refused: anything that tries it ends at a closed port.
			e.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
			e.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCodeIs,
			"lock":     lockState,
			"get":      getURL,
			"gitrepo":  makeRepository,
		},
	})
}

// exitCodeIs runs a command and requires its exit code: exitcode 3 callboard build
func exitCodeIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		_, code, ok := strings.Cut(err.Error(), "exit status ")
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = code
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// lockState holds a state folder as a running build would: lock DIR
func lockState(ts *testscript.TestScript, _ bool, args []string) {
	l, err := publish.LockState(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { _ = l.Unlock() })
}

// makeRepository makes a git repository with one commit of a folder's files: gitrepo FROM TO
func makeRepository(ts *testscript.TestScript, _ bool, args []string) {
	tree := os.DirFS(ts.MkAbs(args[0]))
	c := source.NewCommit{
		Author: checkout.Person{Name: "Ada", Email: "ada@example.com"}, Time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC),
		Message: "Everything", Write: map[string][]byte{},
	}
	ts.Check(fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		c.Write[p], err = fs.ReadFile(tree, p)
		return err
	}))
	ts.Check(source.Create(ts.MkAbs(args[1]), "main", "", []source.NewCommit{c}))
}

// getURL waits for a server whose address is in a log file, asks it for a path
// and prints status and body: get LOGFILE PATH
func getURL(ts *testscript.TestScript, _ bool, args []string) {
	log, deadline := ts.MkAbs(args[0]), time.Now().Add(30*time.Second)
	for ; time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		b, _ := os.ReadFile(log)
		_, rest, ok := strings.Cut(string(b), " at http://")
		if !ok {
			continue
		}
		resp, err := http.Get("http://" + strings.Fields(rest)[0] + args[1])
		ts.Check(err)
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		ts.Check(err)
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs("."), "response"), fmt.Appendf(nil, "%d\n%s", resp.StatusCode, body), 0o644))
		return
	}
	ts.Fatalf("no server came up: %s", ts.ReadFile(args[0]))
}
