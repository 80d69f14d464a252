package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// Exit codes are a promise to scripts; the help and the manual list them.
const (
	exitOK       = 0
	exitFailure  = 1   // runtime failure; nothing was replaced
	exitFindings = 2   // findings at or above --fail-on
	exitUsage    = 3   // wrong usage or configuration
	exitLimit    = 6   // the site exceeds a bound set under output
	exitBusy     = 75  // another build holds the state folder
	exitDeadline = 124 // --deadline passed

	exitInterrupt = 128 + int(syscall.SIGINT) // as shells have it
	exitTerminate = 128 + int(syscall.SIGTERM)
)

// exitCodes are what the help and the manual say of exit codes.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitOK, "done; there may be findings"},
	{exitFailure, "failed; the site that was there stays"},
	{exitFindings, "findings as bad as --fail-on or --strict say"},
	{exitUsage, "wrong usage, or a configuration that cannot be used"},
	{exitLimit, "the site exceeds output.maxFiles or output.maxSize; the site that was there stays"},
	{exitBusy, "another build holds the state folder"},
	{exitDeadline, "--deadline passed; the site that was there stays"},
	{exitInterrupt, "stopped with Ctrl-C; nothing was replaced"},
	{exitTerminate, "stopped by SIGTERM; nothing was replaced"},
}

// exitCodeLines lists the exit codes for the help.
func exitCodeLines() string {
	var b strings.Builder
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.meaning)
	}
	return strings.TrimRight(b.String(), "\n")
}

// codeError is an error with its own exit code. A nil err prints nothing:
// what there was to say has been said.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

// usagef returns an error for wrong usage or configuration.
func usagef(format string, args ...any) error {
	return &codeError{exitUsage, fmt.Errorf(format, args...)}
}

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal os.Signal }

func (i interrupted) Error() string {
	return "stopped by " + i.signal.String() + "; nothing was replaced"
}

// exitCode maps an error to the exit code it stands for.
func exitCode(err error) int {
	var code *codeError
	var stop interrupted
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &stop):
		if stop.signal == syscall.SIGTERM {
			return exitTerminate
		}
		return exitInterrupt
	case errors.As(err, &code):
		return code.code
	case errors.Is(err, context.DeadlineExceeded):
		return exitDeadline
	default:
		return exitFailure
	}
}
