package config

import (
	"time"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
)

// Source is an entry of `sources`: one repository, a set of folders, one
// file, or a place where repositories are discovered. Exactly one of Git,
// Directory, File, GitHub and GitLab is set.
type Source struct {
	Pos diag.Pos

	// Git is a clone URL: https, ssh, scp-like or file.
	Git string
	// Directory is a glob over folders, git repositories or plain, relative to Config.Dir.
	Directory string
	// File is one descriptor file, relative to Config.Dir.
	File   string
	GitHub *GitHub
	GitLab *GitLab

	// Name replaces the name made from the URL or folder. Not for discovery.
	Name string
	// Ref is the branch, tag or commit shown; empty is the remote's HEAD.
	Ref string
	// Refs are further branches and tags whose documentation is kept as versions.
	Refs Patterns
	// Descriptors are the globs that find catalog files in a repository.
	Descriptors Patterns
	// History is how many commits are fetched.
	History Depth
	Auth    Auth
	// Timeout bounds one repository's transfer; MaxSize the bytes received.
	Timeout time.Duration
	MaxSize Size
}

// Auth is how a git server is spoken to. Token is for https; Username and
// Password are for https with a password, or Username with SSHKey for ssh.
type Auth struct {
	Token    secret.Secret
	Username string
	Password secret.Secret
	// SSHKey is the path of a private key file, and KnownHosts that of a
	// known_hosts file; the agent and ~/.ssh/known_hosts are used without them.
	SSHKey     string
	KnownHosts string
}

// GitHub discovers an organization's or a user's repositories.
type GitHub struct {
	Organization string
	User         string
	// API is the REST endpoint of an Enterprise server; empty is github.com's.
	API    string
	Token  secret.Secret
	Filter Filter
}

// GitLab discovers a group's projects.
type GitLab struct {
	Group string
	// API is the REST endpoint of an own server; empty is gitlab.com's.
	API   string
	Token secret.Secret
	// Subgroups includes the projects of groups below Group.
	Subgroups bool
	Filter    Filter
}

// Filter narrows the repositories discovered.
type Filter struct {
	Topics Topics
	// Match and Exclude are globs over repository names; an empty Match takes all.
	Match, Exclude Patterns
	// Archived and Forks include what is otherwise left out.
	Archived, Forks bool
}

// Topics narrows by topic: a repository needs one of Include, when it is not
// empty, and none of Exclude.
type Topics struct{ Include, Exclude Patterns }

// DefaultDescriptors are the globs of a source that sets none: the names and
// places estates use (Backstage's own default is catalog-info.yaml alone).
var DefaultDescriptors = []string{
	"catalog-info.{yaml,yml}", "backstage.{yaml,yml}", ".backstage/*.{yaml,yml}",
}

func defaultSource() Source {
	return Source{
		Descriptors: append(Patterns(nil), DefaultDescriptors...),
		History:     DefaultHistory, Timeout: defaultTimeout, MaxSize: 200e6,
	}
}

func (s *Source) setPos(p diag.Pos) { s.Pos = p }

func (s *Source) fields() []field {
	return []field{
		{key: "git", doc: "The clone URL of one repository.", to: &s.Git},
		{key: "directory", doc: "A glob over folders, git repositories or plain ones.", to: &s.Directory},
		{key: "file", doc: "One descriptor file, often a Location that leads to more.", to: &s.File},
		{key: "github", doc: "Every repository of a GitHub organization or user.",
			to: pointer[GitHub, *GitHub]{&s.GitHub, func() GitHub { return GitHub{} }}},
		{key: "gitlab", doc: "Every project of a GitLab group.",
			to: pointer[GitLab, *GitLab]{&s.GitLab, func() GitLab { return GitLab{Subgroups: true} }}},
		{key: "name", doc: "What the source is called in messages; made from the URL or folder when absent.", to: &s.Name, pattern: sourceName},
		{key: "ref", doc: "The branch, tag or commit shown; the remote's HEAD when absent.", to: &s.Ref},
		{key: "refs", doc: "Further branches and tags whose documentation is kept as versions.", to: &s.Refs},
		{key: "descriptors", doc: "Globs that find catalog files. Locations found are followed.", to: &s.Descriptors},
		{key: "history", doc: "How many commits are fetched: none, full or a number.", to: &s.History},
		{key: "auth", doc: "How the git server is spoken to.", to: &s.Auth},
		{key: "timeout", doc: "How long one repository may take, such as 2m.", to: &s.Timeout},
		{key: "maxSize", doc: "The most bytes one repository may send, such as 200MB.", to: &s.MaxSize},
	}
}

func (a *Auth) fields() []field {
	return []field{
		{key: "token", doc: "An access token, for https.", to: &a.Token},
		{key: "username", doc: "The user, for https with a password or ssh; git for ssh when absent.", to: &a.Username},
		{key: "password", doc: "The user's password, for https, or what opens the ssh key. Without a key it is the password for ssh.", to: &a.Password},
		{key: "sshKey", doc: "The path of a private key for ssh. Without a key and a password, the running ssh agent (SSH_AUTH_SOCK) is asked.", to: &a.SSHKey},
		{key: "knownHosts", doc: "The path of a known_hosts file; ~/.ssh/known_hosts when absent. A server that is not in it is refused.", to: &a.KnownHosts},
	}
}

func (g *GitHub) fields() []field {
	return append([]field{
		{key: "organization", doc: "The organization's login.", to: &g.Organization},
		{key: "user", doc: "A user's login, instead of an organization.", to: &g.User},
		{key: "api", doc: "The REST endpoint of an Enterprise server, such as https://ghe.example.com/api/v3.", to: &g.API, pattern: webAddress},
		{key: "token", doc: "An access token; also used to clone.", to: &g.Token},
	}, g.Filter.fields()...)
}

func (g *GitLab) fields() []field {
	return append([]field{
		{key: "group", doc: "The group's full path.", to: &g.Group, required: true},
		{key: "api", doc: "The REST endpoint of an own server, such as https://gitlab.example.com/api/v4.", to: &g.API, pattern: webAddress},
		{key: "token", doc: "An access token; also used to clone.", to: &g.Token},
		{key: "subgroups", doc: "Whether the projects of groups below are included.", to: &g.Subgroups},
	}, g.Filter.fields()...)
}

func (f *Filter) fields() []field {
	return []field{
		{key: "topics", doc: "Topics a repository must or must not have.", to: &f.Topics},
		{key: "match", doc: "Globs over repository names to take; all when absent.", to: &f.Match},
		{key: "exclude", doc: "Globs over repository names to leave out.", to: &f.Exclude},
		{key: "archived", doc: "Whether archived repositories are taken.", to: &f.Archived},
		{key: "forks", doc: "Whether forks are taken.", to: &f.Forks},
	}
}

func (t *Topics) fields() []field {
	return []field{
		{key: "include", doc: "A repository needs one of these.", to: &t.Include},
		{key: "exclude", doc: "A repository may have none of these.", to: &t.Exclude},
	}
}
