package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/serve"
)

func (r *root) serveCommand() *cobra.Command {
	var f buildFlags
	var addr, repo string
	var watch bool
	c := &cobra.Command{
		Use: "serve", Short: "Serve a built site, or a portal or repository as you edit it", Args: maxArgs(0),
		Long: `Serve answers HTTP requests from a built site (-o DIR). With --watch it builds the
portal first, builds again whenever a file of a local source, the theme or the
configuration is saved, and makes open pages load again. With --repo DIR it does
the same for one repository with descriptors and docs; no callboard.yaml is needed.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if repo == "" && !watch {
				return r.serveBuilt(c.Context(), &f, addr)
			}
			path, cleanup, err := r.liveConfig(repo, &f)
			if err != nil {
				return err
			}
			defer cleanup()
			return r.serveLive(c.Context(), &f, path, addr)
		},
	}
	f.add(c)
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "address to listen on")
	c.Flags().BoolVar(&watch, "watch", false, "build, and build again when a file is saved")
	c.Flags().StringVar(&repo, "repo", "", "serve this repository's catalog and docs, rebuilding as you edit")
	return c
}

// serveBuilt serves a folder as it is.
func (r *root) serveBuilt(ctx context.Context, f *buildFlags, addr string) error {
	dir := f.output
	if dir == "" {
		path, err := r.findConfig()
		if err != nil {
			return err
		}
		dir = filepath.Join(filepath.Dir(path), "public")
	}
	if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
		return usagef("there is no built site in %s\nrun callboard build first, or serve --watch", dir)
	}
	return r.listen(ctx, addr, serve.New(dir, nil), dir)
}

// liveConfig returns the portal to serve: the one configured, or a temporary
// one around a single repository.
func (r *root) liveConfig(repo string, f *buildFlags) (path string, cleanup func(), err error) {
	if repo == "" {
		path, err = r.findConfig()
		return path, func() {}, err
	}
	dir, err := os.MkdirTemp("", "callboard-repo-")
	if err != nil {
		return "", nil, err
	}
	cleanup = func() { _ = os.RemoveAll(dir) }
	path, err = generator.WriteRepositoryPortal(dir, repo)
	if err != nil {
		cleanup()
		return "", nil, usagef("%v", err)
	}
	return path, cleanup, nil
}

// serveLive builds, serves, and builds again after every change.
func (r *root) serveLive(ctx context.Context, f *buildFlags, configPath, addr string) error {
	opt, err := r.options(f, configPath)
	if err != nil {
		return err
	}
	if _, err := r.build(ctx, f, configPath); err != nil {
		return err
	}
	reload := serve.NewReload()
	rebuild := func() []string {
		if _, err := r.build(ctx, f, configPath); err != nil {
			r.t.fail(err)
			r.t.say("the site stays as it was; waiting for the next change")
		} else {
			reload.Now()
		}
		return generator.WatchPaths(ctx, opt)
	}
	written := []string{opt.Output, opt.StateDir}
	if f.report != "" {
		written = append(written, f.report)
	}
	failed := make(chan error, 1)
	go func() { failed <- serve.Watch(ctx, generator.WatchPaths(ctx, opt), written, rebuild) }()
	go func() { failed <- r.listen(ctx, addr, serve.New(opt.Output, reload), opt.Output) }()
	return <-failed
}

// listen serves until ctx ends.
func (r *root) listen(ctx context.Context, addr string, h http.Handler, dir string) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w\nchoose another address with --addr, such as --addr 127.0.0.1:0 for any free port", addr, err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(stop) != nil {
			_ = server.Close() // open event streams do not end by themselves
		}
	}()
	r.t.say("serving %s at http://%s — stop with Ctrl-C", dir, l.Addr())
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil // being stopped is how serving ends
}
