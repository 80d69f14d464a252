package main

import (
	"fmt"
	"slices"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/spf13/cobra"
)

func (r *root) listCommand() *cobra.Command {
	topics := generator.ListTopics()
	return &cobra.Command{
		Use: "list TOPIC", Short: "List what this binary contains", Args: maxArgs(1),
		Long:      "List prints what this binary contains. The topics are " + fmt.Sprint(topics) + "; schema prints the JSON Schema of callboard.yaml for editors.",
		ValidArgs: topics,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("list what?\nthe topics are %v", topics)
			}
			if !slices.Contains(topics, args[0]) {
				hint := fmt.Sprintf("the topics are %v", topics)
				if n, ok := diag.Nearest(args[0], topics); ok {
					hint = fmt.Sprintf("did you mean %q?", n)
				}
				return usagef("there is no topic %q\n%s", args[0], hint)
			}
			return generator.List(r.t.out, args[0])
		},
	}
}
