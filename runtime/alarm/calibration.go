package alarm

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Level is the probability with which the true rate of alarms lies between Low and High of a Calibration.
const Level = 0.95

// A Calibration is a threshold of scores, and what is known of the alarms that it raises.
//
// It is that of split-conformal prediction: of the scores of n normal samples that the model has not been trained on, the threshold is
// the k-th smallest, k = ⌈(n+1)(1-α)⌉, and a score above it is an alarm. If a new normal sample is exchangeable with those n, it raises
// an alarm with probability at most Expected = (n+1-k)/(n+1) ≤ α, whatever the model and the distribution are [Vovk, Gammerman and Shafer 2005; Lei et al.
// 2018]. That is a mean over calibrations. For the one at hand the true rate of alarms has the Beta(n+1-k, k) distribution, if no two scores are
// equal, of which Low and High are quantiles [Vovk 2012; Angelopoulos and Bates 2021]; where scores may be equal, the rate is at most
// what it would be without.
type Calibration struct {
	Threshold float32 `json:"threshold"` // a score above it is an alarm
	Rate      Rate    `json:"rate"`      // α, as asked for
	Samples   int     `json:"samples"`   // n
	Rank      int     `json:"rank"`      // k: how many scores are at most the threshold, equal ones counted in their order
	Expected  float64 `json:"expected"`  // mean rate of alarms, (n+1-k)/(n+1); above the rate asked for where n does not support that
	Low       float64 `json:"low"`       // the true rate is less with probability (1-Level)/2
	High      float64 `json:"high"`      // the true rate is greater with probability (1-Level)/2
	Unit      string  `json:"unit"`      // of scores: "nats"

	// Bounds are quantiles of the calibrated scores, at most nine, ascending. Counts are the scores up to each bound and above the one
	// before; the last count, of the scores above all bounds, is one more, so that the sum is n+1.
	Bounds []float32 `json:"bounds"`
	Counts []int     `json:"counts"`
}

// Calibrate takes the threshold for a rate from the scores of normal samples. Where there are too few for the rate, the threshold is
// the largest score, and Supported is false.
func Calibrate(scores []float32, rate Rate, unit string) (Calibration, error) {
	if err := rate.Check(); err != nil {
		return Calibration{}, err
	}
	if len(scores) == 0 {
		return Calibration{}, errors.New("alarm: no scores to calibrate on")
	}
	for i, s := range scores {
		if s != s || math.IsInf(float64(s), 0) {
			return Calibration{}, fmt.Errorf("alarm: sample %d: a finite score expected, %v found", i, s)
		}
	}
	sorted := slices.Sorted(slices.Values(scores))
	n := len(sorted)
	k := min(rate.rank(n), n)
	c := Calibration{Threshold: sorted[k-1], Rate: rate, Samples: n, Rank: k, Unit: unit}
	c.Expected = float64(n+1-k) / float64(n+1)
	c.Low, c.High = betaQuantile((1-Level)/2, n+1-k, k), betaQuantile((1+Level)/2, n+1-k, k)
	c.Bounds, c.Counts = bins(sorted)
	return c, nil
}

// Supported reports whether there were enough samples for the rate asked for: n ≥ 1/α - 1.
func (c *Calibration) Supported() bool { return c.Rate.rank(c.Samples) <= c.Samples }

// Anomalous reports whether a score raises an alarm: it is above the threshold, or not a number.
func (c *Calibration) Anomalous(score float32) bool { return !(score <= c.Threshold) }

// bins cuts sorted scores at their deciles. Equal deciles are one.
func bins(sorted []float32) (bounds []float32, counts []int) {
	const parts = 10
	n := len(sorted)
	for j := 1; j < parts; j++ {
		k := min(max((j*(n+1)+parts/2)/parts, 1), n)
		if b := sorted[k-1]; len(bounds) == 0 || b > bounds[len(bounds)-1] {
			bounds = append(bounds, b)
		}
	}
	counts = make([]int, len(bounds)+1)
	for _, s := range sorted {
		counts[bin(bounds, s)]++
	}
	counts[len(bounds)]++
	return bounds, counts
}

// bin is the index of the first bound that is at least a score. It is the last for a score that is not a number.
func bin(bounds []float32, score float32) int {
	for i, b := range bounds {
		if score <= b {
			return i
		}
	}
	return len(bounds)
}
