package topk

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sorted is Select by sorting.
func sorted(k int, x []float32) []uint32 {
	places := make([]uint32, len(x))
	for i := range places {
		places[i] = uint32(i)
	}
	slices.SortStableFunc(places, func(i, j uint32) int {
		a, b := x[i], x[j]
		switch {
		case a != a && b != b:
			return 0
		case a != a:
			return -1
		case b != b:
			return 1
		}
		return cmp.Compare(b, a)
	})
	places = places[:k]
	slices.Sort(places)
	return places
}

// TestSelect compares with sorting: few and many values, ties, zeros of both signs, infinities, NaN, and lists that overflow.
func TestSelect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), -float32(math.NaN())}
	fill := map[string]func() float32{
		"normal":   func() float32 { return float32(r.NormFloat64()) },
		"relu":     func() float32 { return max(0, float32(r.NormFloat64()-2)) },
		"few":      func() float32 { return float32(r.IntN(3) - 1) },
		"equal":    func() float32 { return 1 },
		"negative": func() float32 { return -float32(r.ExpFloat64()) },
		"special":  func() float32 { return special[r.IntN(len(special))] },
		"rare NaN": func() float32 {
			if r.IntN(100) == 0 {
				return float32(math.NaN())
			}
			return float32(r.NormFloat64())
		},
	}
	for _, size := range []struct{ n, k int }{{1, 1}, {5, 5}, {7, 3}, {64, 8}, {300, 2}, {1000, 25}, {1000, 70}, {1000, 999}, {1027, 32}, {16384, 32}, {16384, 256}, {16384, 300}, {5000, 100}} {
		for name, value := range fill {
			x := make([]float32, size.n)
			for i := range x {
				x[i] = value()
			}
			got := make([]uint32, size.k)
			Select(got, x)
			if want := sorted(size.k, x); !slices.Equal(got, want) {
				t.Errorf("%s: the %d largest of %d are %v, want %v", name, size.k, size.n, got, want)
			}
		}
	}
}

// TestBound compares with sorting.
func TestBound(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 2000 {
		m := make([]float32, 1+r.IntN(70))
		for i := range m {
			m[i] = float32(r.IntN(20)) - 5
		}
		k := 1 + r.IntN(len(m))
		want := slices.Sorted(slices.Values(m))[len(m)-k]
		if got := Bound(m, k); got != want {
			t.Fatalf("number %d of %v is %v, want %v", k, m, got, want)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	x, index := make([]float32, 16384), make([]uint32, 32)
	for i := range x {
		x[i] = float32(i * 7919 % 16381)
	}
	if n := testing.AllocsPerRun(5, func() { Select(index, x) }); n != 0 {
		t.Errorf("Select allocates %v times", n)
	}
}

func BenchmarkSelect(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 1))
	x, index := make([]float32, 16384), make([]uint32, 32)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for b.Loop() {
		Select(index, x)
	}
}
