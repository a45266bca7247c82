package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/spf13/cobra"
)

// modes are the values of -mode.
var modes = []string{"infer", "train"}

func benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench SPEC",
		Short: "Time a model on this machine",
		Long: `Bench compiles a spec and times the reconstruction of batches (infer) and training steps (train). It prints the median and
the least time of a call, and holds them against what the machine does at most, measured in the same run.

First the model is checked: what its assembly functions compute must be what its kernels in Go compute, to rounding. With
-reference it must also give the outputs and training losses that another system has exported with its weights; the files are
DIR/NAME.weights, .x, .y and .losses, NAME being the model's in lower case. A model that differs is not timed.

A single sample is computed on one thread, whatever -threads says. Training is timed with the spec's batch, or with those
values of -batch that are above 1 and not above the spec's.`,
		Example: `  aegen bench fashion.ae
  aegen bench fashion.ae -weights fashion.safetensors -batch 1,32 -threads 2 -mode infer
  aegen bench fashion.ae -weights fashion.safetensors -precision int8
  aegen bench fashion.ae -json -seconds 2`,
		Args:              arguments(1, 1, "one SPEC"),
		ValidArgsFunction: specFiles,
		RunE:              runBench,
	}
	addSet(cmd)
	f := cmd.Flags()
	f.String("weights", "", "trained weights (default: those that training starts from)")
	f.String("reference", "", "folder of models that another system has exported")
	f.IntSlice("batch", nil, "samples of a call (default: 1 and the spec's batch)")
	f.IntSlice("threads", nil, "numbers of threads (default: 1 and one a core)")
	f.Float64("seconds", 0.5, "time of one measurement")
	f.String("precision", plan.Float32.String(), "format of the weights: f32, f16, bf16 or int8; all but f32 only infer")
	f.StringSlice("mode", modes, "what to time: infer, train or both")
	f.Bool("json", false, "print each measurement as a line of JSON")
	_ = cmd.MarkFlagFilename("weights", "safetensors")
	_ = cmd.MarkFlagDirname("reference")
	_ = cmd.RegisterFlagCompletionFunc("precision", cobra.FixedCompletions(plan.Formats, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("mode", cobra.FixedCompletions(modes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// benchFlags are the flags of bench as they are given.
type benchFlags struct {
	weights, reference string
	batches, threads   []int
	seconds            float64
	modes              []string
	format             plan.Format
}

// readBenchFlags reads and checks the flags that need no spec.
func readBenchFlags(cmd *cobra.Command) (b benchFlags, err error) {
	f := cmd.Flags()
	b.weights, _ = f.GetString("weights")
	b.reference, _ = f.GetString("reference")
	b.batches, _ = f.GetIntSlice("batch")
	b.threads, _ = f.GetIntSlice("threads")
	b.seconds, _ = f.GetFloat64("seconds")
	b.modes, _ = f.GetStringSlice("mode")
	if err := b.readPrecision(cmd); err != nil {
		return b, err
	}
	if len(b.threads) == 0 {
		b.threads = slices.Compact([]int{1, runtime.GOMAXPROCS(0)})
	}
	switch {
	case b.weights != "" && b.reference != "":
		err = errors.New("-weights and -reference exclude each other")
	case !(b.seconds > 0 && b.seconds <= 3600): // NaN too
		err = fmt.Errorf("-seconds %g: a time above 0 and at most 3600 expected", b.seconds)
	case len(b.modes) == 0:
		err = errors.New("-mode: infer or train expected")
	}
	for _, mode := range b.modes {
		if !slices.Contains(modes, mode) {
			err = fmt.Errorf("-mode %s: infer or train expected", mode)
		}
	}
	err = errors.Join(err, within("batch", b.batches, 1<<16), within("threads", b.threads, 1<<10))
	if err != nil {
		return b, usageError{err}
	}
	return b, nil
}

// readPrecision reads the format of weights. One that only infers leaves nothing to train, and has no weights of its own.
func (b *benchFlags) readPrecision(cmd *cobra.Command) (err error) {
	name, _ := cmd.Flags().GetString("precision")
	if b.format, err = plan.ParseFormat(name); err != nil {
		return usageError{fmt.Errorf("-precision %s: %w", name, err)}
	}
	if b.format == plan.Float32 {
		return nil
	}
	if b.weights == "" && b.reference == "" {
		return usageError{fmt.Errorf("-precision %s rounds trained weights: -weights FILE or -reference DIR expected", name)}
	}
	if cmd.Flags().Changed("mode") && slices.Contains(b.modes, "train") {
		return usageError{fmt.Errorf("-mode train: a model with weights in %s only infers", name)}
	}
	b.modes = []string{"infer"}
	return nil
}

// within holds the values of a flag between 1 and the most.
func within(flag string, values []int, most int) error {
	for _, v := range values {
		if v < 1 || v > most {
			return fmt.Errorf("-%s %d: 1 to %d expected", flag, v, most)
		}
	}
	return nil
}

// calls are the batches to reconstruct and those to train on.
func (b benchFlags) calls(p *plan.Program) (infer, steps []int, err error) {
	batch := p.Train.Config.Batch
	infer, steps = slices.Compact([]int{1, batch}), []int{batch}
	if len(b.batches) > 0 {
		infer = b.batches
		steps = slices.DeleteFunc(slices.Clone(infer), func(n int) bool { return n == 1 || n > batch })
	}
	if !slices.Contains(b.modes, "train") {
		steps = nil
	}
	if !slices.Contains(b.modes, "infer") {
		infer = nil
	}
	if len(infer)+len(steps) == 0 {
		err = usageError{fmt.Errorf("-mode train takes a -batch from 2 to %d, the batch of %s", batch, p.File)}
	}
	return infer, steps, err
}
