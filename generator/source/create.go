package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// NewCommit is a commit for Create: files written and removed, by path.
type NewCommit struct {
	Author  checkout.Person
	Time    time.Time
	Message string
	Write   map[string][]byte
	Remove  []string
}

// Create makes a git repository with a working tree at dir, which must not
// exist yet, from commits in order; remote becomes the URL of origin, which is
// never contacted. The demo organisation is made with it. Equal arguments give
// equal commit hashes.
func Create(dir, branch, remote string, commits []NewCommit) error {
	if err := create(dir, branch, remote, commits); err != nil {
		return fmt.Errorf("create repository %s: %w", filepath.Base(dir), err)
	}
	return nil
}

func create(dir, branch, remote string, commits []NewCommit) error {
	r, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(branch)}})
	if err != nil {
		return err
	}
	if remote != "" {
		if _, err := r.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{remote}}); err != nil {
			return err
		}
	}
	tree, err := r.Worktree()
	if err != nil {
		return err
	}
	for _, c := range commits {
		if err := commitFiles(dir, tree, c); err != nil {
			return fmt.Errorf("commit %q: %w", c.Message, err)
		}
	}
	return nil
}

func commitFiles(dir string, tree *git.Worktree, c NewCommit) error {
	paths := make([]string, 0, len(c.Write))
	for p := range c.Write {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		if !filepath.IsLocal(p) {
			return fmt.Errorf("path %q leaves the repository", p)
		}
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, c.Write[p], 0o644); err != nil {
			return err
		}
		if err := tree.AddWithOptions(&git.AddOptions{Path: p, SkipStatus: true}); err != nil {
			return fmt.Errorf("add %s: %w", p, err)
		}
	}
	for _, p := range c.Remove {
		if _, err := tree.Remove(p); err != nil {
			return fmt.Errorf("remove %s: %w", p, err)
		}
	}
	who := &object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: c.Time}
	_, err := tree.Commit(c.Message, &git.CommitOptions{Author: who, Committer: who})
	return err
}
