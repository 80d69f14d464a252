package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
)

const (
	maxRedirects = 3
	// maxAdvertisement bounds the list of refs a server sends.
	maxAdvertisement = 32 << 20
)

var errTooManyBytes = errors.New("the remote sent more than the limit")

// newHTTPClient returns a client that counts what it receives (after
// unpacking) against maxBytes per response, gives up on servers that do not
// begin to answer, and never carries credentials to another origin.
func newHTTPClient(maxBytes int64, authenticated bool) *http.Client {
	return &http.Client{
		Transport: &countingTransport{base: sharedTransport, limit: maxBytes},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			if authenticated && !sameOrigin(via[0].URL, req.URL) {
				return &failure{message: fmt.Sprintf("the server redirects to %q; credentials are not sent there", origin(req.URL)),
					hint: "write the address it redirects to into callboard.yaml"}
			}
			return nil
		},
	}
}

var sharedTransport = &http.Transport{
	Proxy:                 http.ProxyFromEnvironment,
	DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
	TLSHandshakeTimeout:   10 * time.Second,
	ResponseHeaderTimeout: 30 * time.Second,
	IdleConnTimeout:       30 * time.Second,
	MaxIdleConnsPerHost:   defaultParallel,
	ForceAttemptHTTP2:     true,
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// sameOrigin compares scheme, host and port: what a credential is bound to.
func sameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"https": "443", "http": "80"}[strings.ToLower(u.Scheme)]
}

// countingTransport bounds the size of response bodies.
type countingTransport struct {
	base  http.RoundTripper
	limit int64
}

func (t *countingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.base.RoundTrip(req)
	if err == nil {
		res.Body = &countedBody{res.Body, t.limit}
	}
	return res, err
}

// countedBody fails once more than left bytes have been read.
type countedBody struct {
	io.ReadCloser
	left int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooManyBytes
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, errTooManyBytes
	}
	return n, err
}

// dial opens a session for reading a remote repository.
func dial(r remote, a Auth, maxBytes int64) (transport.UploadPackSession, error) {
	ep, err := transport.NewEndpoint(r.url.String())
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	if r.url.Scheme == "ssh" {
		method, err := sshAuth(r, a)
		if err != nil {
			return nil, err
		}
		return gitssh.NewClient(nil).NewUploadPackSession(ep, method)
	}
	method := httpAuth(a)
	client := githttp.NewClientWithOptions(newHTTPClient(maxBytes, method != nil),
		&githttp.ClientOptions{RedirectPolicy: githttp.FollowInitialRedirects})
	if method == nil {
		return client.NewUploadPackSession(ep, nil)
	}
	return client.NewUploadPackSession(ep, method)
}

// httpAuth returns nil for anonymous access.
func httpAuth(a Auth) *githttp.BasicAuth {
	user, pass := a.Username, a.Password
	if a.Token.IsSet() {
		pass = a.Token
		if user == "" {
			user = "x-access-token"
		}
	}
	if user == "" && !pass.IsSet() {
		return nil
	}
	return &githttp.BasicAuth{Username: user, Password: pass.Reveal()}
}

// sshAuth returns how to log in over SSH. The server's key must be known.
func sshAuth(r remote, a Auth) (transport.AuthMethod, error) {
	user := a.Username
	if user == "" {
		user = "git"
	}
	hosts, err := knownHosts(r, a)
	if err != nil {
		return nil, &failure{kind: failAuth, message: "no known_hosts file can be read", hint: "name one with auth: {knownHosts: FILE}"}
	}
	switch {
	case a.KeyFile != "" && !a.Agent:
		m, err := gitssh.NewPublicKeysFromFile(user, a.KeyFile, a.KeyPassphrase.Reveal())
		if err != nil {
			return nil, &failure{kind: failAuth, message: fmt.Sprintf("the SSH key %q cannot be read", a.KeyFile), hint: "check its path and passphrase"}
		}
		m.HostKeyCallbackHelper = hosts
		return m, nil
	case a.Password.IsSet():
		return &gitssh.Password{User: user, Password: a.Password.Reveal(), HostKeyCallbackHelper: hosts}, nil
	}
	m, err := gitssh.NewSSHAgentAuth(user)
	if err != nil {
		return nil, &failure{kind: failAuth, message: "there is no SSH agent to ask", hint: "start one, or name a key with auth: {sshKey: FILE}"}
	}
	m.HostKeyCallbackHelper = hosts
	return m, nil
}

func knownHosts(r remote, a Auth) (gitssh.HostKeyCallbackHelper, error) {
	var files []string
	if a.KnownHosts != "" {
		files = []string{a.KnownHosts}
	}
	db, err := gitssh.NewKnownHostsDb(files...)
	if err != nil {
		return gitssh.HostKeyCallbackHelper{}, err
	}
	at := r.url.Host
	if r.url.Port() == "" {
		at = net.JoinHostPort(r.url.Hostname(), "22")
	}
	return gitssh.HostKeyCallbackHelper{HostKeyCallback: db.HostKeyCallback(), HostKeyAlgorithms: db.HostKeyAlgorithms(at)}, nil
}

// listRefs asks a remote for its references: one request.
func listRefs(ctx context.Context, r remote, a Auth) (advertised, error) {
	s, err := dial(r, a, maxAdvertisement)
	if err != nil {
		return advertised{}, err
	}
	defer s.Close()
	adv, _, err := readRefs(ctx, s)
	return adv, err
}

// readRefs reads the references that open a session, and what else it says.
func readRefs(ctx context.Context, s transport.UploadPackSession) (advertised, *packp.AdvRefs, error) {
	ar, err := s.AdvertisedReferencesContext(ctx)
	if err != nil {
		return advertised{}, nil, err
	}
	refs, err := ar.AllReferences()
	if err != nil {
		return advertised{}, nil, fmt.Errorf("read references: %w", err)
	}
	adv := advertised{names: map[string]plumbing.Hash{}, tags: map[string]plumbing.Hash{}}
	for name, ref := range refs {
		if ref.Type() == plumbing.HashReference {
			adv.names[name.String()] = ref.Hash()
		} else if name == plumbing.HEAD {
			adv.head = ref.Target().String()
		}
	}
	for name, h := range ar.Peeled {
		adv.tags[name] = adv.names[name]
		adv.names[name] = h
	}
	if ar.Head != nil && adv.names["HEAD"].IsZero() {
		adv.names["HEAD"] = *ar.Head
	}
	return adv, ar, nil
}
