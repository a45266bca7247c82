package nn

import (
	"math"
	"testing"
)

// TestDivergence holds the closed form against the integral of q·log(q/p).
func TestDivergence(t *testing.T) {
	for _, c := range []struct{ mean, logvar float64 }{{0, 0}, {1, 0}, {-0.5, 1}, {2, -3}, {0, -6}, {0.1, 0.01}} {
		sd, sum := math.Exp(c.logvar/2), 0.0
		const n = 20_000
		for i := range n {
			e := (float64(i)+0.5)/n*24 - 12
			x := c.mean + sd*e
			q := math.Exp(-e*e/2) / math.Sqrt(2*math.Pi) // of e
			sum += q * (x*x/2 - e*e/2 - c.logvar/2) * 24 / n
		}
		if got := Bound.Divergence(c.mean, c.logvar); math.Abs(got-sum) > 1e-9*max(1, sum) {
			t.Errorf("%+v: %v, by quadrature %v", c, got, sum)
		}
	}
}

func TestDivergenceIsNeverNegative(t *testing.T) {
	for i := -4000; i <= 4000; i++ {
		v := math.Copysign(math.Pow(10, float64(i%400)/20-18), float64(i))
		if d := Bound.Divergence(v/3, v); !(d >= 0) {
			t.Fatalf("the divergence at log-variance %v is %v", v, d)
		}
	}
}

func TestBetaAt(t *testing.T) {
	p := Prior{Beta: 4, Warmup: 2}
	for epoch, want := range map[float64]float64{0: 0, 0.5: 1, 2: 4, 9: 4} {
		if got := p.BetaAt(epoch); got != want {
			t.Errorf("β after %v epochs is %v, want %v", epoch, got, want)
		}
	}
	if got := Bound.BetaAt(0); got != 1 {
		t.Errorf("β without a warm-up begins at %v", got)
	}
}

// TestDeviates holds the fixed draws of each unit to their mean and variance, and those of all units to no correlation.
func TestDeviates(t *testing.T) {
	const units = 2000
	product := 0.0
	for i := range units {
		sum, squares := 0.0, 0.0
		for k := range Draws {
			e := Deviate(k, i)
			sum, squares = sum+e, squares+e*e
			product += e * Deviate(k, i+1)
			if opposite := Deviate((k+Draws/2)%Draws, i); e != -opposite {
				t.Fatalf("unit %d: draw %d is %v and its opposite %v", i, k, e, opposite)
			}
		}
		if math.Abs(sum) > 1e-12 || math.Abs(squares-Draws) > 1e-12 {
			t.Fatalf("unit %d: the draws' sum is %v, their squares' %v", i, sum, squares)
		}
	}
	if got := product / (units * Draws); math.Abs(got) > 5/math.Sqrt(units*Draws/2) {
		t.Errorf("neighbours have correlation %v", got)
	}
}
