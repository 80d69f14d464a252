package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/secret"
)

// order is the one message a worker reads from its standard input. It is the
// only place where secrets are written down, and it goes through a pipe.
type order struct {
	List          bool   `json:"list,omitempty"` // only read the references
	URL           string `json:"url,omitempty"`
	Path          string `json:"path,omitempty"` // of a repository on this machine, instead of URL
	Username      string `json:"username,omitempty"`
	Password      string `json:"password,omitempty"`
	Token         string `json:"token,omitempty"`
	KeyFile       string `json:"keyFile,omitempty"`
	KeyPassphrase string `json:"keyPassphrase,omitempty"`
	KnownHosts    string `json:"knownHosts,omitempty"`
	Agent         bool   `json:"agent,omitempty"`
	Ref           string `json:"ref,omitempty"`
	Depth         int    `json:"depth"`
	Store         string `json:"store"`
	Have          string `json:"have,omitempty"`
	MaxBytes      int64  `json:"maxBytes"`
	Limits        Limits `json:"limits"`
}

// answer is the one message a worker writes to its standard output.
type answer struct {
	Ref     string            `json:"ref,omitempty"`
	Branch  string            `json:"branch,omitempty"`
	Name    string            `json:"name,omitempty"`
	Commit  string            `json:"commit,omitempty"`
	Refs    map[string]string `json:"refs,omitempty"`
	Head    string            `json:"head,omitempty"`
	Kind    failKind          `json:"kind,omitempty"`
	Message string            `json:"message,omitempty"`
	Hint    string            `json:"hint,omitempty"`
}

func (o fetchOrder) order(l Limits) order {
	return order{URL: o.remote.String(), Path: o.path, Username: o.auth.Username, Password: o.auth.Password.Reveal(), Token: o.auth.Token.Reveal(),
		KeyFile: o.auth.KeyFile, KeyPassphrase: o.auth.KeyPassphrase.Reveal(), KnownHosts: o.auth.KnownHosts, Agent: o.auth.Agent,
		Ref: o.ref, Depth: o.depth, Store: o.store, Have: o.have, MaxBytes: o.maxBytes, Limits: l}
}

func (o order) auth() Auth {
	return Auth{Username: o.Username, Password: secret.New(o.Password), Token: secret.New(o.Token),
		KeyFile: o.KeyFile, KeyPassphrase: secret.New(o.KeyPassphrase), KnownHosts: o.KnownHosts, Agent: o.Agent}
}

// RunWorker is the child process that clones and fetches: it reads one order
// from in, limits its own memory, processor time and file size, obeys, and
// writes one answer to out. Main calls it when its first argument is
// WorkerVerb, with its standard input and output, and exits with status 1 on
// an error. A remote that cannot be read is an answer, not an error.
func RunWorker(ctx context.Context, in io.Reader, out io.Writer) error {
	var o order
	if err := json.NewDecoder(io.LimitReader(in, 1<<20)).Decode(&o); err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	if err := limitSelf(o.Limits); err != nil {
		return fmt.Errorf("limit the worker: %w", err)
	}
	debug.SetMemoryLimit(o.Limits.MemoryBytes / 2)
	a, err := o.obey(ctx)
	if err != nil {
		f := explain(err, o.auth())
		a = answer{Kind: f.kind, Message: f.message, Hint: f.hint}
	}
	return json.NewEncoder(out).Encode(a)
}

func (o order) obey(ctx context.Context) (answer, error) {
	if o.Path != "" {
		f, err := copyLocal(ctx, fetchOrder{path: o.Path, ref: o.Ref, depth: o.Depth, store: o.Store, have: o.Have, maxBytes: o.MaxBytes})
		return f.answer(), err
	}
	r, err := parseRemote(o.URL)
	if err != nil {
		return answer{}, fmt.Errorf("the URL %w", err)
	}
	if o.List {
		adv, err := listRefs(ctx, r, o.auth())
		if err != nil {
			return answer{}, err
		}
		a := answer{Head: adv.head, Refs: map[string]string{}}
		for name, h := range adv.names {
			a.Refs[name] = h.String()
		}
		return a, nil
	}
	f, err := fetch(ctx, fetchOrder{remote: r, auth: o.auth(), ref: o.Ref, depth: o.Depth, store: o.Store, have: o.Have, maxBytes: o.MaxBytes})
	return f.answer(), err
}

func (f found) answer() answer {
	return answer{Ref: f.ref, Branch: f.branch, Name: f.name, Commit: f.commit.String()}
}

// worker runs child processes.
type worker struct {
	command []string
	limits  Limits
}

// list reads the references of a remote in a child process.
func (w worker) list(ctx context.Context, r remote, a Auth) (advertised, error) {
	o := fetchOrder{remote: r, auth: a, maxBytes: maxAdvertisement}.order(w.limits)
	o.List = true
	got, err := w.run(ctx, o)
	if err != nil {
		return advertised{}, err
	}
	adv := advertised{head: got.Head, names: map[string]plumbing.Hash{}}
	for name, h := range got.Refs {
		adv.names[name] = plumbing.NewHash(h)
	}
	return adv, nil
}

// fetch fetches in a child process.
func (w worker) fetch(ctx context.Context, o fetchOrder) (found, error) {
	got, err := w.run(ctx, o.order(w.limits))
	if err != nil {
		return found{}, err
	}
	return found{ref: got.Ref, branch: got.Branch, name: got.Name, commit: plumbing.NewHash(got.Commit)}, nil
}

// maxAnswer bounds what a child may write.
const maxAnswer = 64 << 20

// inWorker is set in a child's environment. A program that does not answer
// WorkerVerb would otherwise start itself again without end.
const inWorker = "CALLBOARD_SOURCE_WORKER"

func (w worker) run(ctx context.Context, o order) (answer, error) {
	if os.Getenv(inWorker) != "" {
		return answer{}, &failure{failOther, "a fetching process cannot start another", ""}
	}
	in, err := json.Marshal(o)
	if err != nil {
		return answer{}, err
	}
	cmd := exec.CommandContext(ctx, w.command[0], w.command[1:]...)
	stdout, stderr := &cappedBuffer{limit: maxAnswer}, &cappedBuffer{limit: 64 << 10}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), stdout, stderr
	cmd.Env = workerEnv(o.Limits)
	cmd.WaitDelay = 5 * time.Second
	ownGroup(cmd)
	err = cmd.Run()
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	if err != nil {
		return answer{}, diagnose(err, stderr.String(), o)
	}
	var a answer
	if err := json.Unmarshal(stdout.Bytes(), &a); err != nil {
		return answer{}, &failure{failOther, "the fetching process gave no answer", ""}
	}
	if a.Kind != "" {
		return answer{}, &failure{a.Kind, a.Message, a.Hint}
	}
	return a, nil
}

// diagnose says why a child ended without an answer.
func diagnose(err error, stderr string, o order) *failure {
	hint := "the repository may hold an object that unpacks to gigabytes; lower its history: or leave it out"
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return &failure{failOther, "the fetching process cannot be started: " + mask(err.Error(), o.auth()), ""}
	}
	switch {
	case killedFor(exit, "cpu"), strings.Contains(stderr, "SIGXCPU"):
		return &failure{failLimit, fmt.Sprintf("fetching took more than %d s of processor time", o.Limits.CPUSeconds), hint}
	case killedFor(exit, "filesize"), strings.Contains(stderr, "SIGXFSZ"), strings.Contains(stderr, "file too large"):
		return &failure{failLimit, fmt.Sprintf("fetching wrote a file of more than %d MB", o.Limits.FileBytes>>20), hint}
	case strings.Contains(stderr, "out of memory"), strings.Contains(stderr, "cannot allocate memory"):
		return &failure{failLimit, fmt.Sprintf("fetching needs more than %d MB of memory", o.Limits.MemoryBytes>>20), hint}
	case killedFor(exit, "kill"):
		return &failure{failLimit, "the fetching process was killed", hint}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n")
	return &failure{failOther, "the fetching process failed: " + mask(first, o.auth()), ""}
}

// workerEnv passes on what a network client needs and nothing else.
func workerEnv(l Limits) []string {
	keep := []string{"HOME", "PATH", "USER", "LOGNAME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP",
		"SSH_AUTH_SOCK", "SSH_KNOWN_HOSTS", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
	env := []string{fmt.Sprintf("GOMEMLIMIT=%dMiB", l.MemoryBytes>>21), "GOTRACEBACK=none", "GOMAXPROCS=2", inWorker + "=1"}
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); slices.Contains(keep, name) {
			env = append(env, kv)
		}
	}
	return env
}

// cappedBuffer keeps the first limit bytes and drops the rest.
type cappedBuffer struct {
	bytes.Buffer
	limit int
}

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if room := b.limit - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
