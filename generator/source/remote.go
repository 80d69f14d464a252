package source

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/callboard-portal/callboard/generator/secret"
)

// remote is where a repository is: a URL, or a path on this machine.
type remote struct {
	url   *url.URL // without credentials and query; nil for a local path
	local string   // a path, as written
	auth  Auth     // what the URL itself carried
}

// scpLike matches git's short form of ssh addresses, "user@host:path".
var scpLike = regexp.MustCompile(`^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):([^:].*)$`)

// parseRemote reads the value of a `git:` entry and refuses what could be
// taken for an option, a command or another protocol (reliability threats
// G10 and G12).
func parseRemote(s string) (remote, error) {
	switch {
	case s == "":
		return remote{}, errors.New("is empty")
	case strings.HasPrefix(s, "-"):
		return remote{}, errors.New("begins with a dash")
	case strings.IndexFunc(s, isHidden) >= 0:
		return remote{}, errors.New("contains control characters")
	case strings.Contains(s, "::"):
		return remote{}, errors.New("names a remote helper, which would run a program")
	case strings.Contains(s, "://"):
		return parseURL(s)
	}
	if m := scpLike.FindStringSubmatch(s); m != nil && !isDrive(s) && !strings.HasPrefix(s, ".") {
		u := &url.URL{Scheme: "ssh", Host: m[2], Path: "/" + strings.TrimPrefix(m[3], "/")}
		if strings.HasPrefix(m[3], "-") {
			return remote{}, errors.New("its path begins with a dash")
		}
		r := remote{url: u, auth: Auth{Username: m[1]}}
		return r, nil
	}
	return remote{local: s}, nil
}

// isDrive reports a Windows path such as "C:\repos".
func isDrive(s string) bool {
	return filepath.VolumeName(s) != "" || len(s) > 2 && s[1] == ':' && (s[2] == '\\' || s[2] == '/')
}

func parseURL(s string) (remote, error) {
	u, err := url.Parse(s)
	if err != nil {
		return remote{}, errors.New("is not a URL")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch u.Scheme {
	case "file":
		if u.Host != "" && u.Host != "localhost" {
			return remote{}, errors.New("names another machine's file")
		}
		if strings.Trim(u.Path, "/") == "" {
			return remote{}, errors.New("names no repository")
		}
		return remote{local: filepath.FromSlash(u.Path)}, nil
	case "https", "http", "ssh":
	default:
		return remote{}, fmt.Errorf("has the scheme %q; only https, http and ssh are allowed", u.Scheme)
	}
	switch {
	case u.Hostname() == "":
		return remote{}, errors.New("names no host")
	case strings.HasPrefix(u.Hostname(), "-"), strings.HasPrefix(u.User.Username(), "-"):
		return remote{}, errors.New("has a host or user beginning with a dash")
	case strings.Trim(u.Path, "/") == "":
		return remote{}, errors.New("names no repository")
	}
	r := remote{url: &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}}
	r.auth.Username = u.User.Username()
	if p, ok := u.User.Password(); ok {
		r.auth.Password = secret.New(p)
	} else if u.Scheme != "ssh" && len(r.auth.Username) >= 20 {
		r.auth.Username, r.auth.Token = "", secret.New(u.User.Username()) // https://TOKEN@host/
	}
	return r, nil
}

// String returns the address without credentials, or the local path.
func (r remote) String() string {
	if r.url == nil {
		return r.local
	}
	return r.url.String()
}

// names returns possible names for the repository, shortest first.
func (r remote) names() []string {
	if r.url == nil {
		return pathNames(r.local)
	}
	p := strings.TrimSuffix(strings.Trim(r.url.Path, "/"), ".git")
	short := p
	if dir, base := path.Split(p); dir != "" {
		short = path.Base(dir) + "/" + base
	}
	return []string{short, p, r.url.Hostname() + "/" + p}
}

// pathNames returns possible names for a path on disk: its last part, its
// last two, and so on.
func pathNames(p string) []string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(p), "/"), "/")
	var names []string
	for i := len(parts) - 1; i >= 0 && len(names) < 6; i-- {
		if parts[i] == ".." || parts[i] == "." {
			break
		}
		names = append(names, strings.TrimSuffix(strings.Join(parts[i:], "/"), ".git"))
	}
	if len(names) == 0 {
		return []string{p}
	}
	return names
}
