package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/demo"
	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/cmd/aegen/internal/pca"
	"github.com/aegen/aegen/cmd/aegen/internal/picture"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/specs"
	"github.com/spf13/cobra"
)

func demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Compile, train and judge a model of handwritten digits",
		Long: `Demo compiles the spec digits.ae, trains it on four fifths of 1,797 handwritten digits (UCI optdigits, built in),
prints the error on the other fifth beside that of exact PCA with as many numbers a code,
and writes a picture of held-out digits above their reconstructions.`,
		Example: "  aegen demo\n  aegen demo -o /tmp/digits.png",
		Args:    arguments(0, 0, "no argument"),
		RunE:    runDemo,
	}
	cmd.Flags().StringP("out", "o", "aegen-demo.png", "file of the picture")
	return cmd
}

func runDemo(cmd *cobra.Command, _ []string) error {
	text, err := specs.Files.ReadFile("digits.ae")
	if err != nil {
		panic("internal error: " + err.Error())
	}
	path, _ := cmd.Flags().GetString("out")
	if err := files.Writable(path); err != nil {
		return fmt.Errorf("-o %w", err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "specs/digits.ae\n\n%s\n", text)
	c := compiler.Compile(&source.File{Name: "digits.ae", Text: string(text)}, compiler.Options{})
	if c.Program == nil {
		panic("internal error: digits.ae does not compile")
	}
	if err := describe(c.Program).print(cmd); err != nil {
		return err
	}
	fmt.Fprintln(out)
	dir, err := os.MkdirTemp("", "aegen-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	train, held := demo.Digits()
	t := &training{cmd: cmd, spec: "digits.ae", line: terminal.New(cmd.ErrOrStderr()), brief: true}
	weights := filepath.Join(dir, "digits.safetensors")
	if err := t.run(c, train, nil, job.Job{Kind: job.Train, Output: weights}); err != nil {
		return err
	}
	if err := judge(cmd, c, train, held, weights, dir); err != nil {
		return err
	}
	fmt.Fprint(out, `
next:
  aegen gen specs/digits.ae -o /tmp/digits     the Go package that was just trained
  aegen check my.ae                            a spec of your own; docs/language.md is the reference
  aegen train my.ae -data my.csv -val-split 0.1
`)
	return nil
}

// judge prints the held-out error of the model beside PCA's, and draws the picture.
func judge(cmd *cobra.Command, c *compiler.Compilation, train, held *dataset.Table, weights, dir string) error {
	m, err := runJob(cmd, c.Program, held, job.Job{Kind: job.Eval, Weights: weights})
	if err != nil {
		return err
	}
	output := filepath.Join(dir, "reconstructions")
	if _, err := runJob(cmd, c.Program, held, job.Job{Kind: job.Reconstruct, Weights: weights, Output: output}); err != nil {
		return err
	}
	reconstructions, err := readRaw(output, held.Width)
	if err != nil {
		return err
	}
	path, _ := cmd.Flags().GetString("out")
	const shown = 2 * 16
	err = atomicfile.Write(path, func(w io.Writer) error {
		n := shown * held.Width
		return picture.Pairs(w, held.Data[:n], reconstructions.Data[:n], 8, 16, 16)
	})
	if err != nil {
		return err
	}
	for _, t := range []*dataset.Table{train, held} {
		if err := scale(t, c.Program, ""); err != nil {
			return err
		}
	}
	code := c.Program.Code.Len()
	linear := pca.Fit(train.Data, train.Width, code).Errors(held.Data)
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nerror on %d held-out digits, code of %d numbers\tmse\tsse\n", held.Len(), code)
	fmt.Fprintf(w, "digits.ae\t%.5f\t%.4f\n", m.Scores.MSE, m.Scores.SSE)
	fmt.Fprintf(w, "exact PCA\t%.5f\t%.4f\n", linear.MSE, linear.SSE)
	fmt.Fprintf(w, "ratio\t%.2f\t%.2f\n", m.Scores.MSE/linear.MSE, m.Scores.SSE/linear.SSE)
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "\n%s shows originals above their reconstructions\n", path)
	return err
}
