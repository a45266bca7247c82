package train

import "math"

// Moments are the mean and the deviation of numbers, added one by one: Welford, Note on a method for calculating corrected sums of
// squares and products, Technometrics 1962.
type Moments struct{ n, mean, squares float64 }

// Add adds a number.
func (m *Moments) Add(v float64) {
	m.n++
	d := v - m.mean
	m.mean += d / m.n
	m.squares += d * (v - m.mean)
}

// Standard is the mean and the logarithm of the deviation √(Σ (v - mean)²/n), 0 where all numbers are the same.
func (m *Moments) Standard() (mean, logDeviation float32) {
	if !(m.squares > 0) {
		return float32(m.mean), 0
	}
	return float32(m.mean), float32(math.Log(m.squares/m.n) / 2)
}
