package source

import (
	"errors"
	"net/url"
	"path"
	"regexp"
)

// gitHubRepo is a repository as GitHub's REST API lists it
// (https://docs.github.com/rest/repos/repos#list-organization-repositories).
type gitHubRepo struct {
	FullName string   `json:"full_name"`
	CloneURL string   `json:"clone_url"`
	SSHURL   string   `json:"ssh_url"`
	Topics   []string `json:"topics"`
	Archived bool     `json:"archived"`
	Disabled bool     `json:"disabled"`
	Fork     bool     `json:"fork"`
}

// accountName is what GitHub allows, a little widened for Enterprise.
var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

func newGitHub(g GitHub) (*api, error) {
	if !accountName.MatchString(g.Organization) {
		return nil, errors.New("organization: of github: is not the name of an account")
	}
	base, err := apiBase(g.API, "https://api.github.com")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(g.Topics.validate("topics"), g.Names.validate("names")); err != nil {
		return nil, err
	}
	a := &api{host: "github", base: base, token: g.Token, account: "github " + g.Organization,
		header: map[string]string{
			// The preview named last is how Enterprise servers before 3.0 give topics.
			"Accept": "application/vnd.github+json, application/vnd.github.mercy-preview+json, application/json"},
		decode: func(b []byte) ([]listed, error) {
			return decodeList(b, func(r gitHubRepo) listed {
				return listed{Name: r.FullName, CloneURL: r.CloneURL, SSHURL: r.SSHURL, Topics: r.Topics,
					Archived: r.Archived, Fork: r.Fork, Empty: r.Disabled}
			})
		},
		keep: func(r listed) bool {
			return (g.Archived || !r.Archived) && (g.Forks || !r.Fork) && g.Topics.matches(r.Topics...) && g.Names.matches(path.Base(r.Name))
		},
	}
	if g.Token.IsSet() {
		a.header["Authorization"] = "Bearer " + g.Token.Reveal()
	}
	name := url.PathEscape(g.Organization)
	a.first = []string{
		"/orgs/" + name + "/repos?type=all&sort=full_name&direction=asc&per_page=100",
		"/users/" + name + "/repos?type=owner&sort=full_name&direction=asc&per_page=100",
	}
	return a, nil
}
