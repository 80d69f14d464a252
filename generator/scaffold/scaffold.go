// Package scaffold writes a portal folder to start from, for `callboard init`.
package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/packaging"
)

//go:embed files
var files embed.FS

// base are the files of every new portal: where they go, and what they are in files.
var base = [][2]string{
	{"callboard.yaml", "files/callboard.yaml"},
	{"brand.yaml", "files/brand.yaml"},
	{"content/index.md", "files/content/index.md"},
	{".gitignore", "files/gitignore"},
}

// runner is something that can run a portal on merge and on a schedule: its
// name, and for each of its files where it goes and what it is in packaging.
type runner struct {
	name  string
	files [][2]string
}

var runners = []runner{
	{"github", [][2]string{{".github/workflows/portal.yml", "github/portal.yml"}}},
	{"gitlab", [][2]string{{".gitlab-ci.yml", "gitlab/portal.gitlab-ci.yml"}}},
	{"systemd", [][2]string{{"systemd/callboard.service", "systemd/callboard.service"}, {"systemd/callboard.timer", "systemd/callboard.timer"}}},
	{"kubernetes", [][2]string{{"kubernetes/cronjob.yaml", "kubernetes/cronjob.yaml"}, {"kubernetes/Containerfile", "kubernetes/Containerfile"}}},
}

// Runners lists what Write accepts for with.
func Runners() []string {
	var out []string
	for _, r := range runners {
		out = append(out, r.name)
	}
	return out
}

// Write writes a new portal into dir, which it makes if need be, and the files
// of the runners named. Files that exist are kept as they are. It returns the
// paths written and kept, relative to dir.
func Write(dir string, with []string) (written, kept []string, err error) {
	type target struct {
		path string
		from fs.FS
		name string
	}
	var targets []target
	for _, f := range base {
		targets = append(targets, target{f[0], files, f[1]})
	}
	for _, name := range with {
		i := slices.IndexFunc(runners, func(r runner) bool { return r.name == name })
		if i < 0 {
			hint := "known are " + strings.Join(Runners(), ", ")
			if n, ok := diag.Nearest(name, Runners()); ok {
				hint = fmt.Sprintf("did you mean %q?", n)
			}
			return nil, nil, fmt.Errorf("nothing known runs a portal by the name %q\n%s", name, hint)
		}
		for _, f := range runners[i].files {
			targets = append(targets, target{f[0], packaging.Files, f[1]})
		}
	}
	for _, t := range targets {
		data, err := fs.ReadFile(t.from, t.name)
		if err != nil {
			return written, kept, err
		}
		switch err := writeNew(filepath.Join(dir, filepath.FromSlash(t.path)), data); {
		case err == nil:
			written = append(written, t.path)
		case errors.Is(err, fs.ErrExist):
			kept = append(kept, t.path)
		default:
			return written, kept, err
		}
	}
	return written, kept, nil
}

// writeNew writes a file that does not exist yet.
func writeNew(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
