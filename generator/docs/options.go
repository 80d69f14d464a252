package docs

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
)

// engineVersion is raised whenever the same input may render differently, or
// the format of packs changes, so that nothing stale is taken from a cache.
const engineVersion = "4"

// Options are the settings of [Build]. The zero value works: no cache, no
// embedded pages, no worker processes.
type Options struct {
	// CacheDir is the folder for packs of rendered pages; "" keeps nothing
	// between builds and holds the pages in memory. It must not be shared by
	// builds that run at the same time.
	CacheDir string
	// IframeHosts are the hosts (with port, if any) whose pages docs may embed.
	IframeHosts []string
	// WorkerCommand is the command whose process runs [RunWorker] on its
	// standard input and output; pages that look expensive are rendered there
	// and killed when they take too long. Empty renders them in this process,
	// which cannot be killed: only for input that is trusted.
	WorkerCommand []string
	// Jobs is how many pages are rendered at once; 0 means one per CPU.
	Jobs int

	rendered *atomic.Int64 // counts the pages rendered, for tests
}

func (o Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// key is everything in the options that rendered pages depend on.
func (o Options) key() string {
	hosts := slices.Clone(o.IframeHosts)
	slices.Sort(hosts)
	return engineKey() + "\n" + strings.Join(hosts, " ")
}
