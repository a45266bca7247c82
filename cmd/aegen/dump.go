package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler"
	"github.com/spf13/cobra"
)

func dumpCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "dump -stage STAGE SPEC",
		Short:             "Print what a stage of the compiler makes of a spec",
		Long:              "Dump prints one stage: ast, ir, grad (the training step as differentiated), fused (all graphs after the passes) or plan.",
		Example:           "  aegen dump -stage plan fashion.ae",
		Args:              arguments(1, 1, "one SPEC"),
		ValidArgsFunction: specFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			stage, _ := cmd.Flags().GetString("stage")
			if !slices.Contains(compiler.Stages, stage) {
				return usageError{fmt.Errorf("-stage %s: one of %s expected", stage, strings.Join(compiler.Stages, ", "))}
			}
			c, err := compileReduced(cmd, args[0])
			if err != nil {
				return err
			}
			text, err := c.Stage(stage)
			if err != nil {
				return err
			}
			fmt.Fprint(cmd.OutOrStdout(), text)
			return nil
		},
	}
	addSet(cmd)
	addFormat(cmd)
	cmd.Flags().String("stage", "plan", "ast, ir, grad, fused or plan")
	_ = cmd.RegisterFlagCompletionFunc("stage", cobra.FixedCompletions(compiler.Stages, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
