package interp

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// The slots of a training state that hold the moving averages of a codebook: uses of each vector, and sums of what it replaced, [codes, dim].
const (
	CodebookUses = "codebook.uses"
	CodebookSums = "codebook.sums"
)

// quantize replaces groups of values by vectors of the codebook, and returns their numbers. Where there is no nearest one, values are NaN.
func (r *run) quantize(v *ir.Value) (z []float64, nearest []int) {
	h, book := r.arg(v, 0), r.arg(v, 1)
	dim, codes := r.dims(v.Args[1])
	c := nn.Codebook{Codes: codes, Dim: dim}
	z = make([]float64, len(h))
	for from := 0; from < len(h); from += dim {
		at := c.Nearest(h[from:from+dim], book)
		nearest = append(nearest, at)
		for k := range dim {
			if z[from+k] = math.NaN(); at >= 0 {
				z[from+k] = book[k*codes+at]
			}
		}
	}
	return z, nearest
}

// quantizeBatch is quantize, and moves the codebook: what it becomes is in the result's parameters, the moving averages in its state.
func (r *run) quantizeBatch(v *ir.Value, c nn.Codebook) []float64 {
	h, book := r.arg(v, 0), append([]float64(nil), r.arg(v, 1)...)
	z, nearest := r.quantize(v)
	counts, sums := make([]float64, c.Codes), make([]float64, c.Codes*c.Dim)
	for g, at := range nearest {
		if at < 0 { // the loss is not finite, and there is no step
			return z
		}
		counts[at]++
		for k := range c.Dim {
			sums[at*c.Dim+k] += h[g*c.Dim+k]
		}
	}
	uses, m := make([]float64, c.Codes), make([]float64, c.Codes*c.Dim)
	copy(uses, r.env.State[CodebookUses])
	copy(m, r.env.State[CodebookSums])
	total := c.Decay*sum(uses) + (1-c.Decay)*float64(len(nearest))
	for i := range uses {
		from := nn.Outside(nn.NoiseBits(r.env.Seed, nn.BookStream, r.env.Step, 0, i), len(nearest)) * c.Dim
		e := make([]float64, c.Dim)
		for k := range e {
			e[k] = book[k*c.Codes+i]
		}
		uses[i] = c.Learn(e, m[i*c.Dim:(i+1)*c.Dim], uses[i], counts[i], sums[i*c.Dim:(i+1)*c.Dim], total, h[from:from+c.Dim])
		for k, x := range e {
			book[k*c.Codes+i] = x
		}
	}
	r.result.State[CodebookUses], r.result.State[CodebookSums] = uses, m
	r.result.Params[v.Args[1].Op.(ir.Param).Name] = book
	return z
}

// commit computes β·Σ(h - z)² of samples, [B], or its derivative by h.
func (r *run) commit(v *ir.Value) []float64 {
	out := make([]float64, r.size(v))
	_, n := r.dims(v.Args[0])
	switch op := v.Op.(type) {
	case ir.Commit:
		for i, h := range r.arg(v, 0) {
			d := h - r.arg(v, 1)[i]
			out[i/n] += op.Beta * d * d
		}
	case ir.CommitGrad:
		for i, h := range r.arg(v, 0) {
			out[i] = 2 * op.Beta * (h - r.arg(v, 1)[i]) * r.arg(v, 2)[i/n]
		}
	case ir.AddCommitGrad:
		for i, d := range r.arg(v, 0) {
			out[i] = d + 2*op.Beta*(r.arg(v, 1)[i]-r.arg(v, 2)[i])/float64(r.env.Batch)
		}
	default:
		panic(fmt.Sprintf("internal error: no meaning of %T", v.Op))
	}
	return out
}
