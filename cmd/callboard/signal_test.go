//go:build unix

package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A build that is stopped says so, ends with the signal's exit code, leaves
// the old site and no child process.
func TestStoppedBuildLeavesTheOldSite(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGINT, 130}, {syscall.SIGTERM, 143}} {
		t.Run(c.signal.String(), func(t *testing.T) {
			server := silentServer(t)
			dir := t.TempDir()
			conf := filepath.Join(dir, "callboard.yaml")
			write(t, conf, "portal: {title: Shop}\nsources: []\n")
			if out, err := command(t, dir, "build").CombinedOutput(); err != nil {
				t.Fatalf("first build: %v\n%s", err, out)
			}
			before := read(t, filepath.Join(dir, "public/index.html"))

			write(t, conf, "portal: {title: Another}\nsources:\n  - git: http://"+server.address+"/shop.git\n")
			build := command(t, dir, "build")
			var stderr strings.Builder
			build.Stderr = &stderr
			if err := build.Start(); err != nil {
				t.Fatal(err)
			}
			server.waitForCaller(t)
			if err := build.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			err := build.Wait()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != c.code {
				t.Errorf("ended with %v, want exit code %d", err, c.code)
			}
			if !strings.Contains(stderr.String(), "nothing was replaced") {
				t.Errorf("said %q", stderr.String())
			}
			if after := read(t, filepath.Join(dir, "public/index.html")); after != before {
				t.Error("the old site was replaced")
			}
		})
	}
}

// silent accepts connections and never answers.
type silent struct {
	address string
	called  chan bool
}

func silentServer(t *testing.T) *silent {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &silent{address: l.Addr().String(), called: make(chan bool, 16)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			s.called <- true
		}
	}()
	return s
}

func (s *silent) waitForCaller(t *testing.T) {
	t.Helper()
	select {
	case <-s.called:
	case <-time.After(30 * time.Second):
		t.Fatal("the build never asked the server")
	}
}

// command returns this test binary as the program callboard, run in dir.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CALLBOARD_TEST_MAIN=1")
	return c
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
