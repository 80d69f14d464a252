package main

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/config"
)

// buildFlags are shared by the verbs that build.
type buildFlags struct {
	output   string
	offline  bool
	noSync   bool
	now      string
	strict   bool
	failOn   string
	report   string
	deadline time.Duration
}

func (f *buildFlags) add(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVarP(&f.output, "output", "o", "", "folder for the site, exchanged whole (default: public beside callboard.yaml)")
	fs.BoolVar(&f.offline, "offline", false, "use only what is on disk")
	fs.BoolVar(&f.noSync, "no-sync", false, "use the clones as they are, without asking their remotes")
	fs.StringVar(&f.now, "now", "", "the build's time, such as 2026-11-21T18:00:00Z (default: the clock, read once)")
	fs.BoolVar(&f.strict, "strict", false, "end with exit code 2 on errors and warnings")
	fs.StringVar(&f.failOn, "fail-on", "", "end with exit code 2 on findings of this severity or worse: error, warning, info or never")
	fs.StringVar(&f.report, "report", "", "write a JSON report of the build to this file")
	fs.DurationVar(&f.deadline, "deadline", 0, "give up after this long, such as 20m, and leave the old site")
}

// findConfig returns the callboard.yaml to use.
func (r *root) findConfig() (string, error) {
	if r.configPath != "" {
		if _, err := os.Stat(r.configPath); err != nil {
			return "", usagef("there is no file %s\ngive the path of a callboard.yaml with -c", r.configPath)
		}
		return r.configPath, nil
	}
	cwd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	path, err := config.Find(cwd)
	if errors.Is(err, config.ErrNotFound) {
		return "", usagef("there is no callboard.yaml in this folder or above\nrun callboard init to write one, or callboard demo to see a portal")
	}
	return path, err
}

// portal finds the callboard.yaml to use and returns the options for it.
func (r *root) portal(f *buildFlags) (generator.Options, error) {
	path, err := r.findConfig()
	if err != nil {
		return generator.Options{}, err
	}
	return r.options(f, path)
}

// options puts together what the generator needs from flags and surroundings.
func (r *root) options(f *buildFlags, configPath string) (generator.Options, error) {
	now := time.Now().UTC().Truncate(time.Second)
	if f.now != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, f.now); err != nil {
			return generator.Options{}, usagef("--now %q is not a time\nwrite it as 2026-11-21T18:00:00Z", f.now)
		}
		now = now.UTC()
	}
	exe, err := os.Executable()
	if err != nil {
		exe = "" // what that means is said at generator.Options.Executable
	}
	return generator.Options{
		Config: configPath, Output: f.output, StateDir: r.stateDir,
		Offline: f.offline, NoSync: f.noSync, Now: now, Version: version,
		LookupEnv: os.LookupEnv, Executable: exe, Progress: r.progress(), Log: r.logger(),
	}.WithDefaults(), nil
}
