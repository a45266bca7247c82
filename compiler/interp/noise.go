package interp

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// corrupt spoils the values of samples by the bits of the step that comes next.
func (r *run) corrupt(v *ir.Value, noises []nn.Noise) []float64 {
	_, n := r.dims(v)
	y := append([]float64(nil), r.arg(v, 0)...)
	for i, noise := range noises {
		for j := range y {
			y[j] = noise.Value(y[j], nn.NoiseBits(r.env.Seed, nn.NoiseStream(i), r.env.Step, j/n, j%n))
		}
	}
	return y
}
