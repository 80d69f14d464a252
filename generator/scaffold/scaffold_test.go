package scaffold

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
