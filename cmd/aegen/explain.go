package main

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/grammar/source"
	"github.com/spf13/cobra"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain [CODE]",
		Short:   "Explain the code of a diagnostic",
		Long:    "Explain says more about a diagnostic, with a wrong and a right example. Without a code it lists all codes.",
		Example: "  aegen explain AE0102",
		Args:    arguments(0, 1, "at most one CODE"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, code := range source.Codes() {
				codes = append(codes, string(code))
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, code := range source.Codes() {
					fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", code, source.Title(code))
				}
				return nil
			}
			code := source.Code(strings.ToUpper(args[0]))
			text, known := source.Explain(code)
			if !known {
				return fmt.Errorf("no code %s; `aegen explain` lists all", args[0])
			}
			fmt.Fprint(cmd.OutOrStdout(), text)
			return nil
		},
	}
}
