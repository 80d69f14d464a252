package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/diag/diagfmt"
)

func (r *root) checkCommand() *cobra.Command {
	var format, failOn string
	formats := []string{"text"}
	for _, f := range diagfmt.Formats {
		formats = append(formats, f.Name)
	}
	c := &cobra.Command{
		Use: "check [PATH...]", Short: "Check a portal or a repository without building or network",
		Long: `Check reads a portal (a folder with a callboard.yaml) or repositories (folders
with descriptors and docs) and lists what is wrong: in descriptors, references,
docs and links. It uses no network and writes nothing but its findings, so it
suits pull requests. Owners and other references that a repository alone cannot
know are reported only when a portal is checked.`,
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(formats, format) {
				return unknown("format", format, formats, "the formats are "+strings.Join(formats, ", "))
			}
			if err := findingsError(failOn, nil); err != nil {
				return err
			}
			list, err := r.check(c.Context(), args)
			if err != nil {
				return r.explainFailure(err)
			}
			if err := r.writeFindings(format, list); err != nil {
				return err
			}
			return findingsError(failOn, list)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "how to list findings: text, json, sarif, github, gitlab or junit")
	c.Flags().StringVar(&failOn, "fail-on", "error", "end with exit code 2 on findings of this severity or worse: error, warning, info or never")
	return c
}

// check checks the paths given, or the portal found from the current folder,
// or the current folder as a repository.
func (r *root) check(ctx context.Context, paths []string) (diag.List, error) {
	opt, err := r.options(&buildFlags{offline: true}, "callboard.yaml")
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		if found, err := r.findConfig(); err == nil {
			return r.checkPortal(ctx, opt, found)
		} else if r.configPath != "" {
			return nil, err
		}
		paths = []string{"."}
	}
	var repositories []string
	var list diag.List
	for _, p := range paths {
		fi, err := os.Stat(p)
		if err != nil {
			return nil, usagef("there is nothing at %s", p)
		}
		conf := filepath.Join(p, "callboard.yaml")
		switch _, err := os.Stat(conf); {
		case !fi.IsDir() && filepath.Base(p) == "callboard.yaml":
			conf = p
			fallthrough
		case fi.IsDir() && err == nil:
			found, err := r.checkPortal(ctx, opt, conf)
			if err != nil {
				return nil, err
			}
			list.Add(found...)
		default:
			repositories = append(repositories, p)
		}
	}
	if len(repositories) > 0 {
		found, err := generator.CheckRepositories(ctx, opt, repositories)
		if err != nil {
			return nil, err
		}
		list.Add(found...)
	}
	list.Sort()
	return list, nil
}

func (r *root) checkPortal(ctx context.Context, opt generator.Options, conf string) (diag.List, error) {
	opt.Config, opt.StateDir, opt.Output = conf, r.stateDir, ""
	return generator.Check(ctx, opt)
}

func (r *root) writeFindings(format string, list diag.List) error {
	for _, f := range diagfmt.Formats {
		if f.Name == format {
			return f.Write(r.t.out, list, generator.Rules())
		}
	}
	r.t.diagnostics(r.t.out, list)
	errors, warnings := list.Count(diag.Error), list.Count(diag.Warning)
	r.t.say("%s, %s, %s", diag.Count(errors, "error"), diag.Count(warnings, "warning"), diag.Count(len(list)-errors-warnings, "note"))
	return nil
}
