package main

import (
	"encoding/json"
	"fmt"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/spf13/cobra"
)

func checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "check SPEC…",
		Short:             "Report the mistakes of specs",
		Long:              "Check reports every mistake of specs with its place and a hint. - reads standard input.\nThe exit status is 1 if there is an error; warnings do not count.",
		Example:           "  aegen check fashion.ae\n  aegen check -json - < fashion.ae",
		Args:              arguments(1, 1000, "SPEC…"),
		ValidArgsFunction: specFiles,
		RunE:              runCheck,
	}
	addSet(cmd)
	cmd.Flags().Bool("json", false, "print diagnostics as JSON on standard output")
	return cmd
}

func runCheck(cmd *cobra.Command, paths []string) error {
	set, err := overrides(cmd)
	if err != nil {
		return err
	}
	var all []source.Diagnostic
	for _, path := range paths {
		file, err := readSpec(cmd, path)
		if err != nil {
			return err
		}
		all = append(all, compiler.Compile(file, compiler.Options{Set: set, Open: openSpec}).Diagnostics...)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		if err := printJSON(cmd, source.Records(all)); err != nil {
			return err
		}
	} else {
		showDiagnostics(cmd, all)
	}
	if source.HasErrors(all) {
		return errReported
	}
	return nil
}

// printJSON prints one indented JSON value.
func printJSON(cmd *cobra.Command, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
	return err
}
