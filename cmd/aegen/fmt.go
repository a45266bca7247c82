package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/grammar"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"
)

func fmtCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "fmt SPEC…",
		Short:             "Format specs",
		Long:              "Fmt prints specs in their canonical form. - reads standard input.",
		Example:           "  aegen fmt -w specs/*.ae\n  aegen fmt -l specs/*.ae    # lists what differs; exit status 1 if any does",
		Args:              arguments(1, 1000, "SPEC…"),
		ValidArgsFunction: specFiles,
		RunE:              runFmt,
	}
	cmd.Flags().BoolP("write", "w", false, "write the result to the file")
	cmd.Flags().BoolP("list", "l", false, "list files whose form differs")
	cmd.Flags().BoolP("diff", "d", false, "print what would change")
	return cmd
}

func runFmt(cmd *cobra.Command, paths []string) error {
	write, _ := cmd.Flags().GetBool("write")
	list, _ := cmd.Flags().GetBool("list")
	difference, _ := cmd.Flags().GetBool("diff")
	if write && slices.Contains(paths, "-") {
		return usageError{errors.New("-w: standard input is no file to write to")}
	}
	broken, differs := false, false
	for _, path := range paths {
		file, err := readSpec(cmd, path)
		if err != nil {
			return err
		}
		text, diagnostics := grammar.Format(file)
		if len(diagnostics) > 0 {
			showDiagnostics(cmd, diagnostics)
			broken = true
			continue
		}
		changed := text != file.Text
		differs = differs || changed
		if list && changed {
			fmt.Fprintln(cmd.OutOrStdout(), path)
		}
		if difference && changed {
			fmt.Fprintf(cmd.OutOrStdout(), "%s", diff.Diff(path, []byte(file.Text), path+" (formatted)", []byte(text)))
		}
		if write && changed {
			if err := files.Write(path, []byte(text)); err != nil {
				return err
			}
		}
		if !write && !list && !difference {
			fmt.Fprint(cmd.OutOrStdout(), text)
		}
	}
	if broken || differs && (list || difference) && !write {
		return errReported
	}
	return nil
}
