package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// colors are the values of -color.
var colors = []string{"auto", "always", "never"}

// addColor adds the flag that all commands have.
func addColor(root *cobra.Command) {
	root.PersistentFlags().String("color", "auto", "colour in messages: auto, always or never")
	_ = root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(colors, cobra.ShellCompDirectiveNoFileComp))
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if mode, _ := cmd.Flags().GetString("color"); !slices.Contains(colors, mode) {
			return misuse{fmt.Errorf("-color %s: auto, always or never expected", mode), cmd.CommandPath()}
		}
		return nil
	}
}

// normalize gives long flags that are written with one dash their second one.
func normalize(root *cobra.Command, args []string) []string {
	known := map[string]bool{"help": true}
	noteFlags(root, known)
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = arg
		if arg == "--" {
			copy(out[i:], args[i:])
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && len(name) > 1 && known[name] {
			out[i] = "-" + arg
		}
	}
	return out
}

// noteFlags collects the names of the flags of a command and of those below it.
func noteFlags(cmd *cobra.Command, known map[string]bool) {
	note := func(f *pflag.Flag) { known[f.Name] = true }
	cmd.Flags().VisitAll(note)
	cmd.PersistentFlags().VisitAll(note)
	for _, sub := range cmd.Commands() {
		noteFlags(sub, known)
	}
}

// oneDash writes flags as help shows them.
func oneDash(usage string) string { return strings.ReplaceAll(usage, "--", "-") }

// flagError says what is wrong with a flag, in the form in which flags are written here.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		err = fmt.Errorf("unknown flag: -%s", unknown.GetSpecifiedShortnames())
	case errors.As(err, &unknown):
		err = fmt.Errorf("unknown flag: -%s", unknown.GetSpecifiedName())
	case errors.As(err, &invalid):
		err = fmt.Errorf("-%s %s: %s expected", invalid.GetFlag().Name, invalid.GetValue(), kinds[invalid.GetFlag().Value.Type()])
	case errors.As(err, &missing):
		err = fmt.Errorf("-%s: a value expected", missing.GetSpecifiedName())
	}
	return misuse{err, cmd.CommandPath()}
}

// kinds name the types of flags that not every value fits.
var kinds = map[string]string{
	"bool": "true or false", "int": "a whole number", "float64": "a number", "stringSlice": "names separated by commas",
	"intSlice": "whole numbers separated by commas",
}
