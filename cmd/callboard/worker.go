package main

import (
	"context"
	"os"

	"github.com/callboard-portal/callboard/generator"
)

// runWorker answers the hidden verbs with which the generator starts this
// program again for work on hostile bytes. ok is false for any other command line.
func runWorker(args []string) (code int, ok bool) {
	if len(args) == 0 || !generator.IsWorkerVerb(args[0]) {
		return 0, false
	}
	if err := generator.RunWorker(context.Background(), args[0], os.Stdin, os.Stdout); err != nil {
		return exitFailure, true
	}
	return exitOK, true
}
