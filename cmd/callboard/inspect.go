package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator"
)

func (r *root) inspectCommand() *cobra.Command {
	var format string
	stages := generator.InspectStages()
	c := &cobra.Command{
		Use: "inspect STAGE [REF]", Short: "Print what a stage of the build made, as JSON or YAML", Args: cobra.MatchAll(maxArgs(2), oneOf("stage", stages)),
		Long:      "Inspect runs the build up to a stage without network and prints its value. The stages are " + fmt.Sprint(stages) + ".",
		ValidArgs: stages,
		RunE: func(c *cobra.Command, args []string) error {
			opt, err := r.portal(&buildFlags{noSync: true})
			if err != nil {
				return err
			}
			ref := ""
			if len(args) > 1 {
				ref = args[1]
			}
			value, err := generator.Inspect(c.Context(), opt, args[0], ref)
			if err != nil {
				return r.explainFailure(err)
			}
			switch format {
			case "json":
				return writeJSON(r.t.out, value)
			case "yaml":
				return yaml.NewEncoder(r.t.out).Encode(value)
			}
			return usagef("--format is %q; it is json or yaml", format)
		},
	}
	c.Flags().StringVar(&format, "format", "json", "json or yaml")
	return c
}
