package topk

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRanks compares with sorting.
func TestRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for round := range 300 {
		x := make([]float32, 1+r.IntN(300))
		for i := range x {
			switch x[i] = float32(r.NormFloat64()); round % 4 {
			case 1:
				x[i] = max(0, x[i])
			case 2:
				x[i] = float32(r.IntN(3)) - 1
			case 3:
				x[i] = math.Float32frombits(r.Uint32() &^ (1 << 30))
			}
		}
		sorted := slices.Sorted(slices.Values(x))
		k := 1 + r.IntN(len(x))
		var ranks Ranks
		for ranks.Begin(k); ranks.More(); ranks.Next() {
			for from := 0; from < len(x); from += 7 {
				ranks.Count(x[from:min(from+7, len(x))])
			}
		}
		if got, want := ranks.Value(), sorted[len(x)-k]; got != want {
			t.Fatalf("number %d of %v is %v, want %v", k, x, got, want)
		}
	}
	var ranks Ranks
	for ranks.Begin(1); ranks.More(); ranks.Next() {
		ranks.Count([]float32{1, float32(math.NaN()), 2})
	}
	if got := ranks.Value(); got == got {
		t.Errorf("the largest of values with a NaN is %v, want NaN", got)
	}
}
