// Package remote reads the few files that descriptors include from the web:
// API definitions on hosts that the operator lists in callboard.yaml under
// catalog.reading.allow. Whoever may write a descriptor chooses the address,
// so every address is taken for an attempt to reach what only the machine that
// builds can reach. Begin with [New].
//
// # What is read
//
// Only hosts on the list, over https; over http only where the list gives the
// port, or the host is loopback by name. Every redirect is held against the
// same list. When a name has been resolved, the address is looked at before it
// is dialled: link-local, metadata, multicast and unspecified addresses are
// never dialled, private and loopback ones only for a host that is listed by
// its own name and not by a wildcard. No credentials, cookies or referrers are
// sent, and no proxy is used, since a proxy would resolve names unseen.
//
// # Where it stands in a build
//
// Reading happens in the catalog stage alone, through catalog.Options.Read;
// what comes after works on bytes and never waits for the network. Answers are
// kept in the state folder with what revalidates them, so that a build without
// network finds what the last one found, and a host that does not answer costs
// a finding and not a definition.
package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Limits on one read.
const (
	maxBytes    = 5 << 20 // of the answer, after decompression
	maxAtOnce   = 4
	maxHops     = 5
	maxRetries  = 3
	maxWait     = 20 * time.Second // between two tries, whatever Retry-After says
	totalTime   = 60 * time.Second // of one read with all its tries
	connectTime = 10 * time.Second
	answerTime  = 30 * time.Second // until the first byte
)

// Options say what may be read, and where answers are kept.
type Options struct {
	// Allow lists hosts: "example.com", "*.example.com", "example.com:8443".
	// Without a port it is the scheme's own. A wildcard is not the host itself.
	Allow []string
	// Dir keeps answers between builds. It is made when there is something to
	// keep; empty keeps nothing.
	Dir string
	// Offline answers from Dir alone.
	Offline bool
	// Now is the build's time, by which kept answers are dated.
	Now time.Time
	// Log receives details; nil means none.
	Log *slog.Logger
}

// Reader reads addresses, each at most once. It is safe for concurrent use.
type Reader struct {
	opt       Options
	client    *retryablehttp.Client
	transport *http.Transport
	dialer    dialer
	total     time.Duration
	slots     chan struct{}

	mu     sync.Mutex
	reads  map[string]*read
	silent map[string]error // hosts that do not answer, with the reason
	stale  diag.List
}

// read is one address: what came of it, once done is closed.
type read struct {
	done chan struct{}
	data []byte
	err  error
}

// New returns a reader.
func New(opt Options) *Reader {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	r := &Reader{
		opt: opt, total: totalTime, slots: make(chan struct{}, maxAtOnce),
		reads: map[string]*read{}, silent: map[string]error{},
	}
	r.dialer = dialer{allow: opt.Allow}
	r.transport = r.newTransport()
	r.client = r.newClient()
	return r
}

// Read returns what is at an address. The error says why there is nothing in
// words that are the same in every build as long as the reason is, since it
// ends on a page of the portal.
func (r *Reader) Read(ctx context.Context, address string) ([]byte, error) {
	r.mu.Lock()
	known, again := r.reads[address]
	if !again {
		known = &read{done: make(chan struct{})}
		r.reads[address] = known
	}
	r.mu.Unlock()
	if !again {
		known.data, known.err = r.read(ctx, address)
		close(known.done)
	}
	select {
	case <-known.done:
		return slices.Clone(known.data), known.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Findings returns what is worth telling about the reads so far, sorted: the
// addresses for which an older copy was used.
func (r *Reader) Findings() diag.List {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := slices.Clone(r.stale)
	found.Sort()
	return found
}

func (r *Reader) read(ctx context.Context, address string) ([]byte, error) {
	u, err := parseAddress(r.opt.Allow, address)
	if err != nil {
		return nil, err
	}
	kept, found := r.kept(address)
	if r.opt.Offline {
		if !found {
			return nil, errors.New("the network is not used in this run, and no earlier run kept a copy")
		}
		return kept.data, nil
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	fresh, err := r.ask(ctx, u, kept)
	switch {
	case err == nil:
		fresh.URL, fresh.Time = address, r.opt.Now
		r.keep(fresh)
		return fresh.data, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case found && isPassing(err):
		r.noteStale(kept, err)
		return kept.data, nil
	}
	return nil, err
}

// noteStale reports that an older copy stands in for an answer.
func (r *Reader) noteStale(kept answer, reason error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stale.Add(diag.Diagnostic{
		Code: codeStale, Severity: diag.Warning, Field: "catalog.reading.allow",
		Message: fmt.Sprintf("%q cannot be read (%v); the copy of %s is shown", kept.URL, reason, kept.Time.UTC().Format("2006-01-02 15:04 MST")),
		Hint:    "see that the host answers; the next build asks again",
	})
}
