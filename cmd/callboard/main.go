// Command callboard builds a static developer portal from repositories: it
// clones them, reads their catalog descriptors and TechDocs, and writes a
// themed, searchable site. One file per verb; main.go wires them. There is no
// domain logic here.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build (Makefile, -ldflags).
var version = "dev"

func main() {
	os.Exit(mainExit(os.Args[1:]))
}

// mainExit runs the command line and returns the exit code. Tests call it in a subprocess.
func mainExit(args []string) int {
	if code, ok := runWorker(args); ok {
		return code
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s := <-signals
		cancel(interrupted{s})
		<-signals // a second signal does not wait for anything
		os.Exit(exitCode(interrupted{s}))
	}()
	t := newTerminal(os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	err := newRoot(t).run(ctx, args)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	t.fail(err)
	return exitCode(err)
}
