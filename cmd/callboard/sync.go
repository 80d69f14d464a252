package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
)

func (r *root) syncCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sync", Short: "Bring the clones up to date and nothing else", Args: maxArgs(0),
		RunE: func(c *cobra.Command, _ []string) error {
			opt, err := r.portal(&buildFlags{})
			if err != nil {
				return err
			}
			portal, err := generator.Load(c.Context(), opt, "sync")
			if err != nil {
				return r.explainFailure(err)
			}
			for _, s := range portal.Checkouts {
				fmt.Fprintf(r.t.out, "%s\t%s\t%s\t%s\n", printable(s.Name), s.State, s.Ref, s.Commit)
			}
			r.showFindings(portal.Findings)
			return nil
		},
	}
}
