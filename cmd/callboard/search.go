package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
)

func (r *root) searchCommand() *cobra.Command {
	var n int
	var format string
	c := &cobra.Command{
		Use: "search QUERY...", Short: "Search the portal from the command line",
		Long: "Search asks the index that the last build left in the state folder, with the same ranking as the site's search box.",
		RunE: func(c *cobra.Command, args []string) error {
			query := strings.Join(args, " ")
			if strings.TrimSpace(query) == "" {
				return usagef("search for what?\nfor example: callboard search payment runbook")
			}
			if format != "text" && format != "json" {
				return usagef("--format is %q; it is text or json", format)
			}
			opt, err := r.portal(&buildFlags{})
			if err != nil {
				return err
			}
			results, err := generator.Search(c.Context(), opt, query, n)
			if err != nil {
				return err
			}
			if format == "json" {
				return writeJSON(r.t.out, results)
			}
			if len(results) == 0 {
				r.t.say("nothing matches %q", query)
			}
			for _, x := range results {
				title := x.Title
				if x.Section != "" {
					title += ": " + x.Section
				}
				fmt.Fprintf(r.t.out, "%s (%s)\n  %s\n", printable(title), x.Kind, x.URL)
				if x.Snippet != "" {
					fmt.Fprintf(r.t.out, "  %s\n", printable(x.Snippet))
				}
			}
			return nil
		},
	}
	c.Flags().IntVarP(&n, "number", "n", 10, "how many results")
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}
