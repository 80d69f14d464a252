package source

import (
	"net/url"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// webOf derives the web pages of a repository from its clone URL. branch is
// empty for a tag or commit. host overrides the guess of the kind of host.
func webOf(cloneURL, host, branch, commit string) checkout.Web {
	u, err := parseRemote(cloneURL)
	if err != nil || u.url == nil {
		return checkout.Web{}
	}
	name := strings.ToLower(u.url.Hostname())
	p := strings.TrimSuffix(strings.Trim(u.url.Path, "/"), ".git")
	if host == "" {
		host = guessHost(name, p)
	}
	scheme, at := "https", name
	if u.url.Scheme == "http" {
		scheme = "http"
	}
	if u.url.Port() != "" && strings.HasPrefix(u.url.Scheme, "http") {
		at = u.url.Host
	}
	base := scheme + "://" + at + "/" + escapeSegments(p)
	switch host {
	case "":
		return checkout.Web{}
	case "azure":
		base = azureBase(name, p)
	case "bitbucket-server":
		base = scheme + "://" + at + "/" + bitbucketServerPath(p)
	}
	return checkout.Web{Host: host, Base: base, Branch: branch, Commit: commit}
}

// guessHost tells the kind of host from its name and the path of a repository.
func guessHost(name, p string) string {
	switch {
	case name == "dev.azure.com", name == "ssh.dev.azure.com", strings.HasSuffix(name, ".visualstudio.com"), strings.Contains(p, "/_git/"):
		return "azure"
	case name == "bitbucket.org":
		return "bitbucket"
	case strings.HasPrefix(p, "scm/"), strings.Contains(name, "bitbucket"), strings.Contains(name, "stash"):
		return "bitbucket-server"
	case strings.Contains(name, "github"):
		return "github"
	case strings.Contains(name, "gitlab"):
		return "gitlab"
	case name == "codeberg.org", strings.Contains(name, "gitea"), strings.Contains(name, "forgejo"):
		return "gitea"
	}
	return ""
}

// azureBase handles the three spellings of Azure DevOps addresses.
func azureBase(name, p string) string {
	parts := strings.Split(p, "/")
	if parts[0] == "v3" && len(parts) >= 4 { // git@ssh.dev.azure.com:v3/org/project/repo
		return "https://dev.azure.com/" + escapeSegments(parts[1]+"/"+parts[2]+"/_git/"+parts[3])
	}
	return "https://" + name + "/" + escapeSegments(p)
}

// bitbucketServerPath turns "scm/PROJ/repo" or "~user/repo" into the path of the web pages.
func bitbucketServerPath(p string) string {
	p = strings.TrimPrefix(p, "scm/")
	owner, repo, _ := strings.Cut(p, "/")
	if user, ok := strings.CutPrefix(owner, "~"); ok {
		return "users/" + url.PathEscape(user) + "/repos/" + url.PathEscape(repo)
	}
	return "projects/" + url.PathEscape(owner) + "/repos/" + url.PathEscape(repo)
}

func escapeSegments(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = url.PathEscape(s)
	}
	return strings.Join(parts, "/")
}
