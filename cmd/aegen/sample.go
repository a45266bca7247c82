package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/cmd/aegen/internal/picture"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

func sampleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sample SPEC -weights FILE", Short: "Draw samples of a model whose code is sampled",
		Long: `Sample draws codes from the prior, of a quantised code uniformly, and writes what they are decoded to, in the units of the data: a row a sample, as .npy or .csv, or images
as a picture, .png. Without -o they go to standard output as CSV. The same seed gives the same samples.

What is written are means. With -noise, values are drawn from the likelihood around them.`,
		Example: "  aegen sample vae.ae -weights vae.safetensors -n 64 -o samples.png",
		Args:    arguments(1, 1, "one SPEC"), ValidArgsFunction: specFiles, RunE: runSample,
	}
	addSet(cmd)
	cmd.Flags().String("weights", "", "trained weights, as train writes them")
	cmd.Flags().IntP("n", "n", 16, "number of samples")
	cmd.Flags().Uint32("seed", 1, "start of the random numbers")
	cmd.Flags().Bool("noise", false, "draw values from the likelihood too")
	cmd.Flags().Int("threads", 0, "number of threads (default: one a core)")
	cmd.Flags().StringP("out", "o", "", "file to write: .npy, .csv or .png")
	_ = cmd.MarkFlagFilename("weights", "safetensors")
	return cmd
}

func runSample(cmd *cobra.Command, args []string) error {
	j := job.Job{Kind: job.Sample}
	j.Samples, _ = cmd.Flags().GetInt("n")
	j.Threads, _ = cmd.Flags().GetInt("threads")
	j.Noise, _ = cmd.Flags().GetBool("noise")
	seed, _ := cmd.Flags().GetUint32("seed")
	j.Seed = uint64(seed)
	j.Weights, _ = cmd.Flags().GetString("weights")
	out, _ := cmd.Flags().GetString("out")
	image := strings.EqualFold(filepath.Ext(out), ".png")
	switch {
	case j.Weights == "":
		return usageError{errors.New("-weights FILE is missing")}
	case j.Samples < 1:
		return usageError{errors.New("-n must be above 0")}
	case j.Threads < 0:
		return usageError{errors.New("-threads must not be negative")}
	case image:
		if err := files.Writable(out); err != nil {
			return fmt.Errorf("-o %w", err)
		}
	case out != "":
		if err := dataset.Writable(out); err != nil {
			return fmt.Errorf("-o %w", err)
		}
	}
	c, err := compile(cmd, args[0])
	if err != nil {
		return err
	}
	p := c.Program
	if !p.Decodes() {
		return fmt.Errorf("%s: the decoder reads values of the encoder beside the code, so codes without a sample are not decoded: there is nothing to draw", p.File)
	}
	if q := p.Quantized(); q != nil && p.Goal == nil {
		if j.Noise {
			return errors.New("-noise: of a quantised code, only means are drawn")
		}
	} else if !p.Sampled() {
		return fmt.Errorf("%s: the code is a function of the input, so there is no distribution to draw samples from: `bottleneck %s = gaussian(20)` has one", p.File, p.Code.Name)
	}
	if j.Noise && p.Goal != nil {
		return fmt.Errorf("-noise: %s is a target, whose values are not drawn", p.Goal.Name)
	}
	if j.Noise && p.Record != nil {
		return fmt.Errorf("-noise: %s is a record, whose fields are not drawn", p.Input.Name)
	}
	if image && !pictured(p) {
		return fmt.Errorf("-o %s: %s has no image of one channel as its input", out, p.File)
	}
	table, err := drawSamples(cmd, p, j)
	if err != nil {
		return err
	}
	switch {
	case image:
		return writePicture(out, table, p)
	case out != "":
		return table.WriteFile(out)
	}
	return table.WriteCSV(cmd.OutOrStdout())
}

// pictured reports whether samples are images of grey values.
func pictured(p *plan.Program) bool {
	dims := p.Output.Dims
	return len(dims) == 2 || len(dims) == 3 && dims[2] == 1
}

// drawSamples runs the job.
func drawSamples(cmd *cobra.Command, p *plan.Program, j job.Job) (*dataset.Table, error) {
	line := terminal.New(cmd.ErrOrStderr())
	defer line.Clear()
	line.Status("building the model")
	program, remove, err := scratch.Build(p)
	if err != nil {
		return nil, err
	}
	defer remove()
	dir, err := os.MkdirTemp("", "aegen-out-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	j.Output = filepath.Join(dir, "out")
	if j.Weights, err = filepath.Abs(j.Weights); err != nil {
		return nil, err
	}
	var last job.Message
	if err := scratch.Run(program, j, func(m job.Message) { last = m }); err != nil {
		return nil, err
	}
	table, err := readRaw(last.Written.Path, last.Written.Width)
	if err == nil && p.Goal == nil {
		table.Record = fields(p)
	}
	return table, err
}

// writePicture writes samples as a grid that is about as high as wide.
func writePicture(path string, t *dataset.Table, p *plan.Program) error {
	low, high := 0.0, 1.0
	if p.Low != p.High && p.Goal == nil {
		low, high = p.Low, p.High
	}
	columns := int(math.Ceil(math.Sqrt(float64(t.Len()))))
	return atomicfile.Write(path, func(w io.Writer) error {
		return picture.Grid(w, t.Data, p.Output.Dims[0], p.Output.Dims[1], columns, float32(low), float32(high))
	})
}
