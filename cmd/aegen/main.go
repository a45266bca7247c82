// Command aegen compiles descriptions of autoencoders into Go packages, trains them and uses them.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	ok       = 0
	failed   = 1 // the spec has errors, the data does not fit, an output is stale
	misused  = 2 // the command line is wrong
	internal = 3 // a defect of aegen
)

// A usageError is a mistake on the command line.
type usageError struct{ error }

// A misuse is a usageError of which the command's help says more.
type misuse struct {
	error
	command string
}

// errReported ends a command whose failure has been shown already.
var errReported = errors.New("reported")

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit status.
func run(args []string, in io.Reader, out, errs io.Writer) (status int) {
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(errs, "aegen: internal error: %s\n\nThis is a defect of aegen. Please report it with the spec and the command line.\n\n%s",
				strings.TrimPrefix(fmt.Sprint(v), "internal error: "), debug.Stack())
			status = internal
		}
	}()
	root := newRoot()
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	root.SetArgs(normalize(root, args))
	err := root.Execute()
	var usage usageError
	var wrong misuse
	switch {
	case err == nil:
		return ok
	case errors.Is(err, errReported):
		return failed
	case errors.As(err, &wrong):
		fmt.Fprintf(errs, "aegen: %v\nRun `%s -help`.\n", err, wrong.command)
		return misused
	case errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintf(errs, "aegen: %v\n", err)
		return misused
	}
	fmt.Fprintf(errs, "aegen: %v\n", err)
	return failed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "aegen",
		Short: "Compile autoencoders into Go packages",
		Long: `aegen compiles a description of an autoencoder into a Go package: types, kernels,
trainer and tests of that one model. It also trains, judges and runs models.`,
		Example:       "  aegen demo\n  aegen check fashion.ae\n  aegen train fashion.ae -data train.npy -val-split 0.1\n  aegen gen fashion.ae",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q%s", args[0], suggestion(cmd, args[0]))}
			}
			return cmd.Help()
		},
	}
	addColor(root)
	root.SetFlagErrorFunc(flagError)
	cobra.AddTemplateFunc("oneDash", oneDash)
	root.SetUsageTemplate(strings.NewReplacer(
		".LocalFlags.FlagUsages", "oneDash .LocalFlags.FlagUsages", ".InheritedFlags.FlagUsages", "oneDash .InheritedFlags.FlagUsages",
		"--help", "-help").Replace(root.UsageTemplate()))
	root.AddCommand(checkCommand(), fmtCommand(), genCommand(), describeCommand(), dumpCommand(), explainCommand(),
		trainCommand(), evalCommand(), encodeCommand(), reconstructCommand(), scoreCommand(), sampleCommand(), calibrateCommand(), benchCommand(), demoCommand(), versionCommand())
	addBuiltIn(root)
	return root
}

// suggestion is the nearest command, as cobra finds it.
func suggestion(cmd *cobra.Command, word string) string {
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		return fmt.Sprintf("; did you mean `aegen %s`?", near[0])
	}
	return "; `aegen -help` lists them"
}

// arguments demands a number of arguments, at least min and at most max, and names what is wanted.
func arguments(min, max int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < min || len(args) > max {
			return misuse{fmt.Errorf("%s: %s expected, %d arguments found", cmd.CommandPath(), what, len(args)), cmd.CommandPath()}
		}
		return nil
	}
}

// specFiles completes names of specs.
func specFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"ae"}, cobra.ShellCompDirectiveFilterFileExt
}
