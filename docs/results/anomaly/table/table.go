package main

import (
	"fmt"
	"math"
	"strings"
)

// A run is one model with what aegen eval says of it, beside its peers.
type run struct {
	peer
	scores struct {
		AUROC     float64 `json:"auroc"`
		Precision float64 `json:"average_precision"`
		Alarms    struct {
			Raised   int     `json:"raised"`
			Of       int     `json:"of"`
			Rate     float64 `json:"rate"`
			Low      float64 `json:"low"`
			High     float64 `json:"high"`
			Detected float64 `json:"detected"`
		} `json:"alarms"`
	}
}

// inside reports whether the rate of alarms lies in the interval that the calibration states.
func (r run) inside() bool {
	return r.scores.Alarms.Low <= r.scores.Alarms.Rate && r.scores.Alarms.Rate <= r.scores.Alarms.High
}

// table has a row a run, the means and deviations, what all runs together say of the rate of alarms, and, where the settings were chosen
// with the first so many runs, the means of these and of the others.
func table(runs []run, chosen int) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("| run | AUROC | PCA | isolation forest | average precision | alarms on normal samples | rate | calibrated interval | detected |")
	line("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	inside, raised, of := 0, 0, 0
	for n, r := range runs {
		a := r.scores.Alarms
		mark := ""
		if r.inside() {
			inside++
		} else {
			mark = ", outside"
		}
		raised, of = raised+a.Raised, of+a.Of
		line("| %d | %.4f | %.4f | %.4f | %.4f | %d of %d | %.4f | %.4f to %.4f%s | %.3f |", n, r.scores.AUROC, r.PCA, r.Forest, r.scores.Precision,
			a.Raised, a.Of, a.Rate, a.Low, a.High, mark, a.Detected)
	}
	columns := []func(run) float64{
		func(r run) float64 { return r.scores.AUROC }, func(r run) float64 { return r.PCA }, func(r run) float64 { return r.Forest },
		func(r run) float64 { return r.scores.Precision }, func(r run) float64 { return r.scores.Alarms.Detected },
	}
	var means, deviations [5]float64
	for i, column := range columns {
		means[i], deviations[i] = moments(runs, column)
	}
	mean := func(column int, part [2]int) float64 {
		m, _ := moments(runs[part[0]:part[1]], columns[column])
		return m
	}
	all := float64(raised) / float64(of)
	line("| mean | %.4f | %.4f | %.4f | %.4f | %d of %d | %.4f | %d of %d inside | %.3f |", means[0], means[1], means[2], means[3], raised, of, all, inside, len(runs), means[4])
	line("| deviation | %.4f | %.4f | %.4f | %.4f | | | | %.3f |", deviations[0], deviations[1], deviations[2], deviations[3], deviations[4])
	if chosen > 0 {
		for _, part := range [][2]int{{0, chosen}, {chosen, len(runs)}} {
			line("| mean of %d to %d | %.4f | %.4f | %.4f | %.4f | | | | %.3f |", part[0], part[1]-1, mean(0, part), mean(1, part), mean(2, part), mean(3, part), mean(4, part))
		}
	}
	return b.String()
}

// ahead is an error unless the mean area under the curve is above that of both peers, and at least 0.95 for tissue.
func ahead(task string, runs []run) error {
	own, _ := moments(runs, func(r run) float64 { return r.scores.AUROC })
	pca, _ := moments(runs, func(r run) float64 { return r.PCA })
	forest, _ := moments(runs, func(r run) float64 { return r.Forest })
	if !(own > pca && own > forest) || task == "tissue" && own < 0.95 {
		return fmt.Errorf("%s: the mean AUROC is %.4f, that of PCA %.4f, of isolation forests %.4f", task, own, pca, forest)
	}
	return nil
}

// moments are the mean and the standard deviation of a column.
func moments(runs []run, column func(run) float64) (mean, deviation float64) {
	n := float64(len(runs))
	for _, r := range runs {
		mean += column(r) / n
	}
	for _, r := range runs {
		deviation += (column(r) - mean) * (column(r) - mean) / (n - 1)
	}
	return mean, math.Sqrt(deviation)
}
