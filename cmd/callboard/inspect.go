package main

import (
	"encoding/json"
	"fmt"
	"io"

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
				return writeYAML(r.t.out, value)
			}
			return usagef("--format is %q; it is json or yaml", format)
		},
	}
	c.Flags().StringVar(&format, "format", "json", "json or yaml")
	return c
}

// writeYAML writes a value as YAML with the keys that it has as JSON, in the
// same order: an entity reads as its descriptor would.
func writeYAML(w io.Writer, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var doc yaml.Node // JSON is YAML
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	unquote(&doc)
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return err
	}
	return enc.Close()
}

// unquote gives nodes the style that the encoder likes best.
func unquote(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		unquote(c)
	}
}
