package nn

import (
	"math"
	"testing"
)

func TestNoiseValues(t *testing.T) {
	const quarter = 1 << 30
	for _, c := range []struct {
		n    Noise
		bits int32
		want float64
	}{
		{Noise{GaussianNoise, 2}, -1, 3},
		{Noise{GaussianNoise, 2}, quarter, 3 + 2*0.6744897501960817},    // the third quartile of the normal distribution
		{Noise{GaussianNoise, 2}, math.MinInt32, 3 - 2*6.3379577545537}, // finite at both ends
		{Noise{GaussianNoise, 2}, math.MaxInt32, 3 + 2*6.3379577545537},
		{Noise{MaskingNoise, 0.25}, -quarter - 1, 0},
		{Noise{MaskingNoise, 0.25}, -quarter, 3},
		{Noise{SaltPepperNoise, 0.5}, -quarter - 1, 0},
		{Noise{SaltPepperNoise, 0.5}, -quarter, 1},
		{Noise{SaltPepperNoise, 0.5}, -1, 1},
		{Noise{SaltPepperNoise, 0.5}, 0, 3},
		{Noise{UniformNoise, 0.2}, math.MinInt32, 2.9},
		{Noise{UniformNoise, 0.2}, quarter, 3.05},
		{Noise{DropoutNoise, 0.25}, -quarter - 1, 0},
		{Noise{DropoutNoise, 0.25}, -quarter, 4},
		{Noise{DropoutNoise, 0.25}, math.MaxInt32, 4},
	} {
		if got := c.n.Value(3, c.bits); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%v of 3 by %d is %v, want %v", c.n, c.bits, got, c.want)
		}
	}
}

// TestBelow holds the number that a share of all int32 is below, at the ends too.
func TestBelow(t *testing.T) {
	for p, want := range map[float64]int32{0: math.MinInt32, 1e-12: math.MinInt32, 0.25: -1 << 30, 0.5: 0, 1: math.MaxInt32} {
		if got := Below(p); got != want {
			t.Errorf("with probability %v bits are below %d, want %d", p, got, want)
		}
	}
}

func TestNoiseWords(t *testing.T) {
	if got, want := (Noise{SaltPepperNoise, 0.1}).String(), "salt_pepper(p: 0.1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
