package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/weights"
	"github.com/spf13/cobra"
)

// addFormat adds the flags that choose how a package holds weights.
func addFormat(cmd *cobra.Command) {
	cmd.Flags().String("weights", plan.Float32.String(), "format of the package's weights: f32, f16, bf16 or int8; all but f32 only infer")
	_ = cmd.RegisterFlagCompletionFunc("weights", cobra.FixedCompletions(plan.Formats, cobra.ShellCompDirectiveNoFileComp))
	addCalibration(cmd)
	cmd.Flags().String("trained", "", "with -calibration: the trained weights, as train writes them")
	cmd.Flags().StringSlice("columns", nil, "columns of a .csv file of -calibration, by name or number from 1")
	_ = cmd.MarkFlagFilename("trained", "safetensors")
}

// addCalibration adds the flag that names samples to take ranges from.
func addCalibration(cmd *cobra.Command) {
	cmd.Flags().String("calibration", "", "for int8: samples from which the ranges of layers are taken, at most 1000; else each sample has its own")
	_ = cmd.MarkFlagFilename("calibration", "npy", "csv", "gz", "idx")
}

// compileReduced compiles a spec for the flags of addFormat.
func compileReduced(cmd *cobra.Command, path string) (*compiler.Compilation, error) {
	name, _ := cmd.Flags().GetString("weights")
	calibration, _ := cmd.Flags().GetString("calibration")
	trained, _ := cmd.Flags().GetString("trained")
	format, err := plan.ParseFormat(name)
	switch {
	case err != nil:
		return nil, usageError{fmt.Errorf("-weights %s: %w", name, err)}
	case calibration != "" && format != plan.Int8:
		return nil, usageError{fmt.Errorf("-calibration %s: only int8 has ranges, -weights is %v", calibration, format)}
	case (calibration != "") != (trained != ""):
		return nil, usageError{errors.New("-calibration FILE and -trained FILE go together: ranges depend on the samples and on the weights")}
	}
	c, err := compile(cmd, path)
	if err != nil {
		return nil, err
	}
	return reduce(cmd, c, format, trained)
}

// reduce turns to weights in a format, with ranges if there is a file of samples for them.
func reduce(cmd *cobra.Command, c *compiler.Compilation, format plan.Format, trained string) (*compiler.Compilation, error) {
	if format == plan.Float32 {
		return c, nil
	}
	if err := c.Program.Reducible(); err != nil {
		return nil, usageError{fmt.Errorf("%v: %w", format, err)}
	}
	precision := plan.Precision{Format: format}
	if calibration, _ := cmd.Flags().GetString("calibration"); calibration != "" && format == plan.Int8 {
		var err error
		if precision.Ranges, err = ranges(cmd, c, trained); err != nil {
			return nil, err
		}
	}
	return c.Reduced(precision), nil
}

// ranges are those of the inputs of products over the samples of -calibration, with the weights of a file.
func ranges(cmd *cobra.Command, c *compiler.Compilation, trained string) (map[plan.Factor]float64, error) {
	samples, err := readData(cmd, "calibration", c.Program)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(trained)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", trained, err)
	}
	if err := file.Check(c.Program.Name, c.Program.Fingerprint); err != nil {
		return nil, fmt.Errorf("%s: %w", trained, err)
	}
	params, err := parameters(c.Program, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", trained, err)
	}
	return c.Ranges(params, samples.Data), nil
}

// parameters are the weights of a file as the compiler has them: [in, out].
func parameters(p *plan.Program, file weights.File) (map[string][]float64, error) {
	params := map[string][]float64{}
	for _, b := range p.Params {
		if b.Weight != "" {
			w, err := file.Tensor(b.Weight, b.Shape()...)
			if err != nil {
				return nil, err
			}
			t := make([]float64, len(w))
			for i, v := range w {
				t[b.OfFile(i)] = float64(v)
			}
			params[b.Weight] = t
		}
		if b.Bias != "" {
			v, err := file.Tensor(b.Bias, b.Out)
			if err != nil {
				return nil, err
			}
			for _, x := range v {
				params[b.Bias] = append(params[b.Bias], float64(x))
			}
		}
	}
	return params, nil
}
