package nn

import (
	"math"
	"testing"
)

// TestRelaxationSlopes holds both derivatives against central differences.
func TestRelaxationSlopes(t *testing.T) {
	logits, dy, u := []float64{0.3, -1.2, 2, 0.1}, []float64{1, -0.5, 0.25, 2}, []float64{0.9, 0.2, 0.55, 0.01}
	for _, r := range []Relaxation{{Classes: 1, Temperature: 0.7}, {Classes: 4, Temperature: 0.7}} {
		n := r.Classes
		value := func(l []float64) (sum float64) {
			y := make([]float64, n)
			r.Relaxed(y, l, u[:n], r.Temperature)
			for i := range y {
				sum += dy[i] * y[i]
			}
			return sum
		}
		y, slope, divergence := make([]float64, n), make([]float64, n), make([]float64, n)
		r.Relaxed(y, logits[:n], u[:n], r.Temperature)
		r.RelaxedSlope(slope, dy[:n], y, r.Temperature)
		r.DivergenceSlope(divergence, logits[:n], 1)
		for i := range n {
			const h = 1e-5
			up, down := append([]float64(nil), logits[:n]...), append([]float64(nil), logits[:n]...)
			up[i] += h
			down[i] -= h
			for what, pair := range map[string][2]float64{
				"draw": {slope[i], (value(up) - value(down)) / 2 / h}, "divergence": {divergence[i], (r.Divergence(up) - r.Divergence(down)) / 2 / h},
			} {
				if math.Abs(pair[0]-pair[1]) > 1e-7*max(1, math.Abs(pair[1])) {
					t.Errorf("%v: slope of the %s by logit %d is %v, differences say %v", r, what, i, pair[0], pair[1])
				}
			}
		}
	}
}

// TestRelaxationEnds: a low temperature chooses, fixed draws have each part once, and logits of any size leave everything finite.
func TestRelaxationEnds(t *testing.T) {
	for _, r := range []Relaxation{{Classes: 1}, {Classes: 3}} {
		logits, u := []float64{0.4, 0.1, -2}, []float64{0.3, 0.8, 0.5}
		y, z := make([]float64, r.Classes), make([]float64, r.Classes)
		r.Relaxed(y, logits[:r.Classes], u[:r.Classes], 1e-3)
		r.Choose(z, logits[:r.Classes], u[:r.Classes])
		for i := range y {
			if math.Abs(y[i]-z[i]) > 1e-9 {
				t.Errorf("%s: relaxed %v, chosen %v", r.Word(), y, z)
			}
		}
		for _, size := range []float64{1e4, -1e4, 1e30} {
			l := []float64{size, -size, 0}[:r.Classes]
			d := make([]float64, r.Classes)
			r.DivergenceSlope(d, l, 1)
			kl := r.Divergence(l)
			if want := math.Log(float64(max(2, r.Classes))); math.Abs(kl-want) > 1e-9 || math.IsNaN(d[0]) {
				t.Errorf("%s with logits %v: divergence %v, want %v; slopes %v", r.Word(), l, kl, want, d)
			}
		}
	}
	for i := range 100 {
		var seen [Draws]bool
		for k := range Draws {
			seen[int(Level(k, i)*Draws)] = true
		}
		for part, ok := range seen {
			if !ok {
				t.Fatalf("logit %d: no fixed draw has part %d", i, part)
			}
		}
	}
	r := Relaxation{Classes: 1, Temperature: 2, Floor: 0.5, Anneal: 4}
	for _, c := range [][2]float64{{0, 2}, {2, 1}, {4, 0.5}, {9, 0.5}} {
		if got := r.At(c[0]); math.Abs(got-c[1]) > 1e-12 {
			t.Errorf("temperature after %v epochs is %v, want %v", c[0], got, c[1])
		}
	}
}
