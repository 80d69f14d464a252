package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/callboard-portal/callboard/generator/diag"
)

// root is the command line as a whole.
type root struct {
	t          *terminal
	cmd        *cobra.Command
	configPath string
	stateDir   string
	logFormat  string
}

func newRoot(t *terminal) *root {
	r := &root{t: t}
	r.cmd = &cobra.Command{
		Use:   "callboard",
		Short: "The static developer portal",
		Long: `Callboard clones repositories, reads their catalog descriptors and docs, and
writes a themed, searchable static portal.

Try it:            callboard demo
Start your own:    callboard init my-portal && cd my-portal && callboard build

Exit codes:
` + exitCodeLines(),
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		Args:                       cobra.NoArgs,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			switch r.logFormat {
			case "text":
			case "json":
				t.json, t.color = true, false
			default:
				return usagef("--log-format is %q; it is text or json", r.logFormat)
			}
			return nil
		},
	}
	f := r.cmd.PersistentFlags()
	f.StringVarP(&r.configPath, "config", "c", "", "callboard.yaml to use (default: the one in this folder or above)")
	f.StringVar(&r.stateDir, "state", "", "folder for clones and caches (default: .callboard beside callboard.yaml)")
	f.BoolVarP(&t.quiet, "quiet", "q", false, "say only what went wrong")
	f.BoolVarP(&t.verbose, "verbose", "v", false, "say more")
	f.StringVar(&r.logFormat, "log-format", "text", "talk as text or json")
	r.cmd.SetFlagErrorFunc(flagError)
	r.cmd.SetOut(t.out)
	r.cmd.SetErr(t.err)
	r.cmd.SetHelpCommand(&cobra.Command{Use: "help [COMMAND]", Hidden: true, RunE: func(c *cobra.Command, args []string) error {
		found, _, err := r.cmd.Find(args)
		if err != nil || found == nil {
			return unknownVerb(r.cmd, strings.Join(args, " "))
		}
		return found.Help()
	}})
	r.cmd.AddCommand(
		r.buildCommand(), r.checkCommand(), r.demoCommand(), r.explainCommand(), r.initCommand(),
		r.inspectCommand(), r.listCommand(), r.searchCommand(), r.serveCommand(), r.syncCommand(), r.versionCommand(),
	)
	return r
}

func (r *root) run(ctx context.Context, args []string) error {
	r.cmd.SetArgs(args)
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		if found, _, err := r.cmd.Find(args); err != nil || found == r.cmd {
			if args[0] != "completion" && args[0] != "help" && !strings.HasPrefix(args[0], "__complete") {
				return unknownVerb(r.cmd, args[0])
			}
		}
	}
	return r.cmd.ExecuteContext(ctx)
}

// unknownVerb answers a mistyped command with the nearest one.
func unknownVerb(c *cobra.Command, verb string) error {
	var names []string
	for _, s := range c.Commands() {
		if !s.Hidden {
			names = append(names, s.Name())
		}
	}
	return unknown("command", verb, names, "run callboard --help for the list")
}

// flagError answers a mistyped flag with the nearest one.
func flagError(c *cobra.Command, err error) error {
	message := err.Error()
	_, name, found := strings.Cut(message, "unknown flag: --")
	if !found {
		return usagef("%s\nrun %s --help for its flags", message, c.CommandPath())
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	c.InheritedFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if n, ok := diag.Nearest(name, names); ok {
		return usagef("there is no flag --%s\ndid you mean --%s?", name, n)
	}
	return usagef("there is no flag --%s\nrun %s --help for its flags", name, c.CommandPath())
}

// unknown answers a word that is none of those known with the nearest, or
// with what else to say.
func unknown(noun, word string, known []string, otherwise string) error {
	if n, ok := diag.Nearest(word, known); ok {
		otherwise = fmt.Sprintf("did you mean %q?", n)
	}
	return usagef("there is no %s %q\n%s", noun, word, otherwise)
}

// oneOf requires the first argument to be one of the words known.
func oneOf(noun string, known []string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		list := fmt.Sprintf("the %ss are %s", noun, strings.Join(known, ", "))
		if len(args) == 0 {
			return usagef("%s what?\n%s", c.Name(), list)
		}
		if !slices.Contains(known, args[0]) {
			return unknown(noun, args[0], known, list)
		}
		return nil
	}
}

// maxArgs rejects extra arguments as usage errors.
func maxArgs(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return usagef("%s takes %s, and got %q as well\nrun %s --help", c.CommandPath(), diag.Count(n, "argument"), args[n], c.CommandPath())
		}
		return nil
	}
}

func writeJSONLine(w io.Writer, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		b = []byte(`{"level":"error","message":"message could not be encoded"}`)
	}
	fmt.Fprintln(w, string(b))
}

// writeJSON writes a result for machines, indented, without escaping HTML.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (r *root) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: maxArgs(0),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(r.t.out, "callboard", version)
			return err
		},
	}
}
