package generator

import (
	"log/slog"
	"path/filepath"
	"time"
)

// Options are what a build is given besides callboard.yaml. The clock, the
// environment and the places on disk all come in here, so that a build is a
// function of its inputs.
type Options struct {
	// Config is the path of callboard.yaml.
	Config string
	// Output is the folder that receives the site; empty means "public"
	// beside Config. It is exchanged whole.
	Output string
	// StateDir keeps clones, caches and the index between builds; empty means
	// ".callboard" beside Config.
	StateDir string
	// Offline forbids all network use; NoSync uses the clones as they are.
	Offline bool
	NoSync  bool
	// Now is the build's time; ages and expiries are reckoned from it.
	Now time.Time
	// Version is Callboard's own version, shown on the about page.
	Version string
	// LookupEnv reads the variables that callboard.yaml refers to.
	LookupEnv func(string) (string, bool)
	// Executable is the path of this program, which is started again for work
	// on hostile bytes: cloning, and rendering Markdown that looks dangerous.
	// Empty means that Markdown is rendered in this process, and that cloning
	// starts os.Executable.
	Executable string
	// Progress, if set, is told of each stage as it begins and ends. It is
	// never called twice at once.
	Progress func(StageReport)
	// Log receives details for -v; nil means none.
	Log *slog.Logger
}

// WithDefaults puts site and state beside callboard.yaml where nothing else is said.
func (o Options) WithDefaults() Options {
	if o.Output == "" {
		o.Output = filepath.Join(filepath.Dir(o.Config), "public")
	}
	if o.StateDir == "" {
		o.StateDir = filepath.Join(filepath.Dir(o.Config), ".callboard")
	}
	return o
}
