package nn

import (
	"math"
	"testing"
)

// TestPenalties holds derivatives against central differences, and what is defined at 0.
func TestPenalties(t *testing.T) {
	for _, p := range []Penalty{{Kind: L1Penalty, Strength: 0.3}} {
		for _, z := range []float64{-2, -0.1, 0.2, 0.7} {
			const h = 1e-6
			want := (p.Value(z+h) - p.Value(z-h)) / (2 * h)
			if got := p.Derivative(z); math.Abs(got-want) > 1e-8 {
				t.Errorf("%v' at %v: %v, want %v", p, z, got, want)
			}
		}
	}
	if got := (Penalty{Kind: L1Penalty, Strength: 0.3}).Derivative(0); got != 0 {
		t.Errorf("the derivative of |z| at 0 is %v, want 0", got)
	}
}

// TestCurvatures holds derivatives of derivatives, and of contractions, against central differences.
func TestCurvatures(t *testing.T) {
	for _, a := range Activations() {
		c := Contraction{a, 0.7}
		for _, x := range []float64{-5, -1.3, -0.2, 0.4, 1.1, 4} {
			const h = 1e-6
			at := x
			if a.FromOutput() {
				at = a.Value(x)
			}
			if at == 0 {
				continue // the corner
			}
			if got, want := a.Curvature(at), (a.Derivative(at+h)-a.Derivative(at-h))/(2*h); math.Abs(got-want) > 1e-8*max(1, math.Abs(want)) {
				t.Errorf("%v: curvature at %v is %v, want %v", a, at, got, want)
			}
			if got, want := c.Derivative(at), (c.Value(at+h)-c.Value(at-h))/(2*h); math.Abs(got-want) > 1e-8*max(1, math.Abs(want)) {
				t.Errorf("%v: derivative at %v is %v, want %v", c, at, got, want)
			}
		}
	}
}

// TestUnits normalises a weight by rows and by columns.
func TestUnits(t *testing.T) {
	for unit, want := range map[Unit][]float64{NoUnit: {3, 4, 0, 0, 6, 8}, UnitRows: {0.6, 0.8, 0, 0, 0.6, 0.8},
		UnitColumns: {3 / math.Sqrt(45), 4 / math.Sqrt(80), 0, 0, 6 / math.Sqrt(45), 8 / math.Sqrt(80)}} {
		w := []float64{3, 4, 0, 0, 6, 8} // [3, 2]
		unit.Normalise(w, 3, 2)
		for i := range w {
			if math.Abs(w[i]-want[i]) > 1e-15 {
				t.Errorf("%v: %v, want %v", unit, w, want)
				break
			}
		}
	}
}

// TestDecay holds what decay adds to gradients.
func TestDecay(t *testing.T) {
	for _, c := range []struct {
		d       Decay
		w, want float64
	}{{Decay{L2Decay, 0.5}, -3, -1.5}, {Decay{L1Decay, 0.5}, -3, -0.5}, {Decay{L1Decay, 0.5}, 2, 0.5}, {Decay{L1Decay, 0.5}, 0, 0}, {Decay{}, 7, 0}} {
		if got := c.d.Gradient(c.w); got != c.want {
			t.Errorf("%v of %v: %v, want %v", c.d, c.w, got, c.want)
		}
	}
}

// TestSoftshrink is the proximal operator: it minimises (z - x)²/2 + α|z|.
func TestSoftshrink(t *testing.T) {
	a := Activation{Softshrink, 0.5}
	for _, x := range []float64{-2, -0.5, -0.2, 0, 0.4, 0.5, 1.25} {
		best, at := math.Inf(1), 0.0
		for i := range 8001 {
			z := float64(i-4000) / 1000
			if cost := (z-x)*(z-x)/2 + 0.5*math.Abs(z); cost < best {
				best, at = cost, z
			}
		}
		if got := a.Value(x); math.Abs(got-at) > 1e-9 {
			t.Errorf("%v of %v is %v, want %v", a, x, got, at)
		}
	}
	if y := a.Value(math.Copysign(0.2, -1)); y != 0 || !math.Signbit(y) {
		t.Errorf("%v of -0.2 is %v, want -0", a, y)
	}
}
