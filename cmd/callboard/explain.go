package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
)

func (r *root) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain CODE", Short: "Say what a diagnostic code means and how to mend it",
		Args: maxArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleCodes(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, rule := range generator.Rules() {
					fmt.Fprintf(r.t.out, "%-28s %-8s %s\n", rule.Code, rule.Severity, rule.Summary)
				}
				return nil
			}
			for _, rule := range generator.Rules() {
				if rule.Code == args[0] {
					_, err := fmt.Fprintf(r.t.out, "%s (%s): %s\n\n%s\n", rule.Code, rule.Severity, rule.Summary, strings.TrimSpace(rule.Explain))
					return err
				}
			}
			return unknown("code", args[0], ruleCodes(), "callboard explain lists them all")
		},
	}
}

func ruleCodes() []string {
	var codes []string
	for _, rule := range generator.Rules() {
		codes = append(codes, rule.Code)
	}
	return codes
}
