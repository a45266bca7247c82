package nn

import (
	"math"
	"testing"
)

// TestLearnedGaussian holds the loss against that of a given deviation, and its derivative against differences. Its minimum is at the
// root of the mean square.
func TestLearnedGaussian(t *testing.T) {
	for _, c := range []struct {
		squares, rho float64
		n            int
	}{{3, 0, 4}, {0.2, -2, 1}, {50, 1.5, 10}} {
		got, slope := LearnedGaussian(c.squares, c.rho, c.n)
		given := Loss{Likelihood: Gaussian, Std: math.Exp(c.rho)}
		want := given.Value(math.Sqrt(c.squares), 0, c.n) + float64(c.n-1)*given.Value(0, 0, c.n)
		if math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("%+v: %v, with that deviation given %v", c, got, want)
		}
		const h = 1e-5
		up, _ := LearnedGaussian(c.squares, c.rho+h, c.n)
		down, _ := LearnedGaussian(c.squares, c.rho-h, c.n)
		if d := (up - down) / (2 * h); math.Abs(slope-d) > 1e-6*max(1, math.Abs(d)) {
			t.Errorf("%+v: derivative %v, by differences %v", c, slope, d)
		}
		if _, zero := LearnedGaussian(c.squares, math.Log(c.squares/float64(c.n))/2, c.n); math.Abs(zero) > 1e-12*float64(c.n) {
			t.Errorf("%+v: derivative %v at the root of the mean square", c, zero)
		}
	}
}
