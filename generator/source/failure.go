package source

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"

	"github.com/callboard-portal/callboard/generator/secret"
)

type failKind string

const (
	failNetwork failKind = "network" // worth another try
	failAuth    failKind = "auth"
	failMissing failKind = "missing"
	failRef     failKind = "ref"
	failLimit   failKind = "limit"
	failTimeout failKind = "timeout"
	failOther   failKind = "other"
	failStore   failKind = "store" // the local copy is damaged or does not fit: fetch anew
)

// failure is why a source could not be read, in words for its user. It never
// holds a secret.
type failure struct {
	kind    failKind
	message string
	hint    string
}

func (f *failure) Error() string { return f.message }

// explain turns any error of reading a remote into a failure. secrets are
// masked in the text of errors it does not know.
func explain(err error, a Auth) *failure {
	var f *failure
	var ref *refError
	var status *githttp.Err
	var netErr net.Error
	var request *url.Error
	var file *fs.PathError
	var wrapped *plumbing.UnexpectedError // has no Unwrap
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &ref):
		return &failure{failRef, ref.message, ref.hint}
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		return refused(a)
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return &failure{failMissing, "the repository does not exist, or the credentials may not see it", "check the URL and auth:"}
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return &failure{failMissing, "the repository is empty", "push a commit to it"}
	case errors.Is(err, errTooManyBytes):
		return &failure{failLimit, "the remote sent more bytes than the limit", "raise maxBytes: of the source, or lower its history:"}
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{failTimeout, "the remote took longer than the timeout", "raise timeout: of the source"}
	case errors.Is(err, context.Canceled):
		return &failure{failTimeout, "the run was stopped", ""}
	case errors.As(err, &status):
		return fromStatus(status.StatusCode())
	case strings.Contains(err.Error(), "ssh: unable to authenticate"):
		return refused(a)
	case strings.Contains(err.Error(), "knownhosts: key"):
		return &failure{failAuth, "the server's SSH key is not the one in known_hosts", "compare it with the host's published keys, then add it to known_hosts"}
	case errors.Is(err, syscall.EFBIG):
		return &failure{failLimit, "fetching wrote a file of more than the limit", "lower the history: of the source"}
	case errors.As(err, &file):
		return &failure{failOther, "the object store cannot be used: " + file.Err.Error(), "check the space and rights of the state folder"}
	case errors.As(err, &request):
		return &failure{failNetwork, mask(request.Err.Error(), a), ""}
	case errors.As(err, &netErr), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return &failure{failNetwork, mask(err.Error(), a), ""}
	}
	return &failure{failOther, mask(err.Error(), a), ""}
}

func refused(a Auth) *failure {
	if a.IsZero() {
		return &failure{failAuth, "the remote asks for credentials", "add auth: {token: \"${GIT_TOKEN}\"} to the source"}
	}
	return &failure{failAuth, "the remote refuses the credentials", "check the token or password in auth:, and what it may read"}
}

func fromStatus(code int) *failure {
	f := &failure{failOther, fmt.Sprintf("the server answers with HTTP status %d", code), ""}
	if code == 429 || code >= 500 {
		f.kind = failNetwork
	}
	return f
}

var userInfo = regexp.MustCompile(`://[^/@\s"']+@`)

// mask hides secrets, user information in URLs, and control characters.
func mask(s string, a Auth) string {
	for _, credential := range []secret.Secret{a.Password, a.Token, a.KeyPassphrase} {
		if !credential.IsSet() {
			continue
		}
		plain := credential.Reveal()
		basic := base64.StdEncoding.EncodeToString([]byte(a.Username + ":" + plain))
		for _, form := range []string{plain, url.QueryEscape(plain), url.PathEscape(plain), basic, base64.StdEncoding.EncodeToString([]byte(plain))} {
			s = strings.ReplaceAll(s, form, "***")
		}
	}
	return clean(userInfo.ReplaceAllString(s, "://***@"), 500)
}
