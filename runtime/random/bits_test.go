package random

import (
	"math"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
)

// TestBitsAreThoseOfNoise compares with what the compiler says of noise, for every part of a key.
func TestBitsAreThoseOfNoise(t *testing.T) {
	for _, c := range []struct {
		seed                uint64
		noise, step, sample int
	}{{1, 0, 0, 0}, {2, 0, 0, 0}, {1, 1, 0, 0}, {1, 0, 1, 0}, {1, 0, 0, 1}, {1 << 53, 3, 1 << 30, 1 << 20}} {
		stream := nn.NoiseStream(c.noise)
		key := Subkey(Subkey(Key(c.seed, stream), c.step), c.sample)
		for i := range 9 {
			if got, want := Bits(key, i), nn.NoiseBits(c.seed, stream, c.step, c.sample, i); got != want {
				t.Errorf("%+v: bits %d are %d, want %d", c, i, got, want)
			}
		}
	}
}

// TestBitsArePinned: noise of earlier releases must not change.
func TestBitsArePinned(t *testing.T) {
	key := Subkey(Subkey(Key(1, 1<<34), 2), 3)
	for i, want := range []int32{1823073115, 1893700832, 182731032} {
		if got := Bits(key, i); got != want {
			t.Errorf("bits %d are %d, want %d", i, got, want)
		}
	}
}

// TestBitsAreUncorrelated holds the correlation of neighbours in a sample, of samples, steps and streams, and the mean and the variance,
// against five standard errors.
func TestBitsAreUncorrelated(t *testing.T) {
	const width, steps = 512, 2048
	value := func(stream uint64, step, sample, i int) float64 {
		return float64(Bits(Subkey(Subkey(Key(7, stream), step), sample), i)) / (1 << 31)
	}
	const stream = 1 << 34
	for name, neighbour := range map[string]func(step, i int) float64{
		"itself":            func(step, i int) float64 { return value(stream, step, 5, i) },
		"the next value":    func(step, i int) float64 { return value(stream, step, 5, i+1) },
		"the next word":     func(step, i int) float64 { return value(stream, step, 5, i+2) },
		"the next sample":   func(step, i int) float64 { return value(stream, step, 6, i) },
		"the next step":     func(step, i int) float64 { return value(stream, step+1, 5, i) },
		"the next stream":   func(step, i int) float64 { return value(stream+1, step, 5, i) },
		"a step and sample": func(step, i int) float64 { return value(stream, step+1, 4, i) },
	} {
		sum, product := 0.0, 0.0
		for step := range steps {
			for i := range width {
				v := value(stream, step, 5, i)
				sum += v
				product += v * neighbour(step, i)
			}
		}
		const n = width * steps
		near(t, "mean", sum/n, 0, 5/math.Sqrt(3*n))
		want, deviation := 0.0, 1.0/3
		if name == "itself" {
			want, deviation = 1.0/3, math.Sqrt(1.0/5-1.0/9)
		}
		near(t, "product with "+name, product/n, want, 5*deviation/math.Sqrt(n))
	}
}
