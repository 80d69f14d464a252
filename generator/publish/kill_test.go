//go:build unix

package publish

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// portalAt is the site of the n-th release in the tests that kill builds. Each
// differs from its neighbours in changed, new and removed pages and files, and
// every seventh in its theme. Its version is in a file of its own.
func portalAt(n int) portal {
	p := portal{theme: fmt.Sprint("theme", n/7), pages: map[string]string{"/": fmt.Sprint("home of ", n)}, files: map[string]string{versionFile: strconv.Itoa(n)}}
	for i := range 12 {
		p.pages[fmt.Sprintf("/docs/%d/", i)] = strings.Repeat(fmt.Sprint("page ", (n+i)/4, "\n"), 40)
	}
	p.pages[fmt.Sprintf("/only/%d/", n)] = "here only"
	p.files[fmt.Sprintf("files/%d", n%3)] = "now and then"
	return p
}

const versionFile = "version.txt"

// The environment that makes the test binary the build to be killed.
const (
	killRoot = "CALLBOARD_TEST_KILL_ROOT" // the bench's folder
	killFrom = "CALLBOARD_TEST_KILL_FROM" // the release to begin with
	killStep = "CALLBOARD_TEST_KILL_STEP" // dies at this step, counted from 1; 0 lives
)

func TestMain(m *testing.M) {
	if root := os.Getenv(killRoot); root != "" {
		buildUntilKilled(root)
		return
	}
	os.Exit(m.Run())
}

// buildUntilKilled makes one release after the other, telling of each.
func buildUntilKilled(root string) {
	from, _ := strconv.Atoi(os.Getenv(killFrom))
	last, _ := strconv.Atoi(os.Getenv(killStep))
	b := &bench{dir: filepath.Join(root, "public"), state: filepath.Join(root, "state")}
	b.disk.step = func(string) error {
		if last--; last == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	fmt.Println("ready")
	for n := from; ; n++ {
		if _, err := b.release(context.Background(), portalAt(n)); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func slowTests() bool { return os.Getenv("CALLBOARD_SLOW") != "" }

// Builds are killed, half of them at some moment and half at a chosen step,
// while somebody reads the site without pause. What is served is at any time
// one whole release; the next build always succeeds.
func TestKilledBuildsLeaveAWholeSite(t *testing.T) {
	kills := 100
	if slowTests() {
		kills = 1000
	}
	b := newQuickBench(t)
	root := filepath.Dir(b.dir)
	r := rand.New(rand.NewPCG(3, 4))
	watch := watchSite(t, b.dir)
	next, made := 0, 0
	for kill := range kills {
		step := 0
		if kill%2 == 1 {
			step = 1 + r.IntN(60)
		}
		last, ok := runKilled(t, root, next, step, time.Duration(r.IntN(20_000))*time.Microsecond)
		if ok {
			made += last - next + 1
		}
		served, whole := readVersion(b.dir)
		if !whole && (next > 0 || made > 0) {
			t.Fatalf("kill %d: no whole site is served", kill)
		}
		if ok && served < last {
			t.Fatalf("kill %d: release %d is served, %d was finished", kill, served, last)
		}
		next = max(next, served+1)
	}
	reads := watch()
	b.mustRelease(t, portalAt(next))
	b.mustRelease(t, portalAt(next+1))
	mustBeTidy(t, b)
	t.Logf("%d kills, %d releases, %d whole sites read meanwhile", kills, made, reads)
	if made < kills/4 || reads < kills/4 {
		t.Errorf("too little happened: %d releases and %d reads for %d kills", made, reads, kills)
	}
}

// runKilled starts a build and kills it after a while, if it does not kill
// itself before. It returns the last release it finished, if any.
func runKilled(t *testing.T, root string, from, step int, after time.Duration) (last int, any bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killRoot+"="+root, killFrom+"="+strconv.Itoa(from), killStep+"="+strconv.Itoa(step))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "ready" && step == 0:
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		case strings.HasPrefix(line, "error"):
			_ = cmd.Process.Kill()
			t.Fatalf("a build after a killed one failed: %s", line)
		default:
			if n, err := strconv.Atoi(line); err == nil {
				last, any = n, true
			}
		}
	}
	_ = cmd.Wait()
	return last, any
}

// watchSite reads the site over and over until the returned function is
// called, which returns how many whole releases were read.
func watchSite(t *testing.T, dir string) (stop func() (reads int)) {
	var done atomic.Bool
	finished := make(chan int)
	go func() {
		reads, seen := 0, false
		for !done.Load() {
			n, state := readRelease(dir)
			switch {
			case state == wholeSite:
				reads, seen = reads+1, true
			case state == noSite && seen:
				t.Error("the site was gone for a moment")
			case state == brokenSite:
				t.Errorf("a reader found a site that is not release %d", n)
			}
			time.Sleep(2 * time.Millisecond)
		}
		finished <- reads
	}()
	return func() int { done.Store(true); return <-finished }
}

func readVersion(dir string) (int, bool) {
	for range 100 {
		if n, state := readRelease(dir); state != replacedSite {
			return n, state == wholeSite
		}
	}
	return 0, false
}

type siteState int

const (
	noSite       siteState = iota
	replacedSite           // by another release while it was read
	wholeSite
	brokenSite
)

// readRelease reads the served site and compares it with the release that it
// says it is. A site that was exchanged for another in the meantime says
// nothing: its folder may be a build's spare tree by now.
func readRelease(dir string) (int, siteState) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, noSite
	}
	defer root.Close()
	before, err := root.ReadFile(versionFile)
	files := map[string]string{}
	walkErr := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := root.ReadFile(name)
		files[name] = string(text)
		return err
	})
	after, _ := root.ReadFile(versionFile)
	now, statErr := os.Stat(dir)
	opened, openedErr := root.Stat(".")
	if statErr != nil {
		return 0, noSite
	}
	if openedErr != nil || !os.SameFile(now, opened) || string(before) != string(after) {
		return 0, replacedSite
	}
	n, convErr := strconv.Atoi(string(before))
	if errors.Join(err, walkErr, convErr) != nil || !maps.Equal(files, portalAt(n).want()) {
		return n, brokenSite
	}
	return n, wholeSite
}

// Eight builds at once, again and again: one works, the others are told that
// it does, and what is served is whole.
func TestBuildsAtTheSameTime(t *testing.T) {
	b := newQuickBench(t)
	b.mustRelease(t, portalAt(0))
	results := make(chan error)
	const builders, rounds = 8, 5
	for i := range builders {
		go func() {
			for round := range rounds {
				own := *b
				_, err := own.release(t.Context(), portalAt(1+round*builders+i))
				results <- err
			}
		}()
	}
	good := 0
	for range builders * rounds {
		switch err := <-results; {
		case err == nil:
			good++
		case !errors.Is(err, ErrBusy):
			t.Error(err)
		}
	}
	if _, whole := readVersion(b.dir); !whole || good == 0 {
		t.Errorf("%d builds succeeded, and the site is whole: %t", good, whole)
	}
	mustBeTidy(t, b)
}
