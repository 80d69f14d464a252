package generator

import (
	"context"
	"fmt"
	"io"

	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/source"
)

// docsWorkerVerb is the hidden first argument that makes the program render
// Markdown for another process of itself.
const docsWorkerVerb = "docs-worker"

// workers are the jobs for which the program starts itself again, by the
// hidden verb that begins them. Each touches bytes that may be hostile, in a
// process that can be limited and killed.
var workers = map[string]func(context.Context, io.Reader, io.Writer) error{
	source.WorkerVerb: source.RunWorker,
	docsWorkerVerb:    func(_ context.Context, in io.Reader, out io.Writer) error { return docs.RunWorker(in, out) },
}

// workerCommand is the command line of a worker; empty where this program's
// own path is not known, see [Options.Executable].
func workerCommand(opt Options, verb string) []string {
	if opt.Executable == "" {
		return nil
	}
	return []string{opt.Executable, verb}
}

// IsWorkerVerb reports whether a command line's first word begins a worker.
func IsWorkerVerb(verb string) bool { return workers[verb] != nil }

// RunWorker does the work that a hidden verb names, reading a request from in
// and writing the answer to out.
func RunWorker(ctx context.Context, verb string, in io.Reader, out io.Writer) error {
	run := workers[verb]
	if run == nil {
		return fmt.Errorf("there is no worker %q", verb)
	}
	return run(ctx, in, out)
}
