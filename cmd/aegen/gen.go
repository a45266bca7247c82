package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/cmd/aegen/internal/gomod"
	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"
)

func genCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "gen SPEC…",
		Short: "Generate the Go package of each spec",
		Long: `Gen writes the Go package of each spec: model, kernels, trainer and tests.

The package of fashion.ae goes to the folder fashion beside it, or to the folder of -o. Files that have not changed are
not written; files of an earlier run that are no longer made are removed.

With -weights f16, bf16 or int8 the package holds weights in 16 or 8 bits. It loads the float32 weights that train writes,
rounds them, and only infers. With int8, products round their inputs too: by the largest of each sample, or with -calibration
in fixed ranges, which is faster and less exact. eval -precision says what a format costs in quality.`,
		Example: `  aegen gen fashion.ae
  aegen gen -o internal/fashion fashion.ae
  aegen gen -weights int8 -o fashion8 fashion.ae
  aegen gen -weights int8 -calibration train.npy -trained fashion.safetensors fashion.ae
  aegen gen -check fashion.ae        # writes nothing; exit status 1 if the package is stale
  //go:generate go tool aegen gen fashion.ae`,
		Args:              arguments(1, 1000, "SPEC…"),
		ValidArgsFunction: specFiles,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if out, _ := cmd.Flags().GetString("out"); out != "" && len(paths) > 1 {
				return usageError{fmt.Errorf("-o %s: one SPEC expected, %d found", out, len(paths))}
			}
			for _, path := range paths {
				if path == "-" {
					return usageError{errors.New("gen -: a file expected; the package is named like it")}
				}
				if err := generate(cmd, path); err != nil {
					return err
				}
			}
			return nil
		},
	}
	addSet(cmd)
	addFormat(cmd)
	cmd.Flags().StringP("out", "o", "", "folder of the package (default: named like the spec, beside it)")
	cmd.Flags().String("pkg", "", "name of the package (default: that of the folder's package, else the spec's)")
	cmd.Flags().Bool("check", false, "write nothing; fail and show a diff if the package is stale")
	cmd.Flags().Bool("vendor", false, "write the runtime beside the package, so that it needs no other module")
	return cmd
}

// generate writes or checks the package of one spec.
func generate(cmd *cobra.Command, spec string) error {
	c, err := compileReduced(cmd, spec)
	if err != nil {
		return err
	}
	dir, name := packageNames(cmd, spec)
	want, err := packageFiles(cmd, c.Program, dir, name)
	if err != nil {
		return err
	}
	stale := gomod.Orphans(dir, c.Program.File, want)
	if check, _ := cmd.Flags().GetBool("check"); check {
		return checkPackage(cmd, spec, dir, want, stale)
	}
	return writePackage(want, stale)
}

// packageNames chooses the folder and the name of a spec's package.
func packageNames(cmd *cobra.Command, spec string) (dir, name string) {
	own := gomod.Identifier(strings.TrimSuffix(filepath.Base(spec), ".ae"))
	if dir, _ = cmd.Flags().GetString("out"); dir == "" {
		dir = filepath.Join(filepath.Dir(spec), own)
	}
	if name, _ = cmd.Flags().GetString("pkg"); name == "" {
		name = gomod.PackageIn(dir)
	}
	if name == "" {
		name = own
	}
	return dir, name
}

// packageFiles are the files of a package by their paths, with the runtime if it is asked for.
func packageFiles(cmd *cobra.Command, p *plan.Program, dir, name string) (map[string][]byte, error) {
	opt := codegen.Options{Package: name}
	want := map[string][]byte{}
	if vendor, _ := cmd.Flags().GetBool("vendor"); vendor {
		path, err := gomod.ImportPath(dir)
		if err != nil {
			return nil, fmt.Errorf("-vendor: %w", err)
		}
		opt.RuntimePath = path + "/internal/aegen"
		want = gomod.Vendor(dir, opt.RuntimePath)
	}
	list, err := codegen.Package(p, opt)
	if err != nil {
		return nil, usageError{fmt.Errorf("-pkg: %w", err)}
	}
	for _, f := range list {
		want[filepath.Join(dir, f.Name)] = f.Data
	}
	return want, nil
}

func writePackage(want map[string][]byte, stale []string) error {
	for _, path := range sorted(want) {
		if err := files.Update(path, want[path]); err != nil {
			return err
		}
	}
	for _, path := range stale {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// checkPackage shows how the folder differs from what gen would write.
func checkPackage(cmd *cobra.Command, spec, dir string, want map[string][]byte, stale []string) error {
	const shown = 20
	differs := len(stale) > 0
	for _, path := range stale {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s is not generated any more\n", path)
	}
	for _, path := range sorted(want) {
		old, err := os.ReadFile(path)
		if err == nil && bytes.Equal(old, want[path]) {
			continue
		}
		differs = true
		if err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s is missing\n", path)
			continue
		}
		lines := strings.SplitAfter(string(diff.Diff(path, old, path+" (generated)", want[path])), "\n")
		if len(lines) > shown {
			lines = append(lines[:shown], "…\n")
		}
		fmt.Fprint(cmd.ErrOrStderr(), strings.Join(lines, ""))
	}
	if differs {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s is stale; to update it: %s\n", dir, commandLine(cmd, spec, "check"))
		return errReported
	}
	return nil
}
