package alarm

import (
	"math"
	"sync/atomic"
)

// A Drift counts live scores by the quantiles of the calibrated ones, and tells whether they have another distribution. Its methods may
// be called from any number of goroutines; Add takes no lock and allocates nothing.
type Drift struct {
	calibration Calibration
	counts      []counter // a bin each
	alarms      counter
}

// counter has a cache line of its own, so that goroutines do not wait for each other's.
type counter struct {
	atomic.Int64
	_ [56]byte
}

// NewDrift returns a counter without scores.
func NewDrift(c Calibration) *Drift {
	return &Drift{calibration: c, counts: make([]counter, len(c.Counts))}
}

// Add counts a score.
func (d *Drift) Add(score float32) {
	d.counts[bin(d.calibration.Bounds, score)].Add(1)
	if d.calibration.Anomalous(score) {
		d.alarms.Add(1)
	}
}

// Reset forgets all scores. Those that are added at the same time may be lost.
func (d *Drift) Reset() {
	for i := range d.counts {
		d.counts[i].Store(0)
	}
	d.alarms.Store(0)
}

// A Report compares the scores that a Drift has counted with the calibrated ones.
//
// For n calibrated scores, the probabilities of the bins that they bound have the Dirichlet distribution of Counts [Wilks 1962, 8.7], so
// that the counts of m live scores have the compound multinomial one [Mosimann 1962], whose covariance is that of a multinomial
// distribution times (m+n+1)/(n+2). Statistic is Pearson's Σ (found - expected)²/expected divided by this factor; without drift its mean is the
// degrees of freedom, and it has nearly their χ² distribution where the expected counts are 5 or more [Cochran 1952].
type Report struct {
	Samples   int     `json:"samples"`   // m
	Alarms    int     `json:"alarms"`    // of those samples
	Statistic float64 `json:"statistic"` // χ²
	Freedom   int     `json:"freedom"`   // its degrees of freedom: bins less one
	P         float64 `json:"p"`         // probability of a statistic at least so large without drift; 1 with less than 5 expected in a bin
	Differs   bool    `json:"differs"`   // whether P is below Significance
}

// Significance is the share of looks at a Drift that find a difference where there is none.
const Significance = 0.001

// Report looks at what has been counted since the last Reset.
func (d *Drift) Report() Report {
	r := Report{Alarms: int(d.alarms.Load()), Freedom: len(d.counts) - 1, P: 1}
	found := make([]float64, len(d.counts))
	for i := range d.counts {
		n := d.counts[i].Load()
		found[i] = float64(n)
		r.Samples += int(n)
	}
	if r.Samples == 0 {
		return r
	}
	n, m := float64(d.calibration.Samples), float64(r.Samples)
	enough := true
	for i, count := range d.calibration.Counts {
		expected := m * float64(count) / (n + 1)
		r.Statistic += (found[i] - expected) * (found[i] - expected) / expected
		enough = enough && expected >= 5
	}
	r.Statistic *= (n + 2) / (n + m + 1)
	if enough {
		r.P = chiSquareTail(r.Statistic, r.Freedom)
		r.Differs = r.P < Significance
	}
	return r
}

// chiSquareTail is the probability of the χ² distribution above x: the finite sums of Abramowitz and Stegun 1964, 26.4.4 and 26.4.5.
func chiSquareTail(x float64, freedom int) float64 {
	if freedom == 0 {
		return 1
	}
	sum, term, first := 0.0, math.Exp(-x/2), 2
	if freedom%2 == 1 {
		sum = math.Erfc(math.Sqrt(x / 2))
		term *= math.Sqrt(2 * x / math.Pi)
		first = 3
	}
	for k := first; k <= freedom; k += 2 {
		sum += term
		term *= x / float64(k)
	}
	return sum
}
