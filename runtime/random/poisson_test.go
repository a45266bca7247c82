package random

import (
	"math"
	"testing"
)

// TestPoisson holds the mean, the variance and the probabilities near the mean of counts against the distribution, to five standard errors.
func TestPoisson(t *testing.T) {
	const n = 1 << 18
	for _, rate := range []float32{0, 0.01, 0.7, 3.5, 9.99, 10, 31.4, 1000, 2e6} {
		s := NewSource(7)
		mean := float64(rate)
		seen := map[float64]float64{}
		sum, squares := 0.0, 0.0
		for range n {
			k := float64(s.Poisson(rate))
			if k < 0 || k != math.Floor(k) {
				t.Fatalf("a count %v of rate %v", k, rate)
			}
			seen[k]++
			sum, squares = sum+k-mean, squares+(k-mean)*(k-mean)
		}
		near(t, "mean less the rate", sum/n, 0, 5*math.Sqrt(mean/n)+1e-12)
		near(t, "variance", squares/n, mean, 5*math.Sqrt((mean+2*mean*mean)/n)+1e-12)
		for d := -3.0; d <= 3; d++ {
			k := math.Floor(mean + d*math.Sqrt(mean))
			if k < 0 || mean == 0 {
				continue
			}
			factorial, _ := math.Lgamma(k + 1)
			p := math.Exp(k*math.Log(mean) - mean - factorial)
			near(t, "probability of a count", seen[k]/n, p, 5*math.Sqrt(p/n)+5./n)
		}
	}
	s := NewSource(1)
	if got := s.Poisson(float32(math.Inf(1))); !math.IsInf(float64(got), 1) {
		t.Errorf("rate ∞ gives %v", got)
	}
	if got := s.Poisson(float32(math.NaN())); got == got {
		t.Errorf("rate NaN gives %v", got)
	}
}
