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

// TestDeviates holds the fixed draws of each unit to their mean and variance, those of two units to no correlation unless they have the same column,
// which no two of seven neighbours have, and those of all units to no correlation.
func TestDeviates(t *testing.T) {
	const units = 2100
	same, products, signs := 0, 0.0, 0.0
	for i := range units {
		sum, squares := 0.0, 0.0
		for k := range Draws {
			e := Deviate(k, i)
			sum, squares = sum+e, squares+e*e
		}
		if sum != 0 || squares != Draws {
			t.Fatalf("unit %d: the draws' sum is %v, their squares' %v", i, sum, squares)
		}
		signs += Deviate(0, i)
		for j := i + 1; j < min(i+50, units); j++ {
			product := 0.0
			for k := range Draws {
				product += Deviate(k, i) * Deviate(k, j)
			}
			switch {
			case math.Abs(product) == Draws && i/7 != j/7:
				same++
				products += product / Draws
			case product != 0:
				t.Fatalf("units %d and %d have the product %v", i, j, product)
			}
		}
	}
	pairs := float64(units * 46) // that are not of the same seven
	if share := float64(same) / pairs; math.Abs(share-1./7) > 0.01 {
		t.Errorf("%v of the pairs have the same column, want a seventh", share)
	}
	if got := products / math.Sqrt(float64(same)); math.Abs(got) > 5 {
		t.Errorf("the signs of equal columns are %v deviations from balance", got)
	}
	if got := signs / math.Sqrt(units); math.Abs(got) > 5 {
		t.Errorf("the signs are %v deviations from balance", got)
	}
}
