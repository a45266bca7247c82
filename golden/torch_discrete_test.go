package golden

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/runtime/discrete"
	"github.com/aegen/aegen/runtime/random"
)

// TestClassesAgreeWithTorch compares relaxed draws of units of several classes, their divergence and both derivatives with PyTorch: what the
// interpreter takes from nn, and what generated code takes from the runtime.
func TestClassesAgreeWithTorch(t *testing.T) {
	var want struct {
		Samples, Units, Classes        int
		Temperature                    float64
		Y, KL, Slope, Divergence_slope []float64
	}
	raw, err := os.ReadFile("torch/classes.json")
	if err == nil {
		err = json.Unmarshal(raw, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	n := want.Units * want.Classes
	logits, dy := hashes(0, want.Samples*n, 2), hashes(1, want.Samples*n, 1)
	near := func(what string, i int, got, want, bound float64) {
		t.Helper()
		if !(math.Abs(got-want) <= bound*max(1, math.Abs(want))) {
			t.Errorf("%s %d is %.12g, PyTorch %.12g", what, i, got, want)
		}
	}
	r := nn.Relaxation{Classes: want.Classes, Temperature: want.Temperature}
	for i := 0; i < len(logits); i += want.Classes {
		u, y, slope, divergence := make([]float64, want.Classes), make([]float64, want.Classes), make([]float64, want.Classes), make([]float64, want.Classes)
		for c := range u {
			u[c] = nn.Fraction(nn.NoiseBits(1, nn.DrawStream(0), 0, i/n, i%n+c))
		}
		unit := float64s(logits[i : i+want.Classes])
		r.Relaxed(y, unit, u, want.Temperature)
		r.RelaxedSlope(slope, float64s(dy[i:i+want.Classes]), y, want.Temperature)
		r.DivergenceSlope(divergence, unit, 1)
		near("divergence", i, r.Divergence(unit), want.KL[i/want.Classes], 1e-12)
		near("divergence in float32", i, discrete.UnitDivergence(logits[i:i+want.Classes]), want.KL[i/want.Classes], 1e-5)
		for c := range u {
			near("draw", i+c, y[c], want.Y[i+c], 1e-12)
			near("slope", i+c, slope[c], want.Slope[i+c], 1e-12)
			near("slope of the divergence", i+c, divergence[c], want.Divergence_slope[i+c], 1e-12)
		}
	}
	for s := range want.Samples {
		key := random.Subkey(random.Subkey(random.Key(1, nn.DrawStream(0)), 0), s)
		row := logits[s*n : (s+1)*n]
		y, d, sum := make([]float32, n), make([]float32, n), make([]float32, n)
		discrete.Relax(y, row, want.Classes, key, want.Temperature)
		discrete.RelaxGrad(d, dy[s*n:(s+1)*n], y, want.Classes, want.Temperature)
		discrete.AddDivergenceGrad(sum, make([]float32, n), row, want.Classes, 1)
		for i := range n {
			near("draw in float32", s*n+i, float64(y[i]), want.Y[s*n+i], 1e-5)
			near("slope in float32", s*n+i, float64(d[i]), want.Slope[s*n+i], 1e-5)
			near("slope of the divergence in float32", s*n+i, float64(sum[i]), want.Divergence_slope[s*n+i], 1e-5)
		}
	}
}

// hashes are the numbers of fill in fixtures.py, times a factor.
func hashes(stream, n int, factor float32) []float32 {
	v := make([]float32, n)
	for i := range v {
		h := uint32(i)*2654435761 + uint32(stream)*40503 + 977
		h ^= h >> 15
		h *= 2246822519
		h ^= h >> 13
		v[i] = float32(float64(h>>8)/(1<<23)-1) * factor
	}
	return v
}
