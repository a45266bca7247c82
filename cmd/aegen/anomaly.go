package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/ranking"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/alarm"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

// anomalies is how well scores tell anomalous samples from normal ones, and what is known of alarms.
type anomalies struct {
	Normal    int           `json:"normal,omitempty"` // samples, with -labels
	Anomalous int           `json:"anomalous,omitempty"`
	AUROC     *float64      `json:"auroc,omitempty"`
	Precision *float64      `json:"average_precision,omitempty"`
	Alarms    *alarmsRaised `json:"alarms,omitempty"` // with calibrated weights
}

// alarmsRaised holds alarms against the calibrated threshold.
type alarmsRaised struct {
	Threshold float32      `json:"threshold"`
	Asked     alarm.Rate   `json:"asked"`
	Expected  float64      `json:"expected"` // rate of normal samples, as calibrated
	Low       float64      `json:"low"`
	High      float64      `json:"high"`
	Rate      float64      `json:"rate"`               // of the normal samples, or of all without labels
	Raised    int          `json:"raised"`             // alarms of these
	Of        int          `json:"of"`                 // how many these are
	Detected  *float64     `json:"detected,omitempty"` // share of the anomalous samples that raise one
	Drift     alarm.Report `json:"drift"`              // of the normal samples' scores, or of all
}

// judgeScores judges the scores of samples, or is nil where there are neither labels nor a calibration, or where labels are targets.
func judgeScores(cmd *cobra.Command, p *plan.Program, data *dataset.Table) (*anomalies, error) {
	if p.Goal != nil {
		return nil, nil
	}
	anomalous, err := readLabels(cmd, data)
	if err != nil {
		return nil, err
	}
	path, _ := cmd.Flags().GetString("weights")
	file, err := readWeights(path, p)
	if err != nil {
		return nil, err
	}
	calibration, err := alarm.Load(file, p.Precision.Scores(), alarm.Rate{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if anomalous == nil && calibration == nil {
		return nil, nil
	}
	scores, err := scored(cmd, p, data)
	if err != nil {
		return nil, err
	}
	a := &anomalies{}
	if anomalous != nil {
		auroc, precision := ranking.AUROC(scores, anomalous), ranking.AveragePrecision(scores, anomalous)
		a.AUROC, a.Precision = &auroc, &precision
		for _, is := range anomalous {
			if is {
				a.Anomalous++
			} else {
				a.Normal++
			}
		}
	}
	if calibration != nil {
		a.Alarms = raise(calibration, scores, anomalous)
	}
	return a, nil
}

// scored are the scores of samples.
func scored(cmd *cobra.Command, p *plan.Program, data *dataset.Table) ([]float32, error) {
	dir, err := os.MkdirTemp("", "aegen-out-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	j := job.Job{Kind: job.Score, Output: filepath.Join(dir, "out")}
	j.Weights, _ = cmd.Flags().GetString("weights")
	j.Threads, _ = cmd.Flags().GetInt("threads")
	m, err := runJob(cmd, p, data, j)
	if err != nil {
		return nil, err
	}
	t, err := readRaw(m.Written.Path, m.Written.Width)
	if err != nil {
		return nil, err
	}
	return t.Data, nil
}

// raise counts the alarms of scores; anomalous may be nil.
func raise(c *alarm.Calibration, scores []float32, anomalous []bool) *alarmsRaised {
	r := &alarmsRaised{Threshold: c.Threshold, Asked: c.Rate, Expected: c.Expected, Low: c.Low, High: c.High}
	drift := alarm.NewDrift(*c)
	detected, others := 0, 0
	for i, s := range scores {
		if anomalous == nil || !anomalous[i] {
			drift.Add(s)
			continue
		}
		others++
		if c.Anomalous(s) {
			detected++
		}
	}
	r.Drift = drift.Report()
	r.Raised, r.Of = r.Drift.Alarms, r.Drift.Samples
	r.Rate = float64(r.Raised) / float64(r.Of)
	if others > 0 {
		share := float64(detected) / float64(others)
		r.Detected = &share
	}
	return r
}

// readLabels reads which samples are anomalous; it is nil without -labels.
func readLabels(cmd *cobra.Command, data *dataset.Table) ([]bool, error) {
	path, _ := cmd.Flags().GetString("labels")
	if path == "" {
		if cmd.Flags().Changed("normal") {
			return nil, usageError{errors.New("-normal needs -labels FILE")}
		}
		return nil, nil
	}
	normal, _ := cmd.Flags().GetInt("normal")
	t, err := dataset.Read(path, dataset.Options{})
	if err != nil {
		return nil, err
	}
	if t.Width != 1 || t.Len() != data.Len() {
		return nil, fmt.Errorf("%s: a label for each of the %d samples of %s expected, %d rows of %d values found", path, data.Len(), data.Name, t.Len(), t.Width)
	}
	anomalous := make([]bool, t.Len())
	found := 0
	for i, v := range t.Data {
		if float64(v) != math.Trunc(float64(v)) {
			return nil, fmt.Errorf("%s: %s: a whole number expected, %v found", path, t.Place(i, 0), v)
		}
		if anomalous[i] = float64(v) != float64(normal); anomalous[i] {
			found++
		}
	}
	if found == 0 || found == t.Len() {
		return nil, fmt.Errorf("%s: samples with the label %d and with others expected, %d and %d found", path, normal, t.Len()-found, found)
	}
	return anomalous, nil
}

func (a *anomalies) print(out io.Writer) {
	if a.AUROC != nil {
		fmt.Fprintf(out, "normal   %d\nothers   %d\nauroc    %.4f\nap       %.4f\n", a.Normal, a.Anomalous, *a.AUROC, *a.Precision)
	}
	r := a.Alarms
	if r == nil {
		return
	}
	what := "samples"
	if a.AUROC != nil {
		what = "normal samples"
	}
	fmt.Fprintf(out, "alarms   %d of %d %s, a rate of %.4g; %v asked for, %.4g expected, between %.4g and %.4g with %g %% confidence\n",
		r.Raised, r.Of, what, r.Rate, r.Asked, r.Expected, r.Low, r.High, 100*alarm.Level)
	if r.Detected != nil {
		fmt.Fprintf(out, "detected %.4g of the others\n", *r.Detected)
	}
	verdict := "like the calibrated scores"
	if r.Drift.Differs {
		verdict = "scores have drifted"
	}
	fmt.Fprintf(out, "drift    χ² %.4g of %d degrees of freedom, p %.3g: %s\n", r.Drift.Statistic, r.Drift.Freedom, r.Drift.P, verdict)
}
