package docs

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// TestMain makes the test binary a worker when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "docs-worker" {
		if len(os.Environ()) > 3 {
			os.Exit(2) // what it needs not know, such as tokens, it is not told
		}
		if err := RunWorker(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func workerCommand(t *testing.T) []string {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{exe, "docs-worker"}
}

func TestSlowPageIsReplacedAndCostsNothingElse(t *testing.T) {
	if underRace {
		t.Skip("under the race detector every page is slow")
	}
	fsys := fstest.MapFS{
		"docs/index.md": {Data: []byte("# Home\n\nFine.\n")},
		"docs/slow.md":  {Data: []byte("# Slow\n\n" + strings.Repeat("[a](", 100_000))},
		"docs/many.md":  {Data: []byte("# Many\n\n" + strings.Repeat("[a](b.md) ", 5_000))},
	}
	start := time.Now()
	site, diags := buildOne(t, "dir:.", fsys, Options{WorkerCommand: workerCommand(t)})
	if d := time.Since(start); d > 8*time.Second {
		t.Errorf("the build took %v", d)
	}
	want := map[string]string{"docs/index.md": "Fine", "docs/slow.md": "takes more than 2s", "docs/many.md": "broken-link"}
	for _, p := range site.Pages {
		c, err := p.Content()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(c.HTML, want[p.File]) {
			t.Errorf("%s: %.200s", p.File, c.HTML)
		}
	}
	for _, d := range diags {
		if d.Code == "docs-page-failed" && d.Pos.File == "docs/slow.md" {
			return
		}
	}
	t.Error("the slow page was not reported")
}

func TestWorkerRendersAsTheBuildDoes(t *testing.T) {
	ws := &workers{command: workerCommand(t)}
	defer ws.close()
	for _, src := range []string{"# A\n\n[b](c.md) `d`\n", "!!! note\n    x\n", strings.Repeat("> ", 100)} {
		opt := markdown.Options{IframeHosts: []string{"v.example"}}
		got := encodeRecord(ws.render(t.Context(), []byte(src), opt), nil)
		if want := encodeRecord(renderPage([]byte(src), opt), nil); !bytes.Equal(got, want) {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestWorkerEndsWithItsInput(t *testing.T) {
	if err := serveWorker(strings.NewReader(""), &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
	if err := serveWorker(strings.NewReader("\xff\xff\xff\xff"), &bytes.Buffer{}); err == nil {
		t.Error("a frame of 4 GiB was accepted")
	}
}
