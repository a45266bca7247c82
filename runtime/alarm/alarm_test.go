package alarm

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactCDF is the probability of Beta(a, b) below x by the binomial distribution: at least a successes of a+b-1.
func exactCDF(x float64, a, b int) float64 {
	const precision = 300
	n := a + b - 1
	float := func(v float64) *big.Float { return big.NewFloat(v).SetPrec(precision) }
	p, q := float(x), new(big.Float).SetPrec(precision).Sub(float(1), float(x))
	power := func(v *big.Float, n int) *big.Float {
		r := float(1)
		for range n {
			r.Mul(r, v)
		}
		return r
	}
	sum := float(0)
	for k := a; k <= n; k++ {
		term := new(big.Float).SetPrec(precision).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
		term.Mul(term, power(p, k)).Mul(term, power(q, n-k))
		sum.Add(sum, term)
	}
	v, _ := sum.Float64()
	return v
}

func TestBetaIsTheBinomialTail(t *testing.T) {
	for _, c := range []struct {
		a, b int
		x    float64
	}{{1, 1, 0.3}, {1, 99, 0.01}, {2, 199, 0.02}, {10, 3, 0.7}, {60, 60, 0.45}, {5, 300, 1e-3}, {1, 400, 0.02}, {90, 4, 0.99}} {
		want := exactCDF(c.x, c.a, c.b)
		if got := betaCDF(c.x, float64(c.a), float64(c.b)); math.Abs(got-want) > 1e-12*want+1e-300 {
			t.Errorf("Beta(%d, %d) below %v: %v, want %v", c.a, c.b, c.x, got, want)
		}
	}
}

// TestBetaQuantileOfOne compares with the closed form of Beta(1, n) for large n.
func TestBetaQuantileOfOne(t *testing.T) {
	for _, n := range []int{1, 10, 9999, 1_000_000} {
		for _, p := range []float64{0.025, 0.5, 0.975} {
			want := -math.Expm1(math.Log1p(-p) / float64(n))
			if got := betaQuantile(p, 1, n); math.Abs(got-want) > 1e-8*want {
				t.Errorf("quantile %v of Beta(1, %d) is %v, want %v", p, n, got, want)
			}
		}
	}
}

func TestRank(t *testing.T) {
	for _, c := range []struct{ alarms, per, n, want int }{
		{1, 10, 9, 9}, {1, 10, 8, 9}, {1, 10, 19, 18}, {1, 10, 99, 90}, {1, 10_000, 9999, 9999}, {1, 10_000, 9998, 9999},
		{1, 10, 1_000_000_009, 900_000_009}, {3, 1000, 332, 333}, {3, 1000, 333, 333}, {1 << 50, 1 << 51, 9, 5},
	} {
		if got := (Rate{c.alarms, c.per}).rank(c.n); got != c.want {
			t.Errorf("rank of %d per %d of %d samples is %d, want %d", c.alarms, c.per, c.n, got, c.want)
		}
	}
	for _, r := range []Rate{{1, 10}, {1, 10_000}, {3, 1000}, {2, 3}} {
		least := r.Needs()
		if r.rank(least) > least || least > 1 && r.rank(least-1) <= least-1 {
			t.Errorf("%v needs %d samples, which is not the least", r, least)
		}
	}
}

func TestRatesAreRefused(t *testing.T) {
	for _, r := range []Rate{{0, 10}, {-1, 10}, {1, 1}, {2, 1}, {1, 0}} {
		if _, err := Calibrate([]float32{1, 2}, r, "nats"); err == nil {
			t.Errorf("a rate of %v is taken", r)
		}
	}
	for _, s := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		if _, err := Calibrate([]float32{1, s}, Rate{1, 2}, "nats"); err == nil {
			t.Errorf("a score of %v is taken", s)
		}
	}
	if _, err := Calibrate(nil, Rate{1, 2}, "nats"); err == nil {
		t.Error("no scores are taken")
	}
}

// TestRateOfAlarms draws scores from the uniform distribution, where the true rate of alarms is one less the threshold, and holds its
// mean and its interval against what the calibration says.
func TestRateOfAlarms(t *testing.T) {
	const rounds = 4000
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		rate Rate
		n    int
	}{{Rate{1, 10}, 37}, {Rate{1, 100}, 250}, {Rate{1, 1000}, 200}, {Rate{1, 2}, 4}} {
		mean, squares, inside := 0.0, 0.0, 0
		var last Calibration
		for range rounds {
			scores := make([]float32, c.n)
			for i := range scores {
				scores[i] = float32(r.Float64())
			}
			k, err := Calibrate(scores, c.rate, "nats")
			if err != nil {
				t.Fatal(err)
			}
			rate := 1 - float64(k.Threshold)
			mean += rate / rounds
			squares += rate * rate / rounds
			if k.Low <= rate && rate <= k.High {
				inside++
			}
			last = k
		}
		if e := 5 * math.Sqrt((squares-mean*mean)/rounds); math.Abs(mean-last.Expected) > e {
			t.Errorf("%v, %d samples: alarms at a rate of %v, %v ± %v expected", c.rate, c.n, mean, last.Expected, e)
		}
		if share := float64(inside) / rounds; math.Abs(share-Level) > 5*math.Sqrt(Level*(1-Level)/rounds) {
			t.Errorf("%v, %d samples: the interval holds %v of the rates, want %v", c.rate, c.n, share, Level)
		}
		if last.Supported() != (last.Expected <= c.rate.Value()) || last.Supported() != (c.n >= c.rate.Needs()) {
			t.Errorf("%v, %d samples: supported is %t at an expected rate of %v", c.rate, c.n, last.Supported(), last.Expected)
		}
	}
}

func TestAnomalous(t *testing.T) {
	c, err := Calibrate([]float32{5, 1, 4, 2, 3, 3, 3, 3, 3}, Rate{1, 5}, "nats")
	if err != nil {
		t.Fatal(err)
	}
	if c.Threshold != 4 || c.Rank != 8 || c.Expected != 0.2 || !c.Supported() {
		t.Errorf("threshold %v of rank %d, expected rate %v", c.Threshold, c.Rank, c.Expected)
	}
	for score, want := range map[float32]bool{3: false, 4: false, 4.0001: true, 5: true, float32(math.Inf(1)): true, float32(math.NaN()): true} {
		if c.Anomalous(score) != want {
			t.Errorf("a score of %v is anomalous: %t, want %t", score, !want, want)
		}
	}
	few, _ := Calibrate([]float32{2, 1}, Rate{1, 10_000}, "nats")
	if few.Threshold != 2 || few.Supported() || few.Expected != 1.0/3 {
		t.Errorf("two samples: threshold %v, supported %t, expected rate %v", few.Threshold, few.Supported(), few.Expected)
	}
}
