package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
)

func (r *root) listCommand() *cobra.Command {
	topics := generator.ListTopics()
	return &cobra.Command{
		Use: "list TOPIC", Short: "List what this binary contains", Args: cobra.MatchAll(maxArgs(1), oneOf("topic", topics)),
		Long:      "List prints what this binary contains. The topics are " + fmt.Sprint(topics) + "; schema prints the JSON Schema of callboard.yaml for editors.",
		ValidArgs: topics,
		RunE: func(c *cobra.Command, args []string) error {
			return generator.List(r.t.out, args[0])
		},
	}
}
