package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/alarm"
	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
	"github.com/spf13/cobra"
)

func calibrateCommand() *cobra.Command {
	cmd := useCommand("calibrate", "Choose the threshold of alarms from normal samples",
		`Calibrate scores normal samples that the model was not trained on, and writes the threshold above which a score is an alarm
into the metadata of the weights. Of n scores it is the k-th smallest, k = ⌈(n+1)(1-α)⌉ (split-conformal prediction), so that a new normal
sample raises an alarm with a probability of at most the rate α. What the data says of the true rate is written beside it: an interval
that holds it with 95 % confidence. The rate is that of the spec's alarm line, else of -rate.`,
		`  aegen calibrate pump.ae -weights pump.safetensors -data normal.csv -rate "1 per 1_000"
  aegen calibrate fashion.ae -weights fashion.safetensors -data normal.npy -rate "1 per 100" -format int8 -o calibrated.safetensors`, runCalibrate)
	f := cmd.Flags()
	f.String("rate", "", `alarms on normal samples, "1 per 10_000", where the spec does not say it`)
	f.String("format", plan.Float32.String(), "format of the package's weights that the threshold is for: f32, f16, bf16 or int8")
	addCalibration(cmd)
	f.StringP("out", "o", "", "file of the calibrated weights (default: that of -weights)")
	f.Bool("json", false, "print one JSON object")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(plan.Formats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func runCalibrate(cmd *cobra.Command, args []string) error {
	name, _ := cmd.Flags().GetString("format")
	format, err := plan.ParseFormat(name)
	if err != nil {
		return usageError{fmt.Errorf("-format %s: %w", name, err)}
	}
	if ranges, _ := cmd.Flags().GetString("calibration"); ranges != "" && format != plan.Int8 {
		return usageError{fmt.Errorf("-calibration %s: only int8 has ranges, -format is %v", ranges, format)}
	}
	path, out, err := calibrationFiles(cmd)
	if err != nil {
		return err
	}
	c, err := compile(cmd, args[0])
	if err != nil {
		return err
	}
	if c.Program.Goal != nil {
		return errTarget
	}
	rate, err := rateOf(cmd, c)
	if err != nil {
		return err
	}
	file, err := readWeights(path, c.Program)
	if err != nil {
		return err
	}
	data, err := readData(cmd, "data", c.Program)
	if err != nil {
		return err
	}
	if c, err = reduce(cmd, c, format, path); err != nil {
		return err
	}
	scores, err := scoresOf(cmd, c.Program, file, data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	calibration, err := alarm.Calibrate(scores, alarm.Rate{Alarms: rate.Count, Per: rate.Per}, c.Program.Loss.Unit())
	if err != nil {
		return fmt.Errorf("%s: %w", data.Name, err)
	}
	showDiagnostics(cmd, check.Alarm(rate, c.Model.AlarmAt, data.Len()))
	calibration.Store(file, c.Program.Precision.Scores())
	if err := atomicfile.Write(out, func(w io.Writer) error { return weights.Write(w, file) }); err != nil {
		return err
	}
	report := calibrationReport{calibration, calibration.Supported(), out}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printJSON(cmd, report)
	}
	return report.print(cmd.OutOrStdout())
}

// calibrationFiles are the file of weights to read and the one to write.
func calibrationFiles(cmd *cobra.Command) (path, out string, err error) {
	path, _ = cmd.Flags().GetString("weights")
	out, _ = cmd.Flags().GetString("out")
	if path == "" {
		return "", "", usageError{errors.New("-weights FILE is missing")}
	}
	if out == "" {
		out = path
	}
	if err := files.Writable(out); err != nil {
		return "", "", fmt.Errorf("-o %w", err)
	}
	return path, out, nil
}

// rateOf is the rate of the spec, or of -rate where the spec has none.
func rateOf(cmd *cobra.Command, c *compiler.Compilation) (nn.Alarm, error) {
	text, _ := cmd.Flags().GetString("rate")
	said := c.Model.Alarm != (nn.Alarm{})
	switch {
	case said && text != "":
		return nn.Alarm{}, usageError{fmt.Errorf("-rate %s: the spec has its own: `alarm %v`", text, c.Model.Alarm)}
	case said:
		return c.Model.Alarm, nil
	case text == "":
		return nn.Alarm{}, usageError{errors.New(`no rate: write "alarm 1 per 10_000" in the spec, or -rate "1 per 10_000"`)}
	}
	return parseRate(text)
}

// parseRate reads "1 per 10_000".
func parseRate(text string) (nn.Alarm, error) {
	words := strings.Fields(text)
	if len(words) == 3 && words[1] == "per" {
		count, err := strconv.Atoi(strings.ReplaceAll(words[0], "_", ""))
		per, perErr := strconv.Atoi(strings.ReplaceAll(words[2], "_", ""))
		if err == nil && perErr == nil && (alarm.Rate{Alarms: count, Per: per}).Check() == nil {
			return nn.Alarm{Count: count, Per: per}, nil
		}
	}
	return nn.Alarm{}, usageError{fmt.Errorf(`-rate %s: "1 per 10_000" expected: whole numbers, the first at least 1 and below the second`, text)}
}

// readWeights reads the weights of a model.
func readWeights(path string, p *plan.Program) (weights.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return weights.File{}, err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err == nil {
		err = file.Check(p.Name, p.Fingerprint)
	}
	if err != nil {
		return weights.File{}, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

// scoresOf are the scores of samples with the weights of a file, whose calibrations, where they are of other weights or for the
// program's format, are dropped.
func scoresOf(cmd *cobra.Command, p *plan.Program, file weights.File, data *dataset.Table) ([]float32, error) {
	for key := range file.Metadata {
		format, ok := strings.CutPrefix(key, alarm.Key)
		if !ok {
			continue
		}
		if _, err := alarm.Load(file, format, alarm.Rate{}); err != nil || format == p.Precision.Scores() {
			delete(file.Metadata, key)
		}
	}
	dir, err := os.MkdirTemp("", "aegen-weights-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	j := job.Job{Kind: job.Score, Weights: filepath.Join(dir, "weights.safetensors"), Output: filepath.Join(dir, "scores")}
	if j.Threads, _ = cmd.Flags().GetInt("threads"); j.Threads < 0 {
		return nil, usageError{errors.New("-threads must not be negative")}
	}
	if err := atomicfile.Write(j.Weights, func(w io.Writer) error { return weights.Write(w, file) }); err != nil {
		return nil, err
	}
	m, err := runJob(cmd, p, data, j)
	if err != nil {
		return nil, err
	}
	scores, err := readRaw(m.Written.Path, m.Written.Width)
	if err != nil {
		return nil, err
	}
	return scores.Data, nil
}

// calibrationReport is what calibrate prints.
type calibrationReport struct {
	alarm.Calibration
	Supported bool   `json:"supported"` // whether there were enough samples for the rate
	Path      string `json:"path"`
}

func (r calibrationReport) print(out io.Writer) error {
	_, err := fmt.Fprintf(out, `threshold  %.6g %s: %d of %d scores are at most that
rate       %v asked for, %.4g expected of new normal samples
interval   %.4g to %.4g holds the true rate with %g %% confidence
weights    %s
`, r.Threshold, r.Unit, r.Rank, r.Samples, r.Rate, r.Expected, r.Low, r.High, 100*alarm.Level, r.Path)
	return err
}
