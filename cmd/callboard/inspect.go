package main

import (
	"fmt"
	"slices"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

func (r *root) inspectCommand() *cobra.Command {
	var format string
	stages := generator.InspectStages()
	c := &cobra.Command{
		Use: "inspect STAGE [REF]", Short: "Print what a stage of the build made, as JSON or YAML", Args: maxArgs(2),
		Long:      "Inspect runs the build up to a stage without network and prints its value. The stages are " + fmt.Sprint(stages) + ".",
		ValidArgs: stages,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("inspect what?\nthe stages are %v", stages)
			}
			if !slices.Contains(stages, args[0]) {
				hint := fmt.Sprintf("the stages are %v", stages)
				if n, ok := diag.Nearest(args[0], stages); ok {
					hint = fmt.Sprintf("did you mean %q?", n)
				}
				return usagef("there is no stage %q\n%s", args[0], hint)
			}
			path, err := r.findConfig()
			if err != nil {
				return err
			}
			opt, err := r.options(&buildFlags{noSync: true}, path)
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
