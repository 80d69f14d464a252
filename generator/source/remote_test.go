package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/secret"
)

func TestParseRemote(t *testing.T) {
	for in, want := range map[string]string{
		"https://git.example.com/payments/checkout.git":  "https://git.example.com/payments/checkout.git",
		"HTTPS://git.example.com/a/b/":                   "https://git.example.com/a/b",
		"https://bot:s3cret@git.example.com/a":           "https://git.example.com/a",
		"https://git.example.com:8443/a?x=1#y":           "https://git.example.com:8443/a",
		"ssh://git@git.example.com:7999/p/r.git":         "ssh://git.example.com:7999/p/r.git",
		"git@github.com:acme/web.git":                    "ssh://github.com/acme/web.git",
		"github.com:acme/web.git":                        "ssh://github.com/acme/web.git",
		"file:///srv/git/a.git":                          "/srv/git/a.git",
		"../repos/a":                                     "../repos/a",
		"./a:b":                                          "./a:b",
		"/srv/git/a.git":                                 "/srv/git/a.git",
		"https://user@bitbucket.org/team/repo.git":       "https://bitbucket.org/team/repo.git",
		"https://ghp_0123456789012345678@github.com/a/b": "https://github.com/a/b",
		"-u":                          "!",
		"--upload-pack=touch x":       "!",
		"-oProxyCommand=x@host:y":     "!",
		"ssh://-oProxyCommand=calc/x": "!",
		"ssh://-x@host/y":             "!",
		"git@host:-x":                 "!",
		"ext::sh -c touch% /tmp/x":    "!",
		"fd::17":                      "!",
		"git://github.com/a/b":        "!",
		"ftp://example.com/a":         "!",
		"file://other/share":          "!",
		"https://host/a\nb":           "!",
		"https://host/a\x00b":         "!",
		"https://host/\u202egit":      "!",
		"https://":                    "!",
		"https:///a":                  "!",
		"https://host":                "!",
		"http://[::1":                 "!",
		"javascript://alert/1":        "!",
		"":                            "!",
	} {
		r, err := parseRemote(in)
		got := r.String()
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %s", r, r, r), "s3cret") {
			t.Errorf("%q shows its secret", in)
		}
	}
}

func FuzzParseRemote(f *testing.F) {
	for _, s := range []string{"https://a:b@c/d.git", "git@h:p", "ext::x", "-x", "file:///x", "ssh://[::1]:22/x", "C:\\x", "a\u200db"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseRemote(s)
		if err != nil {
			return
		}
		if r.url != nil && (r.url.User != nil || r.url.Host == "" || r.url.Scheme != "https" && r.url.Scheme != "http" && r.url.Scheme != "ssh") {
			t.Errorf("%q gives %q", s, r)
		}
		if strings.HasPrefix(r.String(), "-") || len(r.names()) == 0 {
			t.Errorf("%q gives %q, %q", s, r, r.names())
		}
		webOf(s, "", "main", "abc")
	})
}

func TestWebLinks(t *testing.T) {
	for _, c := range []struct{ url, host, want string }{
		{"https://github.com/acme/web.git", "", "github https://github.com/acme/web"},
		{"git@github.com:acme/web.git", "", "github https://github.com/acme/web"},
		{"https://github.example.com:8443/acme/web", "", "github https://github.example.com:8443/acme/web"},
		{"ssh://git@gitlab.example.com:2222/a/b/c.git", "", "gitlab https://gitlab.example.com/a/b/c"},
		{"https://gitlab.com/a/b/c.git", "", "gitlab https://gitlab.com/a/b/c"},
		{"https://bitbucket.org/team/repo.git", "", "bitbucket https://bitbucket.org/team/repo"},
		{"https://bitbucket.example.com/scm/PAY/web.git", "", "bitbucket-server https://bitbucket.example.com/projects/PAY/repos/web"},
		{"https://git.example.com/scm/~ada/web.git", "", "bitbucket-server https://git.example.com/users/ada/repos/web"},
		{"ssh://git@stash.example.com:7999/PAY/web.git", "", "bitbucket-server https://stash.example.com/projects/PAY/repos/web"},
		{"https://codeberg.org/a/b", "", "gitea https://codeberg.org/a/b"},
		{"https://org@dev.azure.com/org/proj/_git/repo", "", "azure https://dev.azure.com/org/proj/_git/repo"},
		{"git@ssh.dev.azure.com:v3/org/proj/repo", "", "azure https://dev.azure.com/org/proj/_git/repo"},
		{"https://git.example.com/a/b.git", "", " "},
		{"https://git.example.com/a/b.git", "gitlab", "gitlab https://git.example.com/a/b"},
		{"https://github.com/a/sp%20ace", "", "github https://github.com/a/sp%20ace"},
		{"../repo", "github", " "},
		{"", "", " "},
	} {
		w := webOf(c.url, c.host, "main", "abc")
		if got := w.Host + " " + w.Base; got != c.want {
			t.Errorf("%s: %s", c.url, got)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	named := func(names ...string) *job { return &job{names: names} }
	jobs := []*job{named("checkout", "payments/checkout"), named("checkout", "shop/checkout"), named("web"), named("web"), named("a/b")}
	chooseNames(jobs)
	var got []string
	for _, j := range jobs {
		got = append(got, j.name)
	}
	if s := strings.Join(got, ", "); s != "payments/checkout, shop/checkout, web, web (2), a/b" {
		t.Error(s)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	a := Auth{Username: "u", Password: secret.New("hunter22"), Token: secret.New("tok/en+1"), KeyPassphrase: secret.New("open sesame")}
	spec := Spec{Git: "x", Auth: a, GitHub: &GitHub{Token: secret.New("tok/en+1")}}
	b := fmt.Sprintf("%v %+v %#v %s %q %x %v", spec, spec, spec, a.Token, a.Password, a.Token, a)
	for _, s := range []string{"hunter22", "tok/en", "sesame", "68756e746572"} {
		if strings.Contains(b, s) {
			t.Errorf("%s in %s", s, b)
		}
	}
	for _, in := range []string{"get https://u:hunter22@host/: no", "bad tok/en+1", "bad tok%2Fen%2B1", "Basic dTpodW50ZXIyMg==", "a\x1b[31mb\nhunter22"} {
		if got := mask(in, a); strings.Contains(got, "hunter22") || strings.Contains(got, "tok") || strings.Contains(got, "dTpod") || strings.ContainsAny(got, "\x1b\n") {
			t.Errorf("%q", got)
		}
	}
}

func TestFoundRefs(t *testing.T) {
	adv := advertised{names: hashes("HEAD", "refs/heads/main", "refs/heads/v1", "refs/tags/v1", "refs/tags/v2", "refs/heads/feature/x", "refs/pull/1/head"), head: "refs/heads/main"}
	for ref, want := range map[string]string{
		"": "main main", "main": "main main", "v1": "v1 v1", "v2": "v2 ", "feature/x": "feature/x feature/x",
		"refs/tags/v1": "v1 ", "refs/heads/main": "main main", "HEAD": "!", "../x": "!", "mains": `!did you mean "main"?`} {
		f, err := adv.find(ref)
		got := f.ref + " " + f.branch
		if err != nil {
			got = "!"
			var ref *refError
			if errors.As(err, &ref) && strings.HasPrefix(want, "!did") {
				got += ref.hint
			}
		}
		if got != want {
			t.Errorf("%q: %q", ref, got)
		}
	}
	if _, err := (advertised{head: "refs/heads/gone"}).find(""); err == nil {
		t.Error("an empty repository has a HEAD")
	}
}
