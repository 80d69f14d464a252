package source

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/secret"
)

// fakeForge answers like GitHub's and GitLab's REST APIs, in pages of two.
type fakeForge struct {
	*httptest.Server
	mu       sync.Mutex
	repos    []map[string]any
	requests []string
	status   int // answered instead, when set
	header   http.Header
	auth     []string
}

func newForge(t testing.TB) *fakeForge {
	f := &fakeForge{}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeForge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.URL.RequestURI())
	f.auth = append(f.auth, r.Header.Get("Authorization")+r.Header.Get("PRIVATE-TOKEN"))
	if f.status != 0 {
		for k, v := range f.header {
			w.Header()[k] = v
		}
		w.WriteHeader(f.status)
		return
	}
	switch r.URL.EscapedPath() {
	case "/api/v3/orgs/acme/repos", "/api/v4/groups/acme%2Fplatform/projects", "/api/v3/users/ada/repos":
	default:
		http.NotFound(w, r)
		return
	}
	page := 1
	fmt.Sscan(r.URL.Query().Get("page"), &page)
	from, to := min(2*page-2, len(f.repos)), min(2*page, len(f.repos))
	b, _ := json.Marshal(f.repos[from:to])
	if f.repos == nil {
		b = []byte("[]")
	}
	etag := fmt.Sprintf(`"%x"`, keyOf("", string(b)))
	w.Header().Set("ETag", etag)
	if to < len(f.repos) {
		q := r.URL.Query()
		q.Set("page", fmt.Sprint(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next", <%s/last>; rel="last"`, f.URL, r.URL.EscapedPath(), q.Encode(), f.URL))
	}
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(b)
}

// asked returns and forgets the requests.
func (f *fakeForge) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.requests
	f.requests = nil
	return r
}

func gitHubRepoJSON(name string, more map[string]any) map[string]any {
	m := map[string]any{"full_name": "acme/" + name, "clone_url": "https://git.invalid/acme/" + name + ".git", "ssh_url": "git@git.invalid:acme/" + name + ".git",
		"default_branch": "main", "topics": []string{"portal"}, "archived": false, "fork": false}
	for k, v := range more {
		m[k] = v
	}
	return m
}

// plans runs only the planning of specs and returns the names.
func plans(t *testing.T, opt Options, spec Spec) (string, []*job, diag.List) {
	t.Helper()
	s, _, err := newSyncer(opt)
	if err != nil {
		t.Fatal(err)
	}
	jobs, ds := s.planOne(t.Context(), spec)
	var names []string
	for _, j := range jobs {
		names = append(names, j.names[0])
	}
	return strings.Join(names, " "), jobs, ds
}

func TestGitHubDiscovery(t *testing.T) {
	forge := newForge(t)
	forge.repos = []map[string]any{
		gitHubRepoJSON("web", nil), gitHubRepoJSON("api", nil),
		gitHubRepoJSON("old", map[string]any{"archived": true}), gitHubRepoJSON("copy", map[string]any{"fork": true}),
		gitHubRepoJSON("plain", map[string]any{"topics": []string{"other"}}), gitHubRepoJSON("secret-x", nil), gitHubRepoJSON("locked", map[string]any{"disabled": true})}
	opt := options(t)
	spec := Spec{GitHub: &GitHub{Organization: "acme", API: forge.URL + "/api/v3", Token: secret.New("tok-en"),
		Topics: Filter{Include: []string{"portal"}}, Names: Filter{Exclude: []string{"secret-*"}}}}
	names, jobs, ds := plans(t, opt, spec)
	if names != "acme/api acme/web" || len(ds) != 0 {
		t.Fatalf("%s %v", names, ds)
	}
	if reqs := forge.asked(); len(reqs) != 4 || forge.auth[0] != "Bearer tok-en" {
		t.Errorf("%v %v", reqs, forge.auth)
	}
	if a := jobs[0].spec.Auth; a.Token.IsSet() {
		t.Error("the token would be sent to a host that is not the API's")
	}
	if jobs[0].origin != "github" || jobs[0].spec.WebHost != "github" {
		t.Errorf("%+v", jobs[0])
	}
	spec.GitHub.Archived, spec.GitHub.Forks, spec.GitHub.Topics, spec.GitHub.Names = true, true, Filter{}, Filter{Include: []string{"{OLD,copy,p*}"}}
	if names, _, _ := plans(t, opt, spec); names != "acme/copy acme/old acme/plain" {
		t.Error(names)
	}
	spec.Auth = Auth{KeyFile: "key"}
	if _, jobs, _ := plans(t, opt, spec); jobs[0].remote.url.Scheme != "ssh" {
		t.Error(jobs[0].remote)
	}
}

func TestGitHubUserAccount(t *testing.T) {
	forge := newForge(t)
	forge.repos = []map[string]any{gitHubRepoJSON("dotfiles", nil)}
	if names, _, ds := plans(t, options(t), Spec{GitHub: &GitHub{Organization: "ada", API: forge.URL + "/api/v3/"}}); names != "acme/dotfiles" || len(ds) != 0 {
		t.Error(names, ds)
	}
}

func TestGitLabDiscovery(t *testing.T) {
	forge := newForge(t)
	host := strings.TrimPrefix(forge.URL, "http://")
	project := func(path string, more map[string]any) map[string]any {
		m := map[string]any{"path_with_namespace": "acme/platform/" + path, "http_url_to_repo": "http://" + host + "/acme/platform/" + path + ".git",
			"ssh_url_to_repo": "git@" + host + ":acme/platform/" + path + ".git", "tag_list": []string{"portal"}, "forked_from_project": nil}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	forge.repos = []map[string]any{project("web", nil), project("sub/api", nil), project("old", map[string]any{"archived": true}),
		project("copy", map[string]any{"forked_from_project": map[string]any{"id": 1}}), project("empty", map[string]any{"empty_repo": true})}
	spec := Spec{GitLab: &GitLab{Group: "acme/platform", API: forge.URL + "/api/v4", Token: secret.New("glpat")}}
	names, jobs, ds := plans(t, options(t), spec)
	if names != "acme/platform/sub/api acme/platform/web" || len(ds) != 0 {
		t.Fatal(names, ds)
	}
	if a := jobs[0].spec.Auth; a.Token.Reveal() != "glpat" || a.Username != "oauth2" {
		t.Errorf("auth %+v", a)
	}
	if reqs := forge.asked(); !strings.Contains(reqs[0], "include_subgroups=true") || forge.auth[0] != "glpat" {
		t.Error(reqs)
	}
	spec.GitLab.DirectOnly, spec.GitLab.Names = true, Filter{Include: []string{"sub/*"}}
	if names, _, _ := plans(t, options(t), spec); names != "acme/platform/sub/api" {
		t.Error(names)
	}
	if reqs := forge.asked(); strings.Contains(reqs[0], "include_subgroups") {
		t.Error(reqs)
	}
}

func TestDiscoveryKeepsTheLastList(t *testing.T) {
	forge := newForge(t)
	forge.repos = []map[string]any{gitHubRepoJSON("a", nil), gitHubRepoJSON("b", nil), gitHubRepoJSON("c", nil)}
	opt := options(t)
	opt.Retries = -1
	spec := Spec{GitHub: &GitHub{Organization: "acme", API: forge.URL + "/api/v3"}}
	const all = "acme/a acme/b acme/c"
	check := func(what, want, wantCodes string) {
		t.Helper()
		names, _, ds := plans(t, opt, spec)
		if names != want || codes(ds) != wantCodes {
			t.Errorf("%s: %q, %v", what, names, ds)
		}
	}
	check("first", all, "")
	check("unchanged pages", all, "")
	forge.status = 500
	opt.Now = testNow.Add(5 * time.Hour)
	check("down", all, "discovery-stale")
	forge.status = 401
	check("refused", all, "discovery-stale")
	forge.status, forge.repos = 0, nil
	check("empty", all, "discovery-empty")
	check("still empty", all, "discovery-empty")
	forge.repos = []map[string]any{gitHubRepoJSON("b", nil)}
	check("shrunk", "acme/b", "")
	forge.asked()
	opt.Offline = true
	check("offline", "acme/b", "")
	if reqs := forge.asked(); len(reqs) != 0 {
		t.Error(reqs)
	}
}

func TestDiscoveryFailures(t *testing.T) {
	forge := newForge(t)
	reset := fmt.Sprint(time.Now().Add(time.Hour).Unix())
	for _, c := range []struct {
		what    string
		status  int
		header  http.Header
		message string
		tries   int
	}{
		{"refused", 401, nil, "asks for a token", 1},
		{"missing", 404, nil, "no such account", 2},
		{"down", 503, nil, "HTTP status 503", 3},
		{"rate limit", 403, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {reset}}, "rate limit", 1},
		{"wait a moment", 429, http.Header{"Retry-After": {"0"}}, "rate limit", 3},
		{"wait for hours", 429, http.Header{"Retry-After": {"7200"}}, "rate limit", 1},
	} {
		forge.status, forge.header = c.status, c.header
		cs, ds := mustSync(t, options(t), Spec{GitHub: &GitHub{Organization: "acme", API: forge.URL + "/api/v3"}})
		if codes(ds) != "discovery-failed" || !strings.Contains(ds[0].Message, c.message) || cs[0].State != checkout.Failed || cs[0].Origin != "github" {
			t.Errorf("%s: %v", c.what, ds)
		}
		if n := len(forge.asked()); n != c.tries {
			t.Errorf("%s: %d requests", c.what, n)
		}
	}
}

func TestDiscoveryNeverLeavesTheAPI(t *testing.T) {
	other := newForge(t)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/redirect") {
			http.Redirect(w, r, other.URL+"/api/v3/orgs/acme/repos", http.StatusFound)
			return
		}
		w.Header().Set("Link", "<"+other.URL+"/api/v3/orgs/acme/repos>; rel=next")
		w.Write([]byte("[]"))
	}))
	defer evil.Close()
	for p, want := range map[string]string{"/redirect": "discovery-failed", "/link": "discovery-empty"} {
		opt := options(t)
		opt.Retries = -1
		_, _, ds := plans(t, opt, Spec{GitHub: &GitHub{Organization: "acme", API: evil.URL + p, Token: secret.New("tok-en")}})
		if codes(ds) != want {
			t.Errorf("%s: %v", p, ds)
		}
	}
	if reqs := other.asked(); len(reqs) != 0 {
		t.Errorf("the other server saw %v", reqs)
	}
}

func TestDiscoveredRepositoriesAreFetched(t *testing.T) {
	root := t.TempDir()
	r := newRawRepo(t, filepath.Join(root, "acme", "web.git"))
	r.set("main", r.commit("one", r.files(map[string]string{"catalog-info.yaml": "x"})))
	srv := serveGit(t, root)
	srv.user, srv.pass = "x-access-token", "tok-en"
	u, _ := url.Parse(srv.URL)
	srv.before = func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.HasPrefix(req.URL.Path, "/api/v3/") {
			return false
		}
		json.NewEncoder(w).Encode([]map[string]any{gitHubRepoJSON("web", map[string]any{"clone_url": "http://" + u.Host + "/acme/web.git"})})
		return true
	}
	cs, ds := mustSync(t, options(t), Spec{GitHub: &GitHub{Organization: "acme", API: srv.URL + "/api/v3", Token: secret.New("tok-en")}})
	if len(ds) != 0 || cs[0].State != checkout.Fresh || cs[0].Name != "acme/web" || cs[0].Web.Base != srv.URL+"/acme/web" {
		t.Errorf("%v %+v", ds, cs[0])
	}
}

func TestNextLink(t *testing.T) {
	for header, want := range map[string]string{
		`<https://a/x?page=2>; rel="next", <https://a/x?page=9>; rel="last"`: "https://a/x?page=2",
		`<https://a/x?page=1>; rel="prev"`:                                   "",
		`<x>; title="a"; rel=next`:                                           "x",
		``:                                                                   "",
		`garbage`:                                                            "",
		`<x; rel=next`:                                                       "",
	} {
		if got := nextLink([]string{header}); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
}
