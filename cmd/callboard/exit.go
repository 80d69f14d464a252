package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Exit codes are a promise to scripts; the manual lists them.
const (
	exitOK       = 0
	exitFailure  = 1   // runtime failure; nothing was replaced
	exitFindings = 2   // findings at or above --fail-on
	exitUsage    = 3   // wrong usage or configuration
	exitBusy     = 75  // another build holds the state folder
	exitDeadline = 124 // --deadline passed
)

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
			return 143
		}
		return 130
	case errors.As(err, &code):
		return code.code
	case errors.Is(err, context.DeadlineExceeded):
		return exitDeadline
	default:
		return exitFailure
	}
}
