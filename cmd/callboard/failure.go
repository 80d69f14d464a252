package main

import (
	"errors"

	"github.com/callboard-portal/callboard/generator"
)

// explainFailure gives the failures that users can do something about their
// own exit codes, and shows what was wrong with the configuration.
func (r *root) explainFailure(err error) error {
	var bad *generator.ConfigError
	switch {
	case errors.As(err, &bad):
		r.t.diagnostics(r.t.err, bad.Findings)
		return &codeError{exitUsage, err}
	case errors.Is(err, generator.ErrBusy):
		return &codeError{exitBusy, err}
	case errors.Is(err, generator.ErrLimit):
		return &codeError{exitLimit, err}
	}
	return err
}
