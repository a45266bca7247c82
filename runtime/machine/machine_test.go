package machine

import (
	"math"
	"math/bits"
	"testing"
)

// TestMultiplyAdd holds the sum against lanes·(1 - 2⁻ⁿ), which counts both lanes and rounds.
func TestMultiplyAdd(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10} {
		share := 1 - math.Ldexp(1, -n)
		if got, want := float64(multiplyAdd(n)), share*float64(lanes()); got != want {
			t.Errorf("%d rounds of %d numbers sum up to %v, want %v", n, lanes(), got, want)
		}
		if got, want := float64(portableMultiplyAdd(n)), share*portableLanes; got != want {
			t.Errorf("in Go, %d rounds of %d numbers sum up to %v, want %v", n, portableLanes, got, want)
		}
	}
}

// TestRead holds what read returns against a loop. A word that is left out, or read twice, changes it.
func TestRead(t *testing.T) {
	x := make([]float32, 5*line)
	for i := range x {
		x[i] = math.Float32frombits(bits.Reverse32(uint32(i)*2654435761) + uint32(i))
	}
	for lines := range 6 {
		want := uint32(0)
		for _, v := range x[:lines*line] {
			want ^= math.Float32bits(v)
		}
		for times, want := range []uint32{0, want, 0, want} {
			if got := read(x[:lines*line], times); got != want {
				t.Errorf("%d lines %d times give %08x, want %08x", lines, times, got, want)
			}
			if got := portableRead(x[:lines*line], times); got != want {
				t.Errorf("in Go, %d lines %d times give %08x, want %08x", lines, times, got, want)
			}
		}
	}
}

// TestRates measures on any number of threads and blocks of any size.
func TestRates(t *testing.T) {
	for _, threads := range []int{1, 3} {
		if rate := Peak(threads); !(rate > 0) || math.IsInf(rate, 0) {
			t.Errorf("%d threads: peak %v", threads, rate)
		}
		for _, bytes := range []int{0, 5000, 1<<20 + 4} {
			if rate := Bandwidth(bytes, threads); !(rate > 0) || math.IsInf(rate, 0) {
				t.Errorf("%d threads, %d bytes: bandwidth %v", threads, bytes, rate)
			}
		}
	}
}
