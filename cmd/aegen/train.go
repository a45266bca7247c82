package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

func trainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train SPEC -data FILE",
		Short: "Train a model",
		Long: `Train compiles a spec, trains it on the samples of a file and writes the weights.

A run with -checkpoint that is broken off, by ^C or a power cut, goes on with -resume and ends with the same bits as an
undisturbed one. The same seed gives the same weights for any number of threads.`,
		Example: `  aegen train fashion.ae -data train-images-idx3-ubyte.gz -val-split 0.1 -o fashion.safetensors
  aegen train pump.ae -data pump.csv -columns flow,heat,noise -set latent=4 -epochs 50
  aegen train fashion.ae -data train.npy -checkpoint run.ckpt -resume`,
		Args:              arguments(1, 1, "one SPEC"),
		ValidArgsFunction: specFiles,
		RunE:              runTrain,
	}
	addSet(cmd)
	addData(cmd)
	f := cmd.Flags()
	f.String("val", "", "samples for validation")
	f.Float64("val-split", 0, "share of the samples to keep for validation, between 0 and 1")
	f.StringP("out", "o", "", "file of the weights (default: named like the spec)")
	f.Int("epochs", 0, "train for so many epochs instead of the spec's")
	f.Int("threads", 0, "number of threads (default: one a core)")
	f.String("checkpoint", "", "file to keep the state of the run in")
	f.Bool("resume", false, "go on from the checkpoint, if there is one")
	f.Bool("json", false, "print events as JSON lines on standard output")
	f.Bool("quiet", false, "show no progress")
	return cmd
}

func runTrain(cmd *cobra.Command, args []string) error {
	f := cmd.Flags()
	share, _ := f.GetFloat64("val-split")
	val, _ := f.GetString("val")
	checkpoint, _ := f.GetString("checkpoint")
	resume, _ := f.GetBool("resume")
	epochs, _ := f.GetInt("epochs")
	threads, _ := f.GetInt("threads")
	out, _ := f.GetString("out")
	switch {
	case share != 0 && val != "":
		return usageError{errors.New("-val and -val-split exclude each other")}
	case share < 0 || share >= 1:
		return usageError{fmt.Errorf("-val-split %g: a share between 0 and 1 expected", share)}
	case resume && checkpoint == "":
		return usageError{errors.New("-resume needs -checkpoint FILE")}
	case epochs < 0 || threads < 0:
		return usageError{errors.New("-epochs and -threads must not be negative")}
	case out == "":
		out = weightsName(args[0])
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return fmt.Errorf("-o %s: there is no folder %s", out, filepath.Dir(out))
	}
	c, err := compile(cmd, args[0])
	if err != nil {
		return err
	}
	data, err := readData(cmd, "data", c.Program)
	if err != nil {
		return err
	}
	held, err := validation(cmd, c, &data, share)
	if err != nil {
		return err
	}
	if held == nil && c.Model.Training.Stop.Patience > 0 {
		return usageError{errors.New("`stop early` in the spec needs -val FILE or -val-split F")}
	}
	showDiagnostics(cmd, check.Capacity(c.Model, data.Len()))
	t := &training{cmd: cmd, spec: args[0], checkpoint: checkpoint, line: terminal.New(cmd.ErrOrStderr())}
	t.quiet, _ = f.GetBool("quiet")
	t.json, _ = f.GetBool("json")
	return t.run(c, data, held, job.Job{Kind: job.Train, Output: out, Epochs: epochs, Threads: threads, Checkpoint: checkpoint, Resume: resume})
}

// validation reads the samples of -val, or takes a share of the data away, or is nil.
func validation(cmd *cobra.Command, c *compiler.Compilation, data **dataset.Table, share float64) (*dataset.Table, error) {
	if share != 0 {
		train, held, err := split(*data, share, c.Model.Training.Seed)
		*data = train
		return held, err
	}
	if path, _ := cmd.Flags().GetString("val"); path == "" {
		return nil, nil
	}
	return readData(cmd, "val", c.Program)
}

// training shows one run.
type training struct {
	cmd         *cobra.Command
	spec        string
	checkpoint  string
	line        *terminal.Line
	quiet, json bool
	validation  string // the last, as shown
	brief       bool   // epochs never are lines of their own, and the end says no next command
}

func (t *training) run(c *compiler.Compilation, data, val *dataset.Table, j job.Job) error {
	if !t.quiet && !t.json {
		t.line.Status("building the model")
	}
	program, remove, err := scratch.Build(c.Program)
	if err != nil {
		return err
	}
	defer remove()
	dir, err := os.MkdirTemp("", "aegen-data-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if j.Data, err = writeRaw(dir, "data", data); err != nil {
		return err
	}
	if val != nil {
		if j.Validation, err = writeRaw(dir, "val", val); err != nil {
			return err
		}
	}
	for _, path := range []*string{&j.Output, &j.Checkpoint} {
		if *path != "" {
			if *path, err = filepath.Abs(*path); err != nil {
				return err
			}
		}
	}
	err = scratch.Run(program, j, t.show)
	t.line.Clear()
	if errors.Is(err, scratch.ErrInterrupted) {
		if t.checkpoint != "" {
			return fmt.Errorf("interrupted; to go on: aegen train %s -checkpoint %s -resume, with the same data and flags", t.spec, t.checkpoint)
		}
		return errors.New("interrupted; nothing was written (-checkpoint FILE keeps the state of a run)")
	}
	return err
}

// show shows one message.
func (t *training) show(m job.Message) {
	if t.json {
		text, err := json.Marshal(m)
		if err == nil {
			fmt.Fprintf(t.cmd.OutOrStdout(), "%s\n", text)
		}
		return
	}
	switch {
	case m.Trained != nil:
		t.trained(m.Trained)
	case t.quiet:
	case m.Started != nil:
		s := m.Started
		from := ""
		if s.Resumed {
			from = fmt.Sprintf(", resumed after %d epochs and %d steps", s.Epoch, s.Step)
		}
		t.line.Say("%d samples, %d for validation; %d epochs of %d steps%s", s.Samples, s.Validation, s.Epochs, s.Steps, from)
	case m.Progress != nil:
		p := m.Progress
		t.line.Status("epoch %d  step %d/%d  loss %.6g%s  rate %.3g  %s samples/s  %s left", p.Epoch, p.Step, p.Steps, p.Loss, t.validation, p.Rate, terminal.Count(p.Speed), terminal.Duration(p.Left))
	case m.Epoch != nil:
		e := m.Epoch
		if e.Validation != nil {
			t.validation = fmt.Sprintf("  validation %.6g", *e.Validation)
		}
		show := t.line.Say
		if t.brief || t.line.Rewrites() {
			show = t.line.Status
		}
		show("epoch %d  loss %.6g%s  rate %.3g  %s samples/s  %s left", e.Epoch, e.Loss, t.validation, e.Rate, terminal.Count(e.Speed), terminal.Duration(e.Left))
	}
}

func (t *training) trained(r *job.Trained) {
	val := ""
	if r.Validation != nil {
		val = fmt.Sprintf(", validation %.6g", *r.Validation)
	}
	path := r.Path
	if wd, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(wd, r.Path); err == nil && len(short) < len(path) {
			path = short
		}
	}
	t.line.Say("%s after %d epochs in %s: loss %.6g%s", r.End, r.Epochs, terminal.Duration(r.Seconds), r.Loss, val)
	if t.brief {
		return
	}
	t.line.Say("weights: %s\nnext: aegen eval %s -weights %s -data FILE", path, t.spec, path)
}
