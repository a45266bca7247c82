package nn

import (
	"math"
	"slices"
	"testing"
)

// TestDerivatives holds every derivative against a central difference.
func TestDerivatives(t *testing.T) {
	for _, a := range Activations() {
		for _, x := range []float64{-7, -1.3, -0.2, 0.4, 1.1, 6} {
			const h = 1e-5
			want := (a.Value(x+h) - a.Value(x-h)) / (2 * h)
			at := x
			if a.FromOutput() {
				at = a.Value(x)
			}
			if got := a.Derivative(at); math.Abs(got-want) > 1e-8 {
				t.Errorf("%v'(%v) = %v, want %v", a, x, got, want)
			}
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		a       Activation
		x, want float64
	}{
		{Activation{Func: ReLU}, -1, 0},
		{Activation{Func: LeakyReLU, Alpha: 0.1}, -2, -0.2},
		{Activation{Func: ELU, Alpha: 1}, -1, math.Exp(-1) - 1},
		{Activation{Func: SELU}, 1, 1.0507009873554805},
		{Activation{Func: GELU}, 1, 0.8413447460685429},
		{Activation{Func: SiLU}, 1, 0.7310585786300049},
		{Activation{Func: Sigmoid}, -800, 0},
		{Activation{Func: Softplus}, 800, 800},
	} {
		if got := c.a.Value(c.x); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v(%v) = %v, want %v", c.a, c.x, got, c.want)
		}
	}
	if got := (Activation{Func: ReLU}).Derivative(0); got != 0 {
		t.Errorf("relu'(0) = %v, want 0", got)
	}
}

// TestLinkedLoss holds the stable forms against the definitions, and where those overflow against the limit.
func TestLinkedLoss(t *testing.T) {
	for _, l := range []Loss{{Likelihood: MSE}, {Likelihood: Bernoulli}, {Likelihood: Gaussian, Std: 0.7}, {Likelihood: Poisson}} {
		target := 0.3
		if l.Likelihood == Poisson {
			target = 2
		}
		for _, logit := range []float64{-3, 0.1, 2} {
			const n, h = 5, 1e-5
			r := l.Link().Value(logit)
			if got, want := l.linkedValue(logit, target, n), l.Value(r, target, n); math.Abs(got-want) > 1e-12 {
				t.Errorf("%v at %v: %v, want %v", l, logit, got, want)
			}
			want := (l.linkedValue(logit+h, target, n) - l.linkedValue(logit-h, target, n)) / (2 * h)
			if got := l.linkedDerivative(logit, target, n); math.Abs(got-want) > 1e-8 {
				t.Errorf("%v' at %v: %v, want %v", l, logit, got, want)
			}
			want = (l.Value(r+h, target, n) - l.Value(r-h, target, n)) / (2 * h)
			if got := l.Derivative(r, target, n); math.Abs(got-want) > 1e-6 {
				t.Errorf("%v' at r = %v: %v, want %v", l, r, got, want)
			}
		}
	}
	if got := (Loss{Likelihood: Bernoulli}).linkedValue(-1e4, 1, 1); got != 1e4 {
		t.Errorf("bernoulli of logit -1e4 and target 1: %v, want 1e4", got)
	}
}

// TestCategorical holds the form from logits against the definition and against differences, and at its ends.
func TestCategorical(t *testing.T) {
	l := Loss{Likelihood: Categorical}
	logits := []float64{0.3, -2, 1.7, 0}
	for _, target := range [][]float64{{0, 0, 1, 0}, {0.1, 0.2, 0.3, 0.4}, {0, 0.5, 0.7, 0}} {
		const h = 1e-5
		r, _ := Softmax(logits)
		got, slope := l.Linked(logits, target)
		want := 0.0
		for i, v := range r {
			want += l.Value(v, target[i], len(r))
			up, down := slices.Clone(logits), slices.Clone(logits)
			up[i], down[i] = up[i]+h, down[i]-h
			high, _ := l.Linked(up, target)
			low, _ := l.Linked(down, target)
			if d := (high - low) / (2 * h); math.Abs(d-slope[i]) > 1e-8 {
				t.Errorf("derivative %d for %v is %v, by differences %v", i, target, slope[i], d)
			}
			if d := (l.Value(v+h, target[i], 4) - l.Value(v-h, target[i], 4)) / (2 * h); math.Abs(l.Derivative(v, target[i], 4)-d) > 1e-6*max(1, math.Abs(d)) {
				t.Errorf("derivative by r = %v for %v is %v, by differences %v", v, target[i], l.Derivative(v, target[i], 4), d)
			}
		}
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("loss for %v is %v, want %v", target, got, want)
		}
	}
	for _, c := range []struct {
		logits, target []float64
		loss           float64
		slope          []float64
	}{
		{[]float64{1e4, -1e4, 1e4}, []float64{0, 1, 0}, 2e4 + math.Log(2), []float64{0.5, -1, 0.5}},
		{[]float64{-1e4, -1e4}, []float64{1, 0}, math.Log(2), []float64{-0.5, 0.5}},
		{[]float64{800}, []float64{1}, 0, []float64{0}},
	} {
		if loss, slope := l.Linked(c.logits, c.target); math.Abs(loss-c.loss) > 1e-11*c.loss || !slices.Equal(slope, c.slope) {
			t.Errorf("logits %v: loss %v and %v, want %v and %v", c.logits, loss, slope, c.loss, c.slope)
		}
	}
}

// TestOptimizers takes two steps of each rule by hand: w = 1, g = 0.5 then -0.25.
func TestOptimizers(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     Optimizer
		decay Decay
		want  float64
	}{
		{"sgd", Optimizer{Method: SGD}, Decay{}, 1 - 0.1*0.5 + 0.1*0.25},
		{"momentum", Optimizer{Method: SGD, Momentum: 0.9}, Decay{}, 1 - 0.1*0.5 - 0.1*(0.9*0.5-0.25)},
		{"nesterov", Optimizer{Method: SGD, Momentum: 0.9, Nesterov: true}, Decay{},
			1 - 0.1*(0.5+0.9*0.5) - 0.1*(-0.25+0.9*(0.9*0.5-0.25))},
		{"decay", Optimizer{Method: SGD}, Decay{L2Decay, 0.2}, 0.93 - 0.1*(-0.25+0.2*0.93)},
		{"decay by sign", Optimizer{Method: SGD}, Decay{L1Decay, 0.2}, 1 - 0.1*(0.5+0.2) - 0.1*(-0.25+0.2)},
		{"adam", Optimizer{Method: Adam, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}, Decay{}, 0.8733662987078463},
		{"adamw", Optimizer{Method: AdamW, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Decay: 0.1}, Decay{}, 0.8544662986878463},
		{"rmsprop", Optimizer{Method: RMSProp, Alpha: 0.99, Eps: 1e-8}, Decay{}, 1 - 0.1*0.5/(0.05+1e-8) + 0.1*0.25/(math.Sqrt(0.99*0.0025+0.01*0.0625)+1e-8)},
	} {
		slots := make([]float64, len(c.o.Slots()))
		w := c.o.Step(1, 0.5, 0.1, c.decay, true, 1, slots)
		w = c.o.Step(w, -0.25, 0.1, c.decay, true, 2, slots)
		if math.Abs(w-c.want) > 1e-12 {
			t.Errorf("%s: %.16g, want %.16g", c.name, w, c.want)
		}
	}
}

// TestGatesAtTheirEnds holds gelu and silu to their limits, and to a value that a difference from 1 would lose.
func TestGatesAtTheirEnds(t *testing.T) {
	for _, f := range []Func{GELU, SiLU} {
		a := Activation{Func: f}
		for x, want := range map[float64][2]float64{math.Inf(-1): {0, 0}, math.Inf(1): {math.Inf(1), 1}} {
			if value, slope := a.Value(x), a.Derivative(x); value != want[0] || slope != want[1] {
				t.Errorf("%v of %v is %v with derivative %v, want %v", a, x, value, slope, want)
			}
		}
	}
	const want = -7.619853024160525e-23 // -10·Φ(-10)
	if got := (Activation{Func: GELU}).Value(-10); math.Abs(got/want-1) > 1e-12 {
		t.Errorf("gelu of -10 is %v, want %v", got, want)
	}
}
