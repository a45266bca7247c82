package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
	"github.com/spf13/cobra"
)

func trainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train SPEC -data FILE",
		Short: "Train a model",
		Long: `Train compiles a spec, trains it on the samples of a file and writes the weights.

A run with -checkpoint that is broken off, by ^C or a power cut, goes on with -resume and ends with the same bits as an
undisturbed one, stages of pretraining included. The same seed gives the same weights for any number of threads.`,
		Example: `  aegen train fashion.ae -data train-images-idx3-ubyte.gz -val-split 0.1 -o fashion.safetensors
  aegen train classifier.ae -data train-images-idx3-ubyte.gz -labels train-labels-idx1-ubyte.gz
  aegen train pump.ae -data pump.csv -columns flow,heat,noise -set latent=4 -epochs 50
  aegen train fashion.ae -data train.npy -checkpoint run.ckpt -resume`,
		Args:              arguments(1, 1, "one SPEC"),
		ValidArgsFunction: specFiles,
		RunE:              runTrain,
	}
	addSet(cmd)
	addData(cmd)
	addLabels(cmd, "the target of each sample of -data, if the spec has one")
	f := cmd.Flags()
	f.String("val", "", "samples for validation")
	f.String("val-labels", "", "the target of each sample of -val")
	f.Float64("val-split", 0, "share of the samples to keep for validation, between 0 and 1")
	f.StringP("out", "o", "", "file of the weights (default: the model's name in lower case, .safetensors)")
	f.String("encoder", "", "trained weights of the spec whose encoder this one takes")
	f.Int("epochs", 0, "train for so many epochs instead of the spec's")
	f.Int("threads", 0, "number of threads (default: one a core)")
	f.String("checkpoint", "", "file to keep the state of the run in")
	f.Bool("resume", false, "go on from the checkpoint, if there is one")
	f.String("pretrained", "", "also write the weights that `pretrain layers` in the spec ends with to this file")
	f.Bool("json", false, "print events as JSON lines on standard output")
	f.Bool("quiet", false, "show no progress")
	return cmd
}

// trainFlags reads and checks the flags of train that make a job. The share is that of -val-split.
func trainFlags(cmd *cobra.Command) (j job.Job, share float64, err error) {
	f := cmd.Flags()
	j.Kind = job.Train
	j.Output, _ = f.GetString("out")
	j.Checkpoint, _ = f.GetString("checkpoint")
	j.Resume, _ = f.GetBool("resume")
	j.First, _ = f.GetString("pretrained")
	j.Epochs, _ = f.GetInt("epochs")
	j.Threads, _ = f.GetInt("threads")
	val, _ := f.GetString("val")
	share, _ = f.GetFloat64("val-split")
	switch {
	case share != 0 && val != "":
		err = usageError{errors.New("-val and -val-split exclude each other")}
	case !(share >= 0 && share < 1): // NaN too
		err = usageError{fmt.Errorf("-val-split %g: a share between 0 and 1 expected", share)}
	case j.Resume && j.Checkpoint == "":
		err = usageError{errors.New("-resume needs -checkpoint FILE")}
	case j.Epochs < 0 || j.Threads < 0:
		err = usageError{errors.New("-epochs and -threads must not be negative")}
	}
	return j, share, err
}

// trainOutputs chooses the file of the weights if none is asked for, and refuses files that cannot be written:
// now, not after hours of training.
func trainOutputs(j *job.Job, model string) error {
	if j.Output == "" {
		j.Output = strings.ToLower(model) + ".safetensors"
	}
	if err := files.Writable(j.Output); err != nil {
		return fmt.Errorf("-o %w", err)
	}
	if j.First != "" {
		if err := files.Writable(j.First); err != nil {
			return fmt.Errorf("-pretrained %w", err)
		}
		if first := filepath.Clean(j.First); first == filepath.Clean(j.Output) || j.Checkpoint != "" && first == filepath.Clean(j.Checkpoint) {
			return usageError{fmt.Errorf("-pretrained %s: another file than those of the weights and the checkpoint expected", j.First)}
		}
	}
	if j.Checkpoint == "" {
		return nil
	}
	if filepath.Clean(j.Checkpoint) == filepath.Clean(j.Output) {
		return usageError{fmt.Errorf("-checkpoint %s: another file than that of the weights expected", j.Checkpoint)}
	}
	if err := files.Writable(j.Checkpoint); err != nil {
		return fmt.Errorf("-checkpoint %w", err)
	}
	return nil
}

func runTrain(cmd *cobra.Command, args []string) error {
	j, share, err := trainFlags(cmd)
	if err != nil {
		return err
	}
	c, err := compile(cmd, args[0])
	if err != nil {
		return err
	}
	if err := trainOutputs(&j, c.Model.Name); err != nil {
		return err
	}
	if j.First != "" && len(c.Model.Stages) == 0 {
		return usageError{errors.New("-pretrained needs `pretrain layers(epochs: …)` in the spec")}
	}
	if err := trainFrom(cmd, &j, c.Program); err != nil {
		return err
	}
	data, err := readPairs(cmd, "data", "labels", c.Program)
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
	t := &training{cmd: cmd, spec: args[0], checkpoint: j.Checkpoint, line: terminal.New(cmd.ErrOrStderr()), roomy: canMemorise(c.Model, data.Len())}
	t.quiet, _ = cmd.Flags().GetBool("quiet")
	t.json, _ = cmd.Flags().GetBool("json")
	return t.run(c, data, held, j)
}

// trainFrom notes the weights of the encoder that the model takes from another spec, after a look at whose they are.
func trainFrom(cmd *cobra.Command, j *job.Job, p *plan.Program) error {
	path, _ := cmd.Flags().GetString("encoder")
	switch {
	case p.From == nil && path != "":
		return usageError{fmt.Errorf("-encoder %s: %s has an encoder of its own", path, p.File)}
	case p.From == nil:
		return nil
	case path == "":
		return usageError{fmt.Errorf("-encoder FILE is missing: the encoder of %s is that of %s, whose trained weights are needed", p.File, p.From.File)}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err == nil {
		err = file.Check(p.From.Name, p.From.Fingerprint)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	j.Origin = fmt.Sprintf("encoder of %s with the weights %s", p.From.File, file.Digest())
	j.Encoder, err = filepath.Abs(path)
	return err
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
	return readPairs(cmd, "val", "val-labels", c.Program)
}
