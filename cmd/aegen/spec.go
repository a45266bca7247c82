package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// addSet adds the flag that overrides `let`s.
func addSet(cmd *cobra.Command) {
	cmd.Flags().StringArray("set", nil, "override a `let` of the spec: name=value (may be repeated)")
}

// overrides reads the values of -set.
func overrides(cmd *cobra.Command) (map[string]string, error) {
	list, _ := cmd.Flags().GetStringArray("set")
	set := map[string]string{}
	for _, text := range list {
		name, value, found := strings.Cut(text, "=")
		if !found || name == "" {
			return nil, usageError{fmt.Errorf("-set %s: name=value expected", text)}
		}
		set[name] = value
	}
	return set, nil
}

// maxSpec bounds what is read of a spec; the parser refuses smaller files already.
const maxSpec = 4 << 20

// readSpec reads a spec, from standard input for "-".
func readSpec(cmd *cobra.Command, path string) (*source.File, error) {
	if path == "-" {
		text, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxSpec))
		return &source.File{Name: "stdin.ae", Text: string(text)}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSpec))
	if err != nil {
		return nil, err
	}
	return &source.File{Name: path, Text: string(text)}, nil
}

// openSpec reads a spec that another one names by its path from there.
func openSpec(name string, in *source.File) (*source.File, error) {
	path := filepath.FromSlash(name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(in.Name), path)
	}
	f, err := os.Open(path)
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSpec))
	return &source.File{Name: path, Text: string(text)}, err
}

// compile compiles the spec of a path, shows its diagnostics and fails if one is an error.
func compile(cmd *cobra.Command, path string) (*compiler.Compilation, error) {
	set, err := overrides(cmd)
	if err != nil {
		return nil, err
	}
	file, err := readSpec(cmd, path)
	if err != nil {
		return nil, err
	}
	c := compiler.Compile(file, compiler.Options{Set: set, Vectors: true, Open: openSpec})
	showDiagnostics(cmd, c.Diagnostics)
	if source.HasErrors(c.Diagnostics) {
		return nil, errReported
	}
	return c, nil
}

func showDiagnostics(cmd *cobra.Command, list []source.Diagnostic) {
	if len(list) > 0 {
		fmt.Fprint(cmd.ErrOrStderr(), source.Render(list, colored(cmd)))
	}
}

// colored reports whether messages have colours: as -color says, else on a terminal without NO_COLOR.
func colored(cmd *cobra.Command) bool {
	switch mode, _ := cmd.Flags().GetString("color"); mode {
	case "always":
		return true
	case "never":
		return false
	}
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return isTerminal(cmd.ErrOrStderr())
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
