package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
)

const (
	// maxDiscovered bounds the repositories of one entry, maxPages the
	// requests made to list them.
	maxDiscovered = 5000
	maxPages      = 100
)

// listed is one repository as an API lists it.
type listed struct {
	Name     string   `json:"name"` // full, such as "acme/checkout"
	CloneURL string   `json:"cloneURL"`
	SSHURL   string   `json:"sshURL,omitempty"`
	Topics   []string `json:"topics,omitempty"`
	Archived bool     `json:"archived,omitempty"`
	Fork     bool     `json:"fork,omitempty"`
	Empty    bool     `json:"empty,omitempty"`
}

// page is one page of an API's list, kept with its ETag so that an unchanged
// page costs no rate limit.
type page struct {
	URL   string   `json:"url"`
	ETag  string   `json:"etag,omitempty"`
	Next  string   `json:"next,omitempty"`
	Repos []listed `json:"repos"`
}

// discovered is what an entry found last, in a file of its own.
type discovered struct {
	Version string    `json:"version"`
	Time    time.Time `json:"time"`
	Pages   []page    `json:"pages"`
}

const discoveredVersion = "callboard-discovered 1"

func loadDiscovered(file string) discovered {
	var d discovered
	b, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(b, &d) != nil || d.Version != discoveredVersion {
		return discovered{}
	}
	return d
}

// api is what differs between GitHub and GitLab.
type api struct {
	host    string // the kind, for checkout.Web
	base    *url.URL
	first   []string // paths with queries of the list's first page; the next is tried after a 404
	header  map[string]string
	token   secret.Secret
	decode  func([]byte) ([]listed, error)
	keep    func(listed) bool
	account string // for messages
}

// discover lists the repositories of a `github:` or `gitlab:` entry. Where
// the API cannot be read, or suddenly lists nothing, the last known list is used.
func (s *syncer) discover(ctx context.Context, spec Spec) ([]*job, diag.List) {
	a, err := newAPI(spec)
	if err != nil {
		return broken(spec, "source-invalid", "", "%v", err)
	}
	f := &findings{pos: spec.Pos}
	file := s.state("discovered", keyOf(a.account, a.base.String(), a.account)+".json")
	last := loadDiscovered(file)
	known := a.filter(last.Pages)
	if s.opt.Offline {
		if last.Version == "" {
			f.entry("discovery-failed", "run once without --offline", "%s has never been listed, and this run asks no remote", a.account)
		}
		return a.jobs(spec, known, f)
	}
	pages, err := s.listPages(ctx, a, last.Pages)
	if err != nil {
		why := explain(err, Auth{Token: a.token})
		if last.Version == "" {
			return broken(spec, "discovery-failed", why.hint, "the repositories of %s cannot be listed: %s", a.account, why.message)
		}
		f.entry("discovery-stale", why.hint, "the repositories of %s cannot be listed: %s; using the list of %s", a.account, why.message, s.age(last.Time))
		return a.jobs(spec, known, f)
	}
	now := a.filter(pages)
	if len(now) == 0 {
		s.reportEmpty(a, known, f)
		if len(known) > 0 {
			return a.jobs(spec, known, f)
		}
	}
	if b, err := json.Marshal(discovered{discoveredVersion, s.opt.Now, pages}); err == nil {
		if err := writeFile(file, b); err != nil {
			s.opt.Log.Warn("discovered list not kept", "account", a.account, "error", err)
		}
	}
	return a.jobs(spec, now, f)
}

func (s *syncer) reportEmpty(a *api, known []listed, f *findings) {
	if len(known) > 0 {
		f.entry("discovery-empty", "check the token's rights; remove the entry to drop them",
			"%s now lists no repositories; the %d known ones are kept", a.account, len(known))
		return
	}
	f.entry("discovery-empty", "check the filters and the token's rights", "%s lists no repositories that pass the filters", a.account)
}

func newAPI(spec Spec) (*api, error) {
	if spec.GitHub != nil {
		return newGitHub(*spec.GitHub)
	}
	return newGitLab(*spec.GitLab)
}

// apiBase reads the address of an API.
func apiBase(s, fallback string) (*url.URL, error) {
	u, err := url.Parse(cmp.Or(s, fallback))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.IndexFunc(s, isHidden) >= 0 {
		return nil, fmt.Errorf("the API address %q is not an http or https URL", mask(clip(s, 200), Auth{}))
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

// filter flattens pages to the repositories that are wanted, sorted by name.
func (a *api) filter(pages []page) []listed {
	var out []listed
	for _, p := range pages {
		for _, r := range p.Repos {
			if !r.Empty && a.keep(r) {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(x, y listed) int { return strings.Compare(x.Name, y.Name) })
	return slices.CompactFunc(out, func(x, y listed) bool { return x.Name == y.Name })
}

// matches applies a filter to the values of one property, with globs.
func (f Filter) matches(values ...string) bool {
	has := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			return slices.ContainsFunc(values, func(v string) bool {
				ok, err := doublestar.Match(strings.ToLower(p), strings.ToLower(v))
				return err == nil && ok
			})
		})
	}
	return (len(f.Include) == 0 || has(f.Include)) && !has(f.Exclude)
}

func (f Filter) validate(field string) error {
	for _, p := range slices.Concat(f.Include, f.Exclude) {
		if !doublestar.ValidatePattern(p) {
			return fmt.Errorf("%q in %s is not a valid glob", clip(p, 100), field)
		}
	}
	return nil
}

// jobs plans one source per repository.
func (a *api) jobs(spec Spec, repos []listed, f *findings) ([]*job, diag.List) {
	if len(repos) > maxDiscovered {
		f.entry("discovery-limit", "narrow the entry with topics or names", "%s lists %d repositories; the first %d are used", a.account, len(repos), maxDiscovered)
		repos = repos[:maxDiscovered]
	}
	var jobs []*job
	for _, repo := range repos {
		one := spec
		one.Name, one.WebHost = "", cmp.Or(spec.WebHost, a.host)
		address := repo.CloneURL
		if spec.Auth.KeyFile != "" || spec.Auth.Agent {
			address = cmp.Or(repo.SSHURL, repo.CloneURL)
		}
		r, err := parseRemote(address)
		if err != nil || r.url == nil {
			f.entry("source-invalid", "", "%s lists %q with an address that cannot be used", a.account, clip(clean(repo.Name, 100), 100))
			continue
		}
		if spec.Auth.IsZero() && a.trusts(r.url) {
			one.Auth = Auth{Token: a.token}
			if a.host == "gitlab" && a.token.IsSet() {
				one.Auth.Username = "oauth2"
			}
		}
		jobs = append(jobs, &job{spec: one, kind: kindRemote, origin: a.host, remote: r, names: append([]string{repo.Name}, r.names()...)})
	}
	return jobs, f.list
}

// trusts reports whether the API's token may be sent to a clone address: the
// same scheme, and the API's own host or the host the API is a part of.
func (a *api) trusts(u *url.URL) bool {
	return u.Scheme == a.base.Scheme && (u.Host == a.base.Host || "api."+u.Host == a.base.Host)
}

// listPages walks the pages of a list, asking for each only when it changed.
func (s *syncer) listPages(ctx context.Context, a *api, last []page) ([]page, error) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	client := s.apiClient(a)
	var err error
	for _, first := range a.first {
		var pages []page
		if pages, err = client.walk(ctx, a.base.String()+first, last); err == nil {
			return pages, nil
		}
		var f *failure
		if !errors.As(err, &f) || f.kind != failMissing {
			break
		}
	}
	return nil, err
}
