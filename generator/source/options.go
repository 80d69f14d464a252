package source

import (
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// The default limits; see the table in the configuration reference.
const (
	defaultTimeout  = 2 * time.Minute
	defaultMaxBytes = 200 << 20
	defaultParallel = 4
	defaultRetries  = 4

	// MaxFileBytes is the largest file that ReadFile and Open return. A
	// reader that knows what it does asks for more with ReadFileLimit, which
	// every checkout's FS has.
	MaxFileBytes = 5 << 20

	maxEntries   = 50_000
	maxTreeDepth = 32
	maxPathBytes = 1024
	maxNameBytes = 255
	maxLinkHops  = 5
)

// Options are what Sync needs besides the specs.
type Options struct {
	// StateDir is the folder for object stores, the lock file and caches. It
	// is made when missing.
	StateDir string
	// BaseDir is the folder that relative paths start from; empty means the current one.
	BaseDir string
	// Offline asks no remote: what is on disk is shown, marked Cached.
	Offline bool
	// Exclude are paths never read as part of a folder, such as the output
	// folder of the site. StateDir is always one of them.
	Exclude []string
	// Now is the time of this run, for FetchedAt and the ages of stale
	// content; zero means the wall clock.
	Now time.Time
	// Parallel bounds how many remotes are read at once; 0 means four.
	Parallel int
	// Retries is how often a failed request is tried again: 0 means four
	// times, a negative number never. Backoff is the wait before the first
	// retry, doubled each time and jittered; 0 means half a second.
	Retries int
	Backoff time.Duration
	// Seed makes the jitter repeatable; 0 means random.
	Seed uint64
	// WorkerCommand is the argument vector of the child process that clones
	// and fetches: a program that calls RunWorker. Empty means the running
	// program with the one argument WorkerVerb.
	WorkerCommand []string
	// Limits bound the child process; zero fields mean the defaults.
	Limits Limits
	// Log receives one line per remote operation; nil means nowhere.
	Log *slog.Logger
}

// Limits bound what one child process may use.
type Limits struct {
	// MemoryBytes bounds the address space on top of what the program has
	// mapped when it starts; 0 means 1.5 GB.
	MemoryBytes int64
	// CPUSeconds bounds processor time; 0 means 60.
	CPUSeconds int64
	// FileBytes bounds every file written; 0 means 256 MB.
	FileBytes int64
}

func (l Limits) withDefaults() Limits {
	if l.MemoryBytes <= 0 {
		l.MemoryBytes = 1500 << 20
	}
	if l.CPUSeconds <= 0 {
		l.CPUSeconds = 60
	}
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	return l
}

// WorkerVerb is the hidden first argument with which the program re-executes
// itself to clone; main must answer it with RunWorker.
const WorkerVerb = "source-worker"

// withDefaults fills in what is zero and makes paths absolute.
func (o Options) withDefaults() (Options, error) {
	var err error
	if o.BaseDir, err = filepath.Abs(o.BaseDir); err != nil {
		return o, err
	}
	if o.StateDir == "" {
		o.StateDir = filepath.Join(o.BaseDir, ".callboard")
	}
	if o.StateDir, err = filepath.Abs(o.StateDir); err != nil {
		return o, err
	}
	exclude := []string{o.StateDir}
	for _, p := range o.Exclude {
		if !filepath.IsAbs(p) {
			p = filepath.Join(o.BaseDir, p)
		}
		exclude = append(exclude, filepath.Clean(p))
	}
	o.Exclude = exclude
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	o.Now = o.Now.UTC()
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	switch {
	case o.Retries == 0:
		o.Retries = defaultRetries
	case o.Retries < 0:
		o.Retries = 0
	}
	if o.Backoff <= 0 {
		o.Backoff = 500 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Limits = o.Limits.withDefaults()
	if len(o.WorkerCommand) == 0 {
		self, err := os.Executable()
		if err != nil {
			return o, err
		}
		o.WorkerCommand = []string{self, WorkerVerb}
	}
	return o, nil
}
