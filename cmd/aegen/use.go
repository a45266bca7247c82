package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/pca"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
	"github.com/spf13/cobra"
)

func evalCommand() *cobra.Command {
	cmd := useCommand("eval", "Judge trained weights on samples",
		`Eval prints the loss of a file of samples, and errors in the units that the network sees (after scale):
mse is the mean over all values, sse is summed over a sample, nll is in nats a sample.
For an mse spec, nll is that of the Gaussian of variance 1. Records have no mse and sse.

Of a sparse code it also prints l0, the values of a code that are not nearly 0, mean over samples; the mean value; how many values are exactly 0; the
share of dead latents; and fvu, the fraction of the data's variance that reconstructions leave unexplained. -json adds the frequency
and the mean of each latent.

Of a code that is sampled, loss and nll are the mean score: the negative of the evidence bound by 8 draws that are the same for all samples. elbo
is that bound by 8 draws of each sample's own, without the error that the former have in common. It is -(recon + kl): what reconstructions of
drawn codes miss, and the divergence from the prior, which is also printed of each unit; and how many units are active: their mean varies over the
samples with a variance above 0.01 (Burda et al. 2015). With -iwae K, it prints the importance-weighted bound by K draws a sample.

With -precision, it prints the same for packages whose weights have other formats, and how far their reconstructions are
from those of float32 weights: rms is the root mean square of the differences, largest the largest of a value, both in
parts of the root mean square of float32's values.

Of a model with a target, -labels are the targets of the samples, or -label-column says which columns of a .csv file are. Errors are then against
the targets; of classes eval also prints the accuracy, and sse is the score of Brier: the error of the probabilities against 1 for the class and
0 for the others. Of the classes of places, it prints the share of places that are told right, the intersection over union (iou) of each class, and
the mean of these. Places that are ignored do not count.

With -labels of any other model, it prints how well the loss tells anomalies from normal samples: the area under the receiver operating characteristic (auroc), equal scores
counted half, and the average precision (ap). Where weights are calibrated it counts the alarms, and holds the scores against those of the calibration.`,
		`  aegen eval fashion.ae -weights fashion.safetensors -data t10k-images-idx3-ubyte.gz -pca train-images-idx3-ubyte.gz
  aegen eval fashion.ae -weights fashion.safetensors -data t10k-images-idx3-ubyte.gz -precision f16,bf16,int8
  aegen eval fashion.ae -weights boots.safetensors -data t10k-images-idx3-ubyte.gz -labels t10k-labels-idx1-ubyte.gz -normal 9`, runEval)
	cmd.Flags().Bool("json", false, "print one JSON object")
	addPrecision(cmd)
	addLabels(cmd, "a label for each sample of -data: its class or values, if the spec has a target; else a whole number that says what is normal")
	cmd.Flags().Int("normal", 0, "label of normal samples, where labels are no targets; all others are anomalies")
	cmd.Flags().Int("iwae", 0, "of a code that is sampled: also the importance-weighted bound by so many draws a sample")
	cmd.Flags().String("pca", "", "also fit exact PCA with as many components as the code to this file, and judge it on the same samples")
	return cmd
}

func encodeCommand() *cobra.Command {
	return outputCommand("encode", "Write the codes of samples", job.Encode)
}

func reconstructCommand() *cobra.Command {
	cmd := outputCommand("reconstruct", "Write the reconstructions of samples", job.Reconstruct)
	cmd.Long += ` Of a model with a target of
classes, they are the probabilities of the classes.

Where the target has a class for each place of an image, the most probable classes are written: as .npy (bytes, samples × height × width), as .csv,
or to a folder that ends in /, a PNG file with a palette for each sample. With -probabilities, those of all classes are written instead.`
	cmd.Flags().Bool("probabilities", false, "where the target has a class for each place: write probabilities")
	return cmd
}

func scoreCommand() *cobra.Command {
	cmd := outputCommand("score", "Write the loss of each sample", job.Score)
	cmd.Long += `

With -explain the loss is followed by what each value of the sample adds to it. Added in order in float64 and rounded to float32, these parts
are the loss. The first row has the names of the columns, as the header of a .csv file of samples says them.`
	cmd.Flags().Bool("explain", false, "write what each value adds to the loss, too")
	addLabels(cmd, "the target of each sample of -data, if the spec has one")
	cmd.RunE = runScore
	return cmd
}

// useCommand is a command that runs trained weights on data.
func useCommand(name, short, long, example string, run func(*cobra.Command, []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: name + " SPEC -weights FILE -data FILE", Short: short, Long: long, Example: example,
		Args: arguments(1, 1, "one SPEC"), ValidArgsFunction: specFiles, RunE: run,
	}
	addSet(cmd)
	addData(cmd)
	cmd.Flags().String("weights", "", "trained weights, as train writes them")
	cmd.Flags().Int("threads", 0, "number of threads (default: one a core)")
	_ = cmd.MarkFlagFilename("weights", "safetensors")
	return cmd
}

func outputCommand(name, short string, kind job.Kind) *cobra.Command {
	cmd := useCommand(name, short, short+", a row a sample, as .npy or .csv. Without -o they go to standard output as CSV. Reconstructed records have the\ncolumns of their fields.",
		fmt.Sprintf("  aegen %s fashion.ae -weights fashion.safetensors -data images.npy -o out.npy", name),
		func(cmd *cobra.Command, args []string) error { return runOutput(cmd, args, kind) })
	cmd.Flags().StringP("out", "o", "", "file to write: .npy or .csv")
	cmd.Flags().Bool("json", false, "with -o, print a JSON object that says what was written")
	return cmd
}

// use runs a job on the flags' weights and data.
func use(cmd *cobra.Command, spec string, j job.Job) (c *compiler.Compilation, data *dataset.Table, last job.Message, err error) {
	weights, _ := cmd.Flags().GetString("weights")
	if weights == "" {
		return nil, nil, last, usageError{errors.New("-weights FILE is missing")}
	}
	if j.Threads, _ = cmd.Flags().GetInt("threads"); j.Threads < 0 {
		return nil, nil, last, usageError{errors.New("-threads must not be negative")}
	}
	if c, err = compile(cmd, spec); err != nil {
		return nil, nil, last, err
	}
	if j.Kind == job.Encode || j.Kind == job.Reconstruct {
		data, err = readInputs(cmd, "data", c.Program)
	} else if err = withoutTarget(cmd, c.Program, "explain", "normal", "pca"); err == nil {
		data, err = readPairs(cmd, "data", "labels", c.Program)
	}
	if err != nil {
		return nil, nil, last, err
	}
	if j.Kind == job.Explain && c.Program.Explain == nil {
		return nil, nil, last, fmt.Errorf("%s: -explain: a score of `reconstruct %v` is no sum over values", spec, c.Program.Loss)
	}
	j.Weights = weights
	last, err = runJob(cmd, c.Program, data, j)
	return c, data, last, err
}

// runJob builds the model's program, runs a job on samples and returns the last message.
func runJob(cmd *cobra.Command, p *plan.Program, data *dataset.Table, j job.Job) (last job.Message, err error) {
	line := terminal.New(cmd.ErrOrStderr())
	defer line.Clear()
	line.Status("building the model")
	program, remove, err := scratch.Build(p)
	if err != nil {
		return last, err
	}
	defer remove()
	dir, err := os.MkdirTemp("", "aegen-data-")
	if err != nil {
		return last, err
	}
	defer os.RemoveAll(dir)
	if j.Data, err = writeRaw(dir, "data", data); err != nil {
		return last, err
	}
	if j.Targets, err = writeTargets(dir, "targets", data, p); err != nil {
		return last, err
	}
	if j.Weights, err = filepath.Abs(j.Weights); err != nil {
		return last, err
	}
	err = scratch.Run(program, j, func(m job.Message) {
		if a := m.Advance; a != nil {
			line.Status("%d of %d samples  %s samples/s  %s left", a.Done, a.Samples, terminal.Count(a.Speed), terminal.Duration(a.Left))
			return
		}
		last = m
	})
	return last, err
}

func runEval(cmd *cobra.Command, args []string) error {
	formats, err := precisionFlag(cmd)
	if err != nil {
		return err
	}
	draws, _ := cmd.Flags().GetInt("iwae")
	if draws < 0 {
		return usageError{errors.New("-iwae must not be negative")}
	}
	c, data, m, err := use(cmd, args[0], job.Job{Kind: job.Eval, Draws: draws})
	if err != nil {
		return err
	}
	s, p := newScores(c.Program, *m.Scores), c.Program
	if len(formats) > 0 {
		if s.Precisions, err = comparePrecisions(cmd, c, data, *m.Scores, formats); err != nil {
			return err
		}
	}
	if s.anomalies, err = judgeScores(cmd, p, data); err != nil {
		return err
	}
	if path, _ := cmd.Flags().GetString("pca"); path != "" {
		if p.Record != nil {
			return usageError{errors.New("-pca: classes and counts have no principal components")}
		}
		fit, err := readData(cmd, "pca", p)
		if err != nil {
			return err
		}
		weights, _ := cmd.Flags().GetString("weights")
		for _, t := range []*dataset.Table{fit, data} {
			if err := scale(t, p, weights); err != nil {
				return err
			}
		}
		e := pca.Fit(fit.Data, fit.Width, p.Code.Len()).Errors(data.Data)
		s.PCA = &e
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printJSON(cmd, s)
	}
	return s.print(cmd.OutOrStdout(), p)
}

// scale brings samples into the units that the network sees. What is learned of data stands in the file of weights.
func scale(t *dataset.Table, p *plan.Program, path string) error {
	if p.Standard {
		return standardise(t, path)
	}
	if p.Low == p.High {
		return nil
	}
	for i, v := range t.Data {
		t.Data[i] = float32((float64(v) - p.Low) / (p.High - p.Low))
	}
	return nil
}

// standardise takes samples relative to the means and deviations in a file of weights.
func standardise(t *dataset.Table, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	mean, err := file.Tensor("input.mean", t.Width)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	log, err := file.Tensor("input.log_deviation", t.Width)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for i, v := range t.Data {
		t.Data[i] = float32(float64(v-mean[i%t.Width]) * math.Exp(-float64(log[i%t.Width])))
	}
	return nil
}

func runOutput(cmd *cobra.Command, args []string, kind job.Kind) error {
	out, _ := cmd.Flags().GetString("out")
	if out != "" && !isFolder(out) {
		if err := dataset.Writable(out); err != nil {
			return fmt.Errorf("-o %w", err)
		}
	}
	dir, err := os.MkdirTemp("", "aegen-out-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, _, m, err := use(cmd, args[0], job.Job{Kind: kind, Output: filepath.Join(dir, "out")})
	if err != nil {
		return err
	}
	table, err := readRaw(m.Written.Path, m.Written.Width)
	if err != nil {
		return err
	}
	if kind == job.Reconstruct && c.Program.Goal == nil {
		table.Record = fields(c.Program)
	}
	probabilities, _ := cmd.Flags().GetBool("probabilities")
	labels := kind == job.Reconstruct && c.Program.Goal != nil && c.Program.Goal.Labels != nil && !probabilities
	if labels {
		table = labelsOf(table, c.Program.Goal)
	}
	if isFolder(out) {
		if !labels {
			return usageError{fmt.Errorf("-o %s: a folder is for the classes of places; a file expected", out)}
		}
		if err := writeLabelImages(out, table, c.Program.Goal); err != nil {
			return err
		}
	} else if out == "" {
		return table.WriteCSV(cmd.OutOrStdout())
	} else if err := table.WriteFile(out); err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printJSON(cmd, map[string]any{"path": out, "samples": m.Written.Samples, "width": table.Width})
	}
	return nil
}
