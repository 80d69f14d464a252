package checkout

import (
	"net/url"
	"path"
	"strconv"
	"strings"
)

// Web builds links to a repository's pages on its host. The zero value knows
// no host and returns "" everywhere, so callers show no link.
type Web struct {
	// Host is the kind of host: "github", "gitlab", "bitbucket", "bitbucket-server", "gitea", "azure" or "".
	Host string `json:"host,omitempty"`
	// Base is the repository's web address without a trailing slash, such as
	// "https://github.com/acme/checkout".
	Base string `json:"base,omitempty"`
	// Branch is what edit links point at; Commit is what view links point at.
	Branch string `json:"branch,omitempty"`
	Commit string `json:"commit,omitempty"`
	// Prefix is the folder of the repository that the checkout's tree is, such
	// as "content/docs"; empty for the whole repository. Paths given to Web
	// start from the tree.
	Prefix string `json:"prefix,omitempty"`
}

// Inside turns a path from the repository's root into one from the tree, "."
// for the tree itself. It is false for what lies outside of the tree.
func (w Web) Inside(p string) (string, bool) {
	p = path.Clean(p)
	switch {
	case w.Prefix == "":
		return p, true
	case p == w.Prefix:
		return ".", true
	}
	return strings.CutPrefix(p, w.Prefix+"/")
}

func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = url.PathEscape(s)
	}
	return strings.Join(parts, "/")
}

// whole returns a path from the repository's root.
func (w Web) whole(p string) string {
	switch {
	case w.Prefix == "":
		return p
	case p == "" || p == ".":
		return w.Prefix
	}
	return w.Prefix + "/" + p
}

func (w Web) rev() string {
	if w.Commit != "" {
		return w.Commit
	}
	return w.Branch
}

// File returns the address of a file at the commit shown, with a line number
// where line is above 0.
func (w Web) File(path string, line int) string { return w.at("view", w.rev(), path, line) }

// Tree returns the address of a folder at the commit shown.
func (w Web) Tree(path string) string { return w.at("tree", w.rev(), strings.Trim(path, "/"), 0) }

// Edit returns the address of the host's editor for a file on the branch.
func (w Web) Edit(path string) string {
	if w.Branch == "" {
		return ""
	}
	return w.at("edit", w.Branch, path, 0)
}

func (w Web) at(verb, rev, file string, line int) string {
	if w.Base == "" || rev == "" {
		return ""
	}
	p, r, anchor := escapePath(w.whole(file)), escapePath(rev), ""
	if line > 0 {
		anchor = "#L" + strconv.Itoa(line)
	}
	switch w.Host {
	case "github":
		return w.Base + "/" + map[string]string{"view": "blob", "tree": "tree", "edit": "edit"}[verb] + "/" + r + "/" + p + anchor
	case "gitlab":
		return w.Base + "/-/" + map[string]string{"view": "blob", "tree": "tree", "edit": "edit"}[verb] + "/" + r + "/" + p + anchor
	case "gitea":
		if verb == "edit" {
			return w.Base + "/_edit/" + r + "/" + p
		}
		kind := "branch"
		if rev == w.Commit {
			kind = "commit"
		}
		return w.Base + "/src/" + kind + "/" + r + "/" + p + anchor
	case "bitbucket":
		if verb == "edit" {
			return w.Base + "/src/" + r + "/" + p + "?mode=edit"
		}
		if line > 0 {
			anchor = "#lines-" + strconv.Itoa(line)
		}
		return w.Base + "/src/" + r + "/" + p + anchor
	case "bitbucket-server":
		if line > 0 {
			anchor = "#" + strconv.Itoa(line)
		}
		return w.Base + "/browse/" + p + "?at=" + url.QueryEscape(rev) + anchor
	case "azure":
		kind := "GB"
		if rev == w.Commit {
			kind = "GC"
		}
		return w.Base + "?path=/" + p + "&version=" + kind + url.QueryEscape(rev)
	}
	return ""
}

// CommitURL returns the address of a commit.
func (w Web) CommitURL(hash string) string {
	if w.Base == "" || hash == "" {
		return ""
	}
	switch w.Host {
	case "gitlab":
		return w.Base + "/-/commit/" + hash
	case "bitbucket", "bitbucket-server":
		return w.Base + "/commits/" + hash
	case "github", "gitea", "azure":
		return w.Base + "/commit/" + hash
	}
	return ""
}

// NewIssue returns the address of a new issue with title and body filled in,
// or "" where the host has no such address.
func (w Web) NewIssue(title, body string) string {
	if w.Base == "" {
		return ""
	}
	q := url.Values{}
	switch w.Host {
	case "github", "gitea":
		q.Set("title", title)
		q.Set("body", body)
		return w.Base + "/issues/new?" + q.Encode()
	case "gitlab":
		q.Set("issue[title]", title)
		q.Set("issue[description]", body)
		return w.Base + "/-/issues/new?" + q.Encode()
	case "bitbucket":
		q.Set("title", title)
		q.Set("content", body)
		return w.Base + "/issues/new?" + q.Encode()
	}
	return ""
}
