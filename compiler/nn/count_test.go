package nn

import (
	"math"
	"testing"
)

// TestCounts holds the likelihood of counts at its ends: for logits far out it is finite and its limit, and what is no count has none.
func TestCounts(t *testing.T) {
	l, bend := Loss{Likelihood: Poisson}, math.Exp(RateBend)
	for _, c := range []struct{ logit, target, loss, slope float64 }{
		{0, 0, 1, 1},
		{0, 3, 1 + math.Log(6), -2},
		{-1e4, 0, 0, 0},
		{-1e4, 5, 5e4 + math.Log(120), -5},
		{1e4, 0, bend * (1 + 1e4 - RateBend), bend},
		{1e4, 1, bend*(1+1e4-RateBend) - RateBend - math.Log1p(1e4-RateBend), bend * (1 - 1/(bend*(1+1e4-RateBend)))},
		{RateBend, MaxCount, bend - RateBend*MaxCount + logFactorial(MaxCount), bend - MaxCount},
	} {
		loss, slope := l.Linked([]float64{c.logit}, []float64{c.target})
		if !(math.Abs(loss-c.loss) <= 1e-12*max(1, math.Abs(c.loss))) || !(math.Abs(slope[0]-c.slope) <= 1e-12*max(1, math.Abs(c.slope))) {
			t.Errorf("logit %v, target %v: %v with derivative %v, want %v and %v", c.logit, c.target, loss, slope[0], c.loss, c.slope)
		}
	}
	for _, target := range []float64{-1, 0.5, MaxCount + 2, math.Inf(1), math.NaN()} {
		loss, slope := l.Linked([]float64{1}, []float64{target})
		if loss == loss || slope[0] == slope[0] || l.Value(2, target, 1) == l.Value(2, target, 1) {
			t.Errorf("target %v has the loss %v with derivative %v, want NaN", target, loss, slope[0])
		}
	}
}

// TestCountsSumToOne adds the probabilities of all counts that matter.
func TestCountsSumToOne(t *testing.T) {
	for _, logit := range []float64{-3, 0, 1.7, 5} {
		sum := 0.0
		for k := range 1000 {
			sum += math.Exp(-countNLL(logit, float64(k)))
		}
		if math.Abs(sum-1) > 1e-10 {
			t.Errorf("the probabilities of rate e^%v sum to %v", logit, sum)
		}
	}
}
