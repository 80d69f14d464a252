// Package checkout is the model of one repository as the rest of Callboard
// sees it: a read-only file tree at a commit, its history, and the web pages
// its host has for it. generator/source makes checkouts; every other stage
// only reads them. Nothing here touches git.
package checkout

import (
	"io/fs"
	"time"
)

// State says how a source's content relates to what its remote has now.
type State string

// The states of a source, worst last.
const (
	// Fresh means that the content is what the remote had in this run, or
	// that the source is a local folder.
	Fresh State = "fresh"
	// Cached means that the remote was deliberately not asked (offline, --no-sync).
	Cached State = "cached"
	// Stale means that the remote could not be read and the last good commit is shown.
	Stale State = "stale"
	// Failed means that there is no content at all: FS is nil.
	Failed State = "failed"
)

// Checkout is one repository at one commit. It is immutable and safe for
// concurrent use.
type Checkout struct {
	// Name is the source's stable, unique, human name, such as
	// "payments/checkout"; diagnostics carry it as Pos.Source.
	Name string
	// URL is the clone URL without credentials; empty for a plain folder.
	URL string
	// Ref is the branch or tag followed, such as "main"; empty for a plain folder.
	Ref string
	// Commit is the full hash of the commit shown; empty for a plain folder.
	Commit string
	// CommitTime is the commit's committer time in UTC; zero for a plain folder.
	CommitTime time.Time
	// FetchedAt is when the remote last confirmed Commit, in UTC.
	FetchedAt time.Time
	// State is how current the content is; Err says why when Stale or Failed.
	State State
	Err   string
	// FS is the tree. Symlinks are resolved only inside the tree; a path
	// that would leave it does not exist. It implements fs.ReadDirFS,
	// fs.ReadFileFS and fs.StatFS. Nil when State is Failed.
	FS fs.FS
	// Dir is the folder on disk when the content is read from one (for
	// watching); empty for content read from git objects.
	Dir string
	// Digest identifies the tree's content: equal digests mean equal trees.
	// For git it is the tree hash, for a plain folder a hash over paths and bytes.
	Digest string
	// BlobHash returns a content hash for a file in the tree without reading
	// it where possible, and "" when the file does not exist.
	BlobHash func(path string) string
	// Descriptors are the glob patterns that find catalog descriptors here.
	Descriptors []string
	// Origin is "git", "directory", "file", "github" or "gitlab": the kind of source entry.
	Origin string
	// Priority orders sources for duplicate entities: the lower one wins. It
	// is the index of the source's entry in callboard.yaml.
	Priority int
	// Web builds links to the repository's host; its zero value builds none.
	Web Web
	// History is what is known of the past; never nil, possibly empty.
	History *History
}

// Person is an author or committer as git records one.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// Commit is one entry of a history. Times are UTC.
type Commit struct {
	Hash    string    `json:"hash"`
	Author  Person    `json:"author"`
	Time    time.Time `json:"time"`
	Subject string    `json:"subject"`
	// Paths are the files added, changed or removed, sorted; for a merge only
	// those that differ from every parent. For a Truncated commit they are not
	// what it changed, but files of which no more is known than that they
	// changed no later.
	Paths     []string `json:"paths,omitempty"`
	IsMerge   bool     `json:"isMerge,omitempty"`
	Truncated bool     `json:"truncated,omitempty"` // parents not known: the history is cut below this commit
}

// History is the past of a checkout, newest commit first, as deep as the
// source's `history` setting asks.
type History struct {
	Commits []Commit
	// Complete says that Commits reaches the first commit. Otherwise anything
	// older than the last commit listed is unknown, which pages must say.
	Complete bool
	last     map[string]int
}

// NewHistory returns a history over commits, newest first, and indexes the
// last change of every path.
func NewHistory(commits []Commit, complete bool) *History {
	h := &History{Commits: commits, Complete: complete, last: map[string]int{}}
	for i, c := range commits {
		for _, p := range c.Paths {
			if _, seen := h.last[p]; !seen {
				h.last[p] = i
			}
		}
	}
	return h
}

// Change is when and by whom a file was last changed.
type Change struct {
	Commit string    `json:"commit,omitempty"`
	Author Person    `json:"author,omitzero"`
	Time   time.Time `json:"time"`
	// Before is true when the change is older than the known history: Time
	// is then the oldest time known, and pages say "before <date>".
	Before bool `json:"before,omitempty"`
}

// LastChange returns the newest known change of a file, and false where
// nothing at all is known (an empty history).
func (h *History) LastChange(path string) (Change, bool) {
	if h == nil || len(h.Commits) == 0 {
		return Change{}, false
	}
	if i, ok := h.last[path]; ok {
		c := h.Commits[i]
		if c.Truncated {
			return Change{Time: c.Time, Before: true}, true
		}
		return Change{Commit: c.Hash, Author: c.Author, Time: c.Time}, true
	}
	if h.Complete {
		return Change{}, false
	}
	return Change{Time: h.Commits[len(h.Commits)-1].Time, Before: true}, true
}
