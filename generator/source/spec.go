package source

import (
	"time"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
)

// Auth is how to prove to a git server who is asking. The zero value asks
// anonymously over HTTP, and through the running SSH agent over SSH.
type Auth struct {
	// Username goes with Password or Token. Empty means "x-access-token" for
	// a token, which GitHub, GitLab, Bitbucket and Gitea accept, and "git" for SSH.
	Username string
	// Password or Token authenticate over HTTP. Token wins where both are set.
	Password secret.Secret
	Token    secret.Secret
	// KeyFile is the path of a private SSH key, KeyPassphrase what opens it.
	KeyFile       string
	KeyPassphrase secret.Secret
	// KnownHosts is the path of a known_hosts file; empty means the user's own.
	// A server whose key is not in it is refused.
	KnownHosts string
	// Agent asks the SSH agent even where a KeyFile is given.
	Agent bool
}

// IsZero reports whether a says nothing.
func (a Auth) IsZero() bool { return a == Auth{} }

// History says how many commits of the past a source keeps: a positive
// number, DefaultHistory (the zero value), NoHistory or FullHistory.
type History int

// The special depths of a history.
const (
	// DefaultHistory keeps the last 300 generations of commits.
	DefaultHistory History = 0
	// NoHistory fetches one commit and knows nothing of the past.
	NoHistory History = -1
	// FullHistory keeps every commit.
	FullHistory History = -2
)

const defaultDepth = 300

// Depth returns how many generations of commits to look at: 0 for none, -1 for all.
func (h History) Depth() int {
	switch {
	case h == NoHistory:
		return 0
	case h == FullHistory:
		return -1
	case h <= 0:
		return defaultDepth
	default:
		return int(h)
	}
}

// fetchDepth is the depth asked of a server: at least the commit itself.
func (h History) fetchDepth() int {
	if d := h.Depth(); d != 0 {
		return d
	}
	return 1
}

// Spec is one entry of callboard.yaml's `sources:`, decoded. Exactly one of
// Git, Directory, File, GitHub and GitLab is set.
type Spec struct {
	// Git is a clone URL (https, http or ssh, also "git@host:path") or the
	// path of a repository on this machine.
	Git string
	// Directory is a folder, or a doublestar glob of folders; each is a git
	// repository, read from its working tree, or a plain folder.
	Directory string
	// File is one descriptor file; its folder is the tree.
	File string
	// GitHub and GitLab discover repositories.
	GitHub *GitHub
	GitLab *GitLab

	// Name replaces the name made from the URL or path.
	Name string
	// Ref is the branch, tag or commit to follow; empty means the remote's HEAD.
	Ref string
	// Refs are globs of further branches and tags to publish as versions.
	// Sync does not read them yet: they are carried for the stage that will.
	Refs []string
	// Descriptors are the globs that find catalog descriptors; empty means
	// catalog-info.yaml and catalog-info.yml at the root.
	Descriptors []string
	// History is how much of the past to keep.
	History History
	// Auth is used for Git, and for the repositories that GitHub or GitLab find.
	Auth Auth
	// Timeout bounds the work on one repository; 0 means two minutes.
	Timeout time.Duration
	// MaxBytes bounds what one fetch may receive; 0 means 200 MB.
	MaxBytes int64
	// WebHost names the kind of host (as checkout.Web.Host does) where the
	// URL does not tell, such as "gitlab" for https://git.example.com/.
	WebHost string
	// Priority is the index of the entry in callboard.yaml.
	Priority int
	// Pos is where the entry stands, for diagnostics.
	Pos diag.Pos
}

// GitHub discovers the repositories of an organization or user.
type GitHub struct {
	// Organization is the account whose repositories are listed.
	Organization string
	// API is the REST address of a GitHub Enterprise server, such as
	// "https://github.example.com/api/v3"; empty means api.github.com.
	API string
	// Token authenticates at the API and, unless Spec.Auth says otherwise, for cloning.
	Token secret.Secret
	// Topics keeps repositories that carry one of Include and none of Exclude.
	Topics Filter
	// Names keeps repositories whose name matches one of Include and none of
	// Exclude; both are doublestar globs.
	Names Filter
	// Archived and Forks include archived repositories and forks.
	Archived bool
	Forks    bool
}

// GitLab discovers the projects of a group.
type GitLab struct {
	// Group is the full path of the group, such as "acme/platform".
	Group string
	// API is the REST address, such as "https://gitlab.example.com/api/v4";
	// empty means gitlab.com.
	API string
	// Token authenticates at the API and, unless Spec.Auth says otherwise, for cloning.
	Token secret.Secret
	// DirectOnly leaves the projects of subgroups out.
	DirectOnly bool
	// Topics and Names filter as they do for GitHub; names are matched
	// against the path below the group.
	Topics Filter
	Names  Filter
	// Archived and Forks include archived projects and forks.
	Archived bool
	Forks    bool
}

// Filter keeps what is in Include (everything where it is empty) and not in Exclude.
type Filter struct {
	Include []string
	Exclude []string
}

// defaultDescriptors are the file names Backstage registers by default.
var defaultDescriptors = []string{"catalog-info.{yaml,yml}"}

func (s Spec) descriptors() []string {
	if len(s.Descriptors) > 0 {
		return s.Descriptors
	}
	return defaultDescriptors
}

// account names what a discovery entry lists, such as "github acme".
func (s Spec) account() string {
	switch {
	case s.GitHub != nil:
		return "github " + s.GitHub.Organization
	case s.GitLab != nil:
		return "gitlab " + s.GitLab.Group
	}
	return ""
}
