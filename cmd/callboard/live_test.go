package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator"
)

// program returns a path by which the test binary is the program: under this
// name it does what callboard does.
func program(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "callboard")
	if err := os.Symlink(exe, path); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	return path
}

func writeDemo(t *testing.T) (configPath string) {
	t.Helper()
	configPath, err := generator.WriteDemo(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return configPath
}

// talk keeps what a program says, and is safe to read meanwhile.
type talk struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *talk) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *talk) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// waitFor asks again and again until it is answered.
func waitFor(t *testing.T, what string, log *talk, most time.Duration, done func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !done() {
		if time.Since(began) > most {
			t.Fatalf("waited %s for %s; the program said:\n%s", most, what, log)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(began)
}

var served = regexp.MustCompile(` at (http://[0-9.:]+)`)

// serveDemo starts serve --watch on the demo and returns its address.
func serveDemo(t *testing.T, configPath string) (address string, log *talk) {
	t.Helper()
	log = &talk{}
	cmd := exec.CommandContext(t.Context(), program(t), "serve", "--watch", "--addr", "127.0.0.1:0", "-c", configPath)
	cmd.Stderr, cmd.Stdout = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitFor(t, "the server", log, time.Minute, func() bool {
		m := served.FindStringSubmatch(log.String())
		if m != nil {
			address = m[1]
		}
		return m != nil
	})
	return address, log
}

// ask gets a URL; the caller closes the body.
func ask(t *testing.T, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func getPage(t *testing.T, url string) string {
	t.Helper()
	resp := ask(t, url)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// reloads listens as an open page does, and passes on each call to reload.
func reloads(t *testing.T, address string) <-chan time.Time {
	t.Helper()
	resp := ask(t, address+"/_callboard/events")
	t.Cleanup(func() { _ = resp.Body.Close() })
	if ct := resp.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Fatalf("events are sent as %q", ct)
	}
	called := make(chan time.Time, 1)
	go func() {
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			if lines.Text() == "event: reload" {
				called <- time.Now()
				return
			}
		}
	}()
	return called
}

// A saved file is served within a second on a machine with nothing else to do;
// here five are allowed. Open pages are told to load again, also after a save
// that follows at once, and mistakes do not end it.
func TestASavedFileIsServedSoon(t *testing.T) {
	configPath := writeDemo(t)
	address, log := serveDemo(t, configPath)
	url := address + "/docs/default/component/flytower/"
	file := filepath.Join(filepath.Dir(configPath), "repos/flytower/docs/index.md")
	before := getPage(t, url)
	if !strings.Contains(before, `src="/_callboard/reload.js"`) {
		t.Error("the page does not listen")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// The watch begins a moment after the server.
	for i, sentence := range []string{"The first change.", "The second change.", "The third change."} {
		called := reloads(t, address)
		time.Sleep(300 * time.Millisecond)
		saved := time.Now()
		if err := os.WriteFile(file, append(text, "\n"+sentence+"\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		took := waitFor(t, "change "+sentence, log, 30*time.Second, func() bool { return strings.Contains(getPage(t, url), sentence) })
		select {
		case at := <-called:
			t.Logf("change %d: served after %s, pages told to load again after %s", i+1, took.Round(time.Millisecond), at.Sub(saved).Round(time.Millisecond))
		case <-time.After(10 * time.Second):
			t.Errorf("open pages were not told of %q", sentence)
		}
		if took > 5*time.Second {
			t.Errorf("change %d was served after %s", i+1, took)
		}
	}

	broken := filepath.Join(filepath.Dir(configPath), "repos/flytower/catalog-info.yaml")
	descriptor, err := os.ReadFile(broken)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, []byte("kind: [\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the mistake on the problems page", log, 30*time.Second, func() bool {
		return strings.Contains(getPage(t, address+"/problems/"), "flytower")
	})
	if err := os.WriteFile(broken, descriptor, 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the page that is back", log, 30*time.Second, func() bool { return strings.Contains(getPage(t, url), "The third change.") })
}

// A portal in the folder that is its own source does not build for ever
// because its site lies there, too.
func TestAPortalInItsOwnSourceIsBuiltOncePerChange(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"callboard.yaml":    "portal: {title: Self}\nsources:\n  - directory: .\n",
		"catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: self\n  annotations: {backstage.io/techdocs-ref: \"dir:.\"}\nspec: {type: service, lifecycle: production, owner: user:ada}\n",
		"docs/index.md":     "# Self\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	address, log := serveDemo(t, filepath.Join(dir, "callboard.yaml"))
	time.Sleep(300 * time.Millisecond)
	if err := os.WriteFile(filepath.Join(dir, "docs/index.md"), []byte("# Self\n\nChanged.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the change", log, 30*time.Second, func() bool {
		return strings.Contains(getPage(t, address+"/docs/default/component/self/"), "Changed.")
	})
	time.Sleep(2 * time.Second)
	// Once at first, once for the change, and once more where the watch saw the file half written.
	if built := strings.Count(log.String(), ": wrote "); built < 2 || built > 3 {
		t.Errorf("built %d times for one change:\n%s", built, log)
	}
}
