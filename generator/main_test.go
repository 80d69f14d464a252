package generator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/htmlcheck"
)

// buildRequest is the environment variable that makes the test binary build a
// portal and print the report, for tests of what a process can differ in.
const buildRequest = "CALLBOARD_TEST_BUILD"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && IsWorkerVerb(os.Args[1]) {
		if err := RunWorker(context.Background(), os.Args[1], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(buildRequest); dir != "" {
		if err := buildAndPrint(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if shared.dir != "" {
		code |= removed(os.RemoveAll(shared.dir))
	}
	os.Exit(code)
}

func removed(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func buildAndPrint(dir string) error {
	r, err := Build(context.Background(), optionsFor(dir))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// slow reports whether the long forms of tests are asked for.
func slow() bool { return os.Getenv("CALLBOARD_SLOW") != "" }

// testNow is the time of every build in tests.
var testNow = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)

// optionsFor are the options for a portal folder, with site and state beside
// callboard.yaml as the program has them.
func optionsFor(dir string) Options {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return Options{
		Config: filepath.Join(dir, "callboard.yaml"), Output: filepath.Join(dir, "public"), StateDir: filepath.Join(dir, ".callboard"),
		Now: testNow, Version: "test", LookupEnv: func(string) (string, bool) { return "", false }, Executable: exe,
	}
}

func mustBuild(t *testing.T, opt Options) *Report {
	t.Helper()
	r, err := Build(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// demo is the demo portal, built once for all tests that only look at it.
type demo struct {
	dir    string
	opt    Options
	report *Report
	portal *Portal
	site   *htmlcheck.Site
	err    error
}

var (
	shared     demo
	sharedOnce sync.Once
)

// demoPortal returns the demo portal, finished. Tests must not change it.
func demoPortal(t *testing.T) *demo {
	t.Helper()
	sharedOnce.Do(func() { shared.err = shared.build() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return &shared
}

func (d *demo) build() (err error) {
	ctx := context.Background()
	if d.dir, err = os.MkdirTemp("", "callboard-test-"); err != nil {
		return err
	}
	if _, err = WriteDemo(ctx, d.dir); err != nil {
		return err
	}
	d.opt = optionsFor(d.dir)
	if d.report, err = Build(ctx, d.opt); err != nil {
		return err
	}
	again := d.opt
	again.NoSync = true
	if d.portal, err = Load(ctx, again, ""); err != nil {
		return err
	}
	if d.portal.Set.Shell.URL == "" {
		return errors.New("the demo portal has no address")
	}
	d.site, err = htmlcheck.ReadSite(os.DirFS(d.opt.Output), d.portal.Set.Shell.URL)
	return err
}
