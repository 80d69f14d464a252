package scaffold

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestWriteKeepsWhatIsThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	written, kept, err := Write(dir, []string{"github", "systemd"})
	if err != nil || len(kept) != 0 || len(written) != 7 {
		t.Fatalf("written %v, kept %v, err %v", written, kept, err)
	}
	conf := filepath.Join(dir, "callboard.yaml")
	if err := os.WriteFile(conf, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	written, kept, err = Write(dir, []string{"kubernetes"})
	if err != nil || !slices.Equal(written, []string{"kubernetes/cronjob.yaml", "kubernetes/Containerfile"}) || len(kept) != 4 {
		t.Fatalf("written %v, kept %v, err %v", written, kept, err)
	}
	if b, _ := os.ReadFile(conf); string(b) != "mine" {
		t.Errorf("callboard.yaml was replaced by %q", b)
	}
}

func TestUnknownRunnerGetsTheNearest(t *testing.T) {
	_, _, err := Write(t.TempDir(), []string{"gihub"})
	if err == nil || !strings.Contains(err.Error(), `did you mean "github"?`) {
		t.Errorf("err = %v", err)
	}
}

// A newcomer either takes the mark off an entry or writes one below sources.
func TestEntriesGoBelowSources(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Write(dir, nil); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "callboard.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is":        string(b),
		"mark taken off":  strings.Replace(string(b), "#  - directory:", "  - directory:", 1),
		"entry below":     strings.Replace(string(b), "\nsources:\n", "\nsources:\n  - directory: ../repos/*\n", 1),
		"entry at bottom": string(b) + "  - directory: ../repos/*\n",
	} {
		var conf struct {
			Sources []map[string]any `yaml:"sources"`
		}
		if err := yaml.Unmarshal([]byte(text), &conf); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if want := strings.Count(text, "\n  - directory:"); len(conf.Sources) != want {
			t.Errorf("%s: %d sources, want %d", name, len(conf.Sources), want)
		}
	}
}
