package random

import (
	"hash/fnv"
	"math"
	"slices"
	"testing"
)

// TestWordsAreSplitMix64 compares with the outputs that the reference implementation gives for state 1234567.
func TestWordsAreSplitMix64(t *testing.T) {
	want := []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821}
	for i, w := range want {
		if got := word(1234567, i); got != w {
			t.Errorf("word %d is %d, want %d", i, got, w)
		}
	}
}

// TestValuesArePinned: weights and orders of earlier releases must not change.
func TestValuesArePinned(t *testing.T) {
	u := make([]float32, 4)
	Uniform(u, 0.5, 1, 2)
	if want := []float32{0.3240786, 0.39810547, -0.1573455, 0.41886333}; !slices.Equal(u, want) {
		t.Errorf("Uniform gives %v, want %v", u, want)
	}
	p := make([]int32, 10)
	Permutation(p, 1, 2)
	if want := []int32{7, 5, 1, 6, 3, 2, 4, 0, 8, 9}; !slices.Equal(p, want) {
		t.Errorf("Permutation gives %v, want %v", p, want)
	}
	long := make([]int32, 60000)
	Permutation(long, 7, 1<<32)
	h := fnv.New64a()
	for _, v := range long {
		h.Write([]byte{byte(v), byte(v >> 8), byte(v >> 16)})
	}
	if got, want := h.Sum64(), uint64(0x70d60b94dc856b3f); got != want {
		t.Errorf("a long permutation hashes to %#x, want %#x", got, want)
	}
}

func TestUniformDependsOnIndexAlone(t *testing.T) {
	long, short := make([]float32, 1000), make([]float32, 10)
	Uniform(long, 1, 3, 4)
	Uniform(short, 1, 3, 4)
	if !slices.Equal(long[:10], short) {
		t.Errorf("the first ten of 1000 values are %v, of 10 values %v", long[:10], short)
	}
}

// TestUniformMoments allows five standard errors.
func TestUniformMoments(t *testing.T) {
	const n = 1 << 20
	x := make([]float32, n)
	for stream := range uint64(4) {
		Uniform(x, 2, 9, stream)
		var sum, squares, lag float64
		for i, v := range x {
			sum += float64(v)
			squares += float64(v) * float64(v)
			if i > 0 {
				lag += float64(v) * float64(x[i-1])
			}
			if v < -2 || v > 2 {
				t.Fatalf("value %g is outside ±2", v)
			}
		}
		near(t, "mean", sum/n, 0, 5*2/math.Sqrt(3*n))
		near(t, "mean square", squares/n, 4.0/3, 5*math.Sqrt(16*(1.0/5-1.0/9)/n))
		near(t, "lag-1 product", lag/n, 0, 5*4.0/3/math.Sqrt(n))
	}
}

// TestUniformCells: χ² of 256 cells has mean 255 and standard deviation 22.6.
func TestUniformCells(t *testing.T) {
	x := make([]float32, 1<<20)
	Uniform(x, 128, 5, 6)
	var cells [256]float64
	for _, v := range x {
		cells[int(math.Floor(float64(v)))+128]++
	}
	near(t, "χ²", chi2(cells[:], float64(len(x))/256), 255, 5*22.6)
}

// TestStreamsDiffer: neighbouring seeds and streams are uncorrelated.
func TestStreamsDiffer(t *testing.T) {
	const n = 1 << 18
	base, other := make([]float32, n), make([]float32, n)
	Uniform(base, 1, 1, 1)
	for _, at := range [][2]uint64{{1, 2}, {2, 1}, {2, 2}, {0, 1}, {1, 0}, {1, 1 << 32}} {
		Uniform(other, 1, at[0], at[1])
		dot := 0.0
		for i := range base {
			dot += float64(base[i]) * float64(other[i])
		}
		near(t, "correlation", 3*dot/n, 0, 5/math.Sqrt(n))
	}
}

func TestPermutationHoldsEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 100, 4097} {
		p := make([]int32, n)
		Permutation(p, 11, 12)
		slices.Sort(p)
		for i, v := range p {
			if v != int32(i) {
				t.Fatalf("sorted permutation of %d holds %d at %d", n, v, i)
			}
		}
	}
}

// TestPermutationsAreEquallyLikely counts the 24 orders of 4 values: χ² has mean 23 and standard deviation 6.8.
func TestPermutationsAreEquallyLikely(t *testing.T) {
	const n = 24_000
	count := map[[4]int32]float64{}
	for stream := range uint64(n) {
		var p [4]int32
		Permutation(p[:], 13, stream)
		count[p]++
	}
	var cells []float64
	for _, c := range count {
		cells = append(cells, c)
	}
	if len(cells) != 24 {
		t.Fatalf("%d of 24 orders occur", len(cells))
	}
	near(t, "χ²", chi2(cells, n/24), 23, 5*6.8)
}

func chi2(cells []float64, expected float64) (sum float64) {
	for _, c := range cells {
		sum += (c - expected) * (c - expected) / expected
	}
	return sum
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %g, want %g ± %g", what, got, want, within)
	}
}
