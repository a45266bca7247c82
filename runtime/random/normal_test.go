package random

import (
	"math"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
)

// TestDeviatesAreThoseOfScores compares with what the compiler says of fixed draws.
func TestDeviatesAreThoseOfScores(t *testing.T) {
	if FixedDraws != nn.Draws {
		t.Fatalf("%d fixed draws, want %d", FixedDraws, nn.Draws)
	}
	for k := range FixedDraws {
		for i := range 100 {
			if got, want := Deviate(k, i), float32(nn.Deviate(k, i)); got != want {
				t.Errorf("number %d of draw %d is %v, want %v", i, k, got, want)
			}
		}
	}
}

// TestNormalMoments allows five standard errors.
func TestNormalMoments(t *testing.T) {
	const n = 1 << 20
	key := Subkey(Key(3, nn.DrawStream(0)), 7)
	var sums [4]float64
	for i := range n {
		x, power := Normal(Bits(key, i)), 1.0
		for j := range sums {
			power *= x
			sums[j] += power
		}
	}
	for j, want := range []struct{ moment, variance float64 }{{0, 1}, {1, 2}, {0, 15}, {3, 96}} {
		near(t, "moment", sums[j]/n, want.moment, 5*math.Sqrt(want.variance/n))
	}
}
