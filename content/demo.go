package content

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// Repository is one repository of the demo organisation, as the commits that
// make it. Writing the commits in order gives the same hashes on every
// machine, since every input of a hash is part of the value.
type Repository struct {
	// Name is the repository's folder name, such as "seating".
	Name string
	// DefaultBranch is the branch that the commits are on.
	DefaultBranch string
	// RemoteURL is the address to record as the remote "origin". Nothing
	// answers there; edit and source links are made from it.
	RemoteURL string
	// Commits are in order of time, oldest first, on one line without merges.
	Commits []Commit
}

// Commit is one change of a [Repository].
type Commit struct {
	// Author is also the committer.
	Author checkout.Person
	// Time is both author and committer time, in UTC with whole seconds.
	Time time.Time
	// Message is the full commit message.
	Message string
	// Write holds the whole new content of each file that the commit adds or
	// changes, by slash-separated path; all are regular files of mode 0644.
	Write map[string][]byte
	// Remove lists the paths that the commit deletes, sorted.
	Remove []string
}

// Demo returns the demo organisation: the files of its portal folder
// (callboard.yaml, brand.yaml, logos, pages), and its repositories sorted by
// name. The portal reads its sources from "repos/*" beside callboard.yaml, so
// each repository belongs into repos/<Name>. The result is the same on every
// call; an error means that the embedded data contradicts itself.
func Demo() (portal fs.FS, repositories []Repository, err error) {
	portal, err = fs.Sub(demo, "demo/portal")
	if err != nil {
		return nil, nil, fmt.Errorf("open the demo portal: %w", err)
	}
	authors, err := readAuthors()
	if err != nil {
		return nil, nil, err
	}
	folders, err := fs.ReadDir(demo, "demo/repos")
	if err != nil {
		return nil, nil, fmt.Errorf("list the demo repositories: %w", err)
	}
	for _, f := range folders {
		r, err := loadRepository(f.Name(), authors)
		if err != nil {
			return nil, nil, fmt.Errorf("load demo repository %s: %w", f.Name(), err)
		}
		repositories = append(repositories, r)
	}
	return portal, repositories, nil
}

// readAuthors returns the people who commit, by the name that histories use.
func readAuthors() (map[string]checkout.Person, error) {
	b, err := demo.ReadFile("demo/authors.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the demo authors: %w", err)
	}
	authors := map[string]checkout.Person{}
	if err := yaml.Unmarshal(b, &authors); err != nil {
		return nil, fmt.Errorf("decode the demo authors: %w", err)
	}
	return authors, nil
}

// loadRepository turns a folder and the history written for it into commits.
func loadRepository(name string, authors map[string]checkout.Person) (Repository, error) {
	b, err := demo.ReadFile("demo/history/" + name + ".yaml")
	if err != nil {
		return Repository{}, fmt.Errorf("read its history: %w", err)
	}
	var h history
	dec := yaml.NewDecoder(strings.NewReader(string(b)))
	dec.KnownFields(true)
	if err := dec.Decode(&h); err != nil {
		return Repository{}, fmt.Errorf("decode its history: %w", err)
	}
	files, err := readTree(path.Join("demo/repos", name))
	if err != nil {
		return Repository{}, err
	}
	commits, err := h.replay(files, authors)
	if err != nil {
		return Repository{}, err
	}
	return Repository{Name: name, DefaultBranch: h.Branch, RemoteURL: h.Remote, Commits: commits}, nil
}

// readTree returns every file below a folder of the embedded data, by its
// path relative to the folder.
func readTree(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(demo, root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := demo.ReadFile(p)
		files[strings.TrimPrefix(p, root+"/")] = b
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read its files: %w", err)
	}
	return files, nil
}

// sortedPaths returns the paths of a tree in order.
func sortedPaths(files map[string][]byte) []string {
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}
