package interp

import (
	"cmp"
	"math"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
)

// topK keeps the k largest values of each sample: Makhzani and Frey, k-Sparse Autoencoders, 2014. A NaN is above all numbers, so
// that it is not lost.
func (r *run) topK(v *ir.Value, k int) []float64 {
	x := r.arg(v, 0)
	_, n := r.dims(v)
	out := make([]float64, len(x))
	for from := 0; from < len(x); from += n {
		order := make([]int, n)
		for i := range order {
			order[i] = from + i
		}
		slices.SortStableFunc(order, func(i, j int) int { return larger(x[i], x[j]) })
		for _, i := range order[:k] {
			out[i] = x[i]
		}
	}
	return out
}

// larger orders values from the largest to the least, NaN first.
func larger(x, y float64) int {
	if math.IsNaN(x) || math.IsNaN(y) {
		return -cmp.Compare(b2i(math.IsNaN(x)), b2i(math.IsNaN(y)))
	}
	return -cmp.Compare(x, y)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// keptGrad is the gradient of a value that was kept, where y is not 0.
func keptGrad(dy, y float64) float64 {
	if y == 0 {
		return 0
	}
	return dy
}
