package interp

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// corrupt spoils the values of samples by noises, one after the other.
func (r *run) corrupt(v *ir.Value, noises []nn.Noise) []float64 {
	y := r.arg(v, 0)
	for i, noise := range noises {
		y = r.spoil(v, y, noise, nn.NoiseStream(i))
	}
	return y
}

// spoil is x, of v's type, spoilt by a noise: by the bits of a stream for the step that comes next.
func (r *run) spoil(v *ir.Value, x []float64, noise nn.Noise, stream uint64) []float64 {
	_, n := r.dims(v)
	y := make([]float64, len(x))
	for j := range y {
		y[j] = noise.Value(x[j], nn.NoiseBits(r.env.Seed, stream, r.env.Step, j/n, j%n))
	}
	return y
}
