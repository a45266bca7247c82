package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

// addPrecision adds the flags that compare formats of weights.
func addPrecision(cmd *cobra.Command) {
	cmd.Flags().StringSlice("precision", nil, "also judge packages whose weights are f16, bf16 or int8 (several with commas)")
	_ = cmd.RegisterFlagCompletionFunc("precision", cobra.FixedCompletions(plan.Formats[plan.Half:], cobra.ShellCompDirectiveNoFileComp))
	addCalibration(cmd)
}

// precisionFlag reads the formats of -precision.
func precisionFlag(cmd *cobra.Command) ([]plan.Format, error) {
	names, _ := cmd.Flags().GetStringSlice("precision")
	var formats []plan.Format
	integers := false
	for _, name := range names {
		f, err := plan.ParseFormat(name)
		if err != nil {
			return nil, usageError{fmt.Errorf("-precision %s: %w", name, err)}
		}
		integers = integers || f == plan.Int8
		if f != plan.Float32 { // it is judged in any case
			formats = append(formats, f)
		}
	}
	if calibration, _ := cmd.Flags().GetString("calibration"); calibration != "" && !integers {
		return nil, usageError{errors.New("-calibration needs -precision int8: only int8 has ranges")}
	}
	return formats, nil
}

// A precision is how a package with weights of a format does.
type precision struct {
	Format      string   `json:"format"`
	WeightBytes int      `json:"weight_bytes"`
	Loss        float64  `json:"loss"`
	MSE         *float64 `json:"mse,omitempty"` // nil of records
	SSE         *float64 `json:"sse,omitempty"`
	NLL         float64  `json:"nll"`
	Accuracy    *float64 `json:"accuracy,omitempty"`
	// Of the reconstructions against those of float32 weights, in parts of the root mean square of these.
	RMS     float64 `json:"rms"`
	Largest float64 `json:"largest"`
}

// comparePrecisions judges the samples with weights of each format. Float32 stands first; its scores are known.
func comparePrecisions(cmd *cobra.Command, c *compiler.Compilation, data *dataset.Table, known job.Scores, formats []plan.Format) ([]precision, error) {
	weights, _ := cmd.Flags().GetString("weights")
	threads, _ := cmd.Flags().GetInt("threads")
	want, err := reconstructed(cmd, c.Program, data, weights)
	if err != nil {
		return nil, err
	}
	list := []precision{judged(c.Program, known)}
	for _, format := range formats {
		reduced, err := reduce(cmd, c, format, weights)
		if err != nil {
			return nil, err
		}
		m, err := runJob(cmd, reduced.Program, data, job.Job{Kind: job.Eval, Weights: weights, Threads: threads})
		if err != nil {
			return nil, err
		}
		got, err := reconstructed(cmd, reduced.Program, data, weights)
		if err != nil {
			return nil, err
		}
		p := judged(reduced.Program, *m.Scores)
		p.RMS, p.Largest = differences(got.Data, want.Data)
		list = append(list, p)
	}
	return list, nil
}

func judged(p *plan.Program, s job.Scores) precision {
	all := newScores(p, s)
	return precision{Format: p.Precision.Format.String(), WeightBytes: p.WeightBytes(), Loss: s.Loss, MSE: all.MSE, SSE: all.SSE, NLL: s.NLL, Accuracy: s.Accuracy}
}

// reconstructed are the reconstructions of samples, in the units that the network sees.
func reconstructed(cmd *cobra.Command, p *plan.Program, data *dataset.Table, weights string) (*dataset.Table, error) {
	threads, _ := cmd.Flags().GetInt("threads")
	dir, err := os.MkdirTemp("", "aegen-out-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	m, err := runJob(cmd, p, data, job.Job{Kind: job.Reconstruct, Weights: weights, Threads: threads, Output: filepath.Join(dir, "out")})
	if err != nil {
		return nil, err
	}
	t, err := readRaw(m.Written.Path, m.Written.Width)
	if err == nil && p.Goal == nil {
		err = scale(t, p, weights)
	}
	return t, err
}

// differences are the root mean square and the largest of the differences, in parts of the root mean square of want.
func differences(got, want []float32) (rms, largest float64) {
	sum, size := 0.0, 0.0
	for i, v := range want {
		d := math.Abs(float64(got[i]) - float64(v))
		sum += d * d
		size += float64(v) * float64(v)
		largest = max(largest, d)
	}
	if size == 0 {
		return 0, 0
	}
	return math.Sqrt(sum / size), largest / math.Sqrt(size/float64(len(want)))
}

// printPrecisions prints a line a format.
func printPrecisions(out io.Writer, samples int, list []precision) error {
	fmt.Fprintf(out, "samples  %d\n\n", samples)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	accuracy, squares := "", ""
	if list[0].Accuracy != nil {
		accuracy = "accuracy\t"
	}
	if list[0].MSE != nil {
		squares = "mse\tsse\t"
	}
	fmt.Fprintf(w, "weights\tbytes\tloss\t%snll\t%srms\tlargest\n", squares, accuracy)
	for i, p := range list {
		errors := fmt.Sprintf("%.3g %%\t%.3g %%", 100*p.RMS, 100*p.Largest)
		if i == 0 {
			errors = "\t"
		}
		if p.Accuracy != nil {
			errors = fmt.Sprintf("%.4g %%\t%s", 100**p.Accuracy, errors)
		}
		if p.MSE != nil {
			squares = fmt.Sprintf("%.6g\t%.6g\t", *p.MSE, *p.SSE)
		}
		fmt.Fprintf(w, "%s\t%d\t%.6g\t%s%.6g\t%s\n", p.Format, p.WeightBytes, p.Loss, squares, p.NLL, errors)
	}
	return w.Flush()
}
