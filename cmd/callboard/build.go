package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/diag"
)

func (r *root) buildCommand() *cobra.Command {
	var f buildFlags
	c := &cobra.Command{
		Use: "build", Short: "Build the portal", Args: maxArgs(0),
		Long: `Build brings the clones up to date, reads descriptors and docs, and writes the
site. Only pages that changed are rendered; the output folder is exchanged
whole at the end, so a build that fails or is stopped leaves the old site.`,
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := r.findConfig()
			if err != nil {
				return err
			}
			report, err := r.build(c.Context(), &f, path)
			if err != nil {
				return err
			}
			return r.verdict(&f, report.Findings)
		},
	}
	f.add(c)
	return c
}

// build runs one build, says what it did and writes the report.
func (r *root) build(ctx context.Context, f *buildFlags, configPath string) (*generator.Report, error) {
	opt, err := r.options(f, configPath)
	if err != nil {
		return nil, err
	}
	if f.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.deadline, fmt.Errorf("the build took longer than --deadline %s; the old site stays: %w", f.deadline, context.DeadlineExceeded))
		defer cancel()
	}
	report, err := generator.Build(ctx, opt)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, r.explainFailure(err)
	}
	r.showFindings(report.Findings)
	r.t.say("%s", summary(report, opt.Output))
	if len(report.Sources) == 0 && !slices.ContainsFunc(report.Findings, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
		r.t.say("the portal has no sources yet; name a repository under sources in callboard.yaml")
	}
	if f.report != "" {
		if err := writeReport(f.report, report); err != nil {
			return nil, err
		}
	}
	return report, nil
}

// showFindings prints findings as talk: all of them with -v, otherwise the
// worst few and where to see the rest.
func (r *root) showFindings(list diag.List) {
	const few = 8
	if r.t.quiet {
		return
	}
	var shown diag.List
	for _, d := range list {
		if d.Severity > diag.Info || r.t.verbose {
			shown.Add(d)
		}
	}
	if r.t.json {
		for _, d := range shown {
			writeJSONLine(r.t.err, struct {
				Level string `json:"level"`
				diag.Diagnostic
			}{d.Severity.String(), d})
		}
		return
	}
	rest := 0
	if !r.t.verbose && len(shown) > few {
		rest = len(shown) - few
		slices.SortStableFunc(shown, func(a, b diag.Diagnostic) int { return cmp.Compare(b.Severity, a.Severity) })
		shown = shown[:few]
	}
	r.t.diagnostics(r.t.err, shown)
	if rest > 0 {
		r.t.say("and %s more; see them with -v, or on the portal's problems page", diag.Count(rest, "problem"))
	}
}

func summary(report *generator.Report, output string) string {
	problems := "no problems"
	if n := report.Diagnostics.Error + report.Diagnostics.Warning; n > 0 {
		problems = diag.Count(n, "problem")
	}
	return fmt.Sprintf("wrote %s: %s (%d rendered, %d unchanged), %s from %s in %s, %s",
		output, diag.Count(report.Pages.Total, "page"), report.Pages.Rendered, report.Pages.Unchanged,
		diag.Count(total(report.Entities), "entity"), diag.Count(len(report.Sources), "source"),
		seconds(report.Seconds).Round(10*time.Millisecond), problems)
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func writeReport(path string, report *generator.Report) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := errors.Join(writeJSON(f, report), f.Close()); err != nil {
		return fmt.Errorf("write report %s: %w", path, err)
	}
	return nil
}

// verdict turns findings into the exit code that the flags ask for.
func (r *root) verdict(f *buildFlags, list diag.List) error {
	failOn := f.failOn
	if failOn == "" {
		failOn = "never"
		if f.strict {
			failOn = "warning"
		}
	}
	return findingsError(failOn, list)
}

// findingsError returns exit code 2 when a finding is as bad as failOn.
func findingsError(failOn string, list diag.List) error {
	if failOn == "never" {
		return nil
	}
	var limit diag.Severity
	if err := limit.UnmarshalText([]byte(failOn)); err != nil {
		return usagef("--fail-on is %q; it is error, warning, info or never", failOn)
	}
	if worst, any := list.Worst(); any && worst >= limit {
		return &codeError{code: exitFindings}
	}
	return nil
}
