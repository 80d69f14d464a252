package catalog

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// addresses finds the repository that a web address leads into, so that a
// target such as https://github.com/acme/x/blob/main/a.yaml is read from the
// checkout instead of the network.
type addresses map[string][]*repo // by host and path, lower case: "github.com/acme/x"

func knownAddresses(repos []*repo) addresses {
	a := addresses{}
	for _, r := range repos {
		for _, base := range []string{r.Web.Base, r.URL} {
			key := addressKey(base)
			if key != "" && !slices.Contains(a[key], r) {
				a[key] = append(a[key], r)
			}
		}
	}
	return a
}

// addressKey reduces a web or clone address (https, ssh or scp-like) to its
// host and path.
func addressKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		_, rest, _ := strings.Cut(address, "@")
		host, p, ok := strings.Cut(rest, ":")
		if !ok {
			return ""
		}
		return joinKey(host, p)
	}
	return joinKey(u.Hostname(), u.Path)
}

func joinKey(host, p string) string {
	p = strings.TrimSuffix(strings.Trim(p, "/"), ".git")
	if p == "" {
		return ""
	}
	return strings.ToLower(host + "/" + p)
}

// find returns the repository and the path inside it that an address leads to.
func (a addresses) find(address string) (r *repo, file string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, "", false
	}
	host, segments := strings.ToLower(u.Hostname()), strings.Split(strings.Trim(u.Path, "/"), "/")
	if host == "raw.githubusercontent.com" && len(segments) > 2 {
		host = "github.com"
		segments = slices.Insert(slices.Clone(segments), 2, "raw")
	}
	for n := len(segments); n > 0; n-- {
		repos := a[joinKey(host, strings.Join(segments[:n], "/"))]
		if len(repos) == 0 {
			continue
		}
		r, file = chooseRef(repos, segments[n:], u.Query())
		if r == nil {
			return nil, "", false
		}
		for _, one := range append([]*repo{r}, repos...) { // a checkout may be one folder of its repository
			if at, ok := one.Web.Inside(file); ok {
				return one, at, true
			}
		}
		return nil, "", false
	}
	return nil, "", false
}

// chooseRef takes the part of an address after the repository apart: a verb,
// a ref and a path, in the manner of the hosts checkout.Web knows. Of several
// checkouts of one repository it takes the one of that ref, else the first.
func chooseRef(repos []*repo, rest []string, query url.Values) (*repo, string) {
	if p := query.Get("path"); p != "" { // Azure DevOps
		return repos[0], cleanFile(p)
	}
	if len(rest) > 0 && rest[0] == "-" { // GitLab
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return nil, ""
	}
	verb, rest := rest[0], rest[1:]
	switch verb {
	case "browse": // Bitbucket Server
		return repos[0], cleanFile(strings.Join(rest, "/"))
	case "blob", "tree", "raw", "edit", "src", "_edit":
	default:
		return nil, ""
	}
	if len(rest) > 2 && (verb == "src" || verb == "raw") && slices.Contains([]string{"branch", "commit", "tag"}, rest[0]) { // Gitea
		rest = rest[1:]
	}
	tail := strings.TrimPrefix(strings.Join(rest, "/"), "refs/heads/")
	for _, r := range repos {
		for _, ref := range []string{r.Ref, r.Commit} {
			if p, ok := strings.CutPrefix(tail, ref+"/"); ok && ref != "" {
				return r, cleanFile(p)
			}
		}
	}
	_, p, _ := strings.Cut(tail, "/")
	return repos[0], cleanFile(p)
}

func cleanFile(p string) string { return path.Clean(strings.TrimPrefix(p, "/")) }

// inRepo resolves a path written in a descriptor: relative to the
// descriptor's folder, or from the root of the repository when it begins
// with "/". It returns false for one that leaves the repository.
func inRepo(descriptor, written string) (string, bool) {
	written, _, _ = strings.Cut(written, "?") // Backstage keeps queries such as ?at=main
	p := path.Join(path.Dir(descriptor), written)
	if strings.HasPrefix(written, "/") {
		p = path.Clean(strings.TrimLeft(written, "/"))
	}
	return p, p != ".." && !strings.HasPrefix(p, "../") && !strings.HasPrefix(p, "/")
}

func isAddress(s string) bool { return strings.Contains(s, "://") }
