package generator

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callboard-portal/callboard/content"
	"github.com/callboard-portal/callboard/generator/source"
)

// WriteDemo writes the demo organisation into dir: its portal folder, and its
// repositories as real git repositories with their history. It returns the
// path of the portal's callboard.yaml.
func WriteDemo(ctx context.Context, dir string) (configPath string, err error) {
	portal, repositories, err := content.Demo()
	if err != nil {
		return "", fmt.Errorf("read the demo: %w", err)
	}
	if err := os.CopyFS(dir, portal); err != nil {
		return "", fmt.Errorf("write the demo portal: %w", err)
	}
	for _, r := range repositories {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		commits := make([]source.NewCommit, len(r.Commits))
		for i, c := range r.Commits {
			commits[i] = source.NewCommit(c)
		}
		if err := source.Create(filepath.Join(dir, "repos", r.Name), r.DefaultBranch, r.RemoteURL, commits); err != nil {
			return "", fmt.Errorf("write the demo: %w", err)
		}
	}
	return filepath.Join(dir, "callboard.yaml"), nil
}

// WriteRepositoryPortal writes, into dir, a portal that shows one repository
// from disk, and returns the path of its callboard.yaml.
func WriteRepositoryPortal(dir, repository string) (configPath string, err error) {
	abs, err := filepath.Abs(repository)
	if err != nil {
		return "", err
	}
	if fi, err := os.Stat(abs); err != nil || !fi.IsDir() {
		return "", fmt.Errorf("there is no folder %s: %w", repository, fs.ErrNotExist)
	}
	text := fmt.Sprintf("portal:\n  title: %q\nsources:\n  - directory: %q\n", filepath.Base(abs), abs)
	configPath = filepath.Join(dir, "callboard.yaml")
	return configPath, os.WriteFile(configPath, []byte(text), 0o644)
}
