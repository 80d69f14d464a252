package source

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// gitLabProject is a project as GitLab's REST API lists it
// (https://docs.gitlab.com/api/groups/#list-projects).
type gitLabProject struct {
	Path       string          `json:"path_with_namespace"`
	HTTPURL    string          `json:"http_url_to_repo"`
	SSHURL     string          `json:"ssh_url_to_repo"`
	Topics     []string        `json:"topics"`
	TagList    []string        `json:"tag_list"` // the name of topics before 14.0
	Archived   bool            `json:"archived"`
	Empty      bool            `json:"empty_repo"`
	ForkedFrom json.RawMessage `json:"forked_from_project"`
}

func newGitLab(g GitLab) (*api, error) {
	group := strings.Trim(g.Group, "/")
	if group == "" || strings.IndexFunc(group, isHidden) >= 0 || strings.Contains(group, "..") {
		return nil, errors.New("group: of gitlab: is not the path of a group")
	}
	base, err := apiBase(g.API, "https://gitlab.com/api/v4")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(g.Topics.validate("topics"), g.Names.validate("names")); err != nil {
		return nil, err
	}
	a := &api{host: "gitlab", base: base, token: g.Token, account: "gitlab " + group,
		header: map[string]string{"Accept": "application/json"},
		decode: func(b []byte) ([]listed, error) { return decodeList(b, gitLabProject.listed) },
		keep: func(r listed) bool {
			below := strings.TrimPrefix(r.Name, group+"/")
			return (g.Archived || !r.Archived) && (g.Forks || !r.Fork) && g.Topics.matches(r.Topics...) && g.Names.matches(below)
		},
	}
	if g.Token.IsSet() {
		a.header["PRIVATE-TOKEN"] = g.Token.Reveal()
	}
	q := url.Values{"per_page": {"100"}, "order_by": {"path"}, "sort": {"asc"}, "with_shared": {"false"}}
	if !g.DirectOnly {
		q.Set("include_subgroups", "true")
	}
	a.first = []string{"/groups/" + url.PathEscape(group) + "/projects?" + q.Encode()}
	return a, nil
}

func (p gitLabProject) listed() listed {
	topics := p.Topics
	if topics == nil {
		topics = p.TagList
	}
	return listed{Name: p.Path, CloneURL: p.HTTPURL, SSHURL: p.SSHURL, Topics: topics, Archived: p.Archived,
		Fork: len(p.ForkedFrom) > 0 && string(p.ForkedFrom) != "null", Empty: p.Empty}
}
