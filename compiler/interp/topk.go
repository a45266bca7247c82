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

// thresholdRate is what a step's bound counts in the running mean.
const thresholdRate = 0.01

// batchTopK keeps the k·B largest values of a batch, as far as they are above 0: Bussmann et al., BatchTopK Sparse Autoencoders, 2024. All
// values that equal the bound stay. The first step's bound is the threshold's first value.
func (r *run) batchTopK(v *ir.Value, k int) []float64 {
	x, threshold := r.arg(v, 0), r.arg(v, 1)[0]
	sorted := slices.Clone(x)
	slices.SortFunc(sorted, larger)
	bound := sorted[min(k*r.env.Batch, len(sorted))-1]
	next := max(bound, 0)
	if r.env.Step > 0 {
		next = (1-thresholdRate)*threshold + thresholdRate*next
	}
	r.result.Params[v.Args[1].Op.(ir.Param).Name] = []float64{next}
	return above(x, bound)
}

// above keeps the values that are above 0 and no less than a bound.
func above(x []float64, bound float64) []float64 {
	return mapped(x, func(v float64) float64 {
		if v <= 0 || v < bound {
			return 0
		}
		return v
	})
}

// IdleSteps is the slot of a training state that counts for each value of the code the last steps in which it was 0 in every sample.
const IdleSteps = "idle"

// deadTopK keeps the k largest of the values that have been 0 for some steps: Gao et al., Scaling and Evaluating Sparse Autoencoders, 2024.
// The counts are those before the step; what it adds to them is in the result's state.
func (r *run) deadTopK(v *ir.Value, op ir.DeadTopK) []float64 {
	x, z := r.arg(v, 0), r.arg(v, 1)
	_, n := r.dims(v)
	idle := make([]float64, n)
	copy(idle, r.env.State[IdleSteps])
	var dead []int
	for i, steps := range idle {
		if steps >= float64(op.After) {
			dead = append(dead, i)
		}
	}
	out := make([]float64, len(x))
	for from := 0; from < len(x); from += n {
		order := slices.Clone(dead)
		slices.SortStableFunc(order, func(i, j int) int { return larger(x[from+i], x[from+j]) })
		for _, i := range order[:min(op.K, len(order))] {
			out[from+i] = x[from+i]
		}
	}
	next := make([]float64, n)
	for i := range next {
		next[i] = idle[i] + 1
	}
	for i, value := range z {
		if value != 0 {
			next[i%n] = 0
		}
	}
	r.result.State[IdleSteps] = next
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
