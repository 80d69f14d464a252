package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/scaffold"
)

func (r *root) initCommand() *cobra.Command {
	var with []string
	c := &cobra.Command{
		Use: "init [DIR]", Short: "Write a portal folder to start from", Args: maxArgs(1),
		Long: `Init writes callboard.yaml, brand.yaml and a first page into a folder, and what
runs the portal on merge and on a schedule where you ask for it. It never
replaces a file that is there.`,
		Example: "  callboard init my-portal\n  callboard init --with github",
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			written, kept, err := scaffold.Write(dir, with)
			if err != nil {
				return usagef("%v", err)
			}
			for _, f := range written {
				fmt.Fprintln(r.t.out, f)
			}
			for _, f := range kept {
				r.t.say("kept %s, which was there", f)
			}
			r.t.say("wrote %s in %s; next: name a repository under sources in callboard.yaml, then run callboard build", diag.Count(len(written), "file"), dir)
			return nil
		},
	}
	c.Flags().StringSliceVar(&with, "with", nil, "also write what runs it: "+fmt.Sprint(scaffold.Runners()))
	return c
}
