package nn

import (
	"fmt"
	"math"
	"strconv"
)

// A Codebook is the vectors that replace groups of values of a code, and how they are learned: van den Oord, Vinyals and Kavukcuoglu, Neural
// discrete representation learning, 2017, with the moving averages of its appendix A.1.
type Codebook struct {
	Codes, Dim int     // how many vectors, and of how many values
	Decay      float64 // of the moving averages of a step
	// Revive is the share of the even use of all vectors below which one starts again from what the encoder made of the batch: Dhariwal et
	// al., Jukebox, 2020, section 3.1, who compare with a number of uses in its place. 0 leaves vectors that are not used where they are.
	Revive float64
}

// Smoothing is added to each count before the mean of a vector is taken by it, as in the authors' implementation (sonnet): Laplace smoothing.
const Smoothing = 1e-5

// Nearest is the number of the vector at the least Euclidean distance from h, the first of equals, or -1 where no distance is finite. Book is
// [Dim, Codes].
func (c Codebook) Nearest(h, book []float64) int {
	best, at := math.Inf(1), -1
	for i := range c.Codes {
		sum := 0.0
		for k, v := range h {
			d := v - book[k*c.Codes+i]
			sum += d * d
		}
		if sum < best {
			best, at = sum, i
		}
	}
	return at
}

// Learn moves the moving averages of one vector, of its uses and of the sums of what it replaced, by those of a batch, and sets the
// vector. Total is the sum of all vectors' uses after the step; outside, what the vector becomes where it is used too little.
//
//	N ← γ·N + (1-γ)·n    m ← γ·m + (1-γ)·Σh    e ← m / N̂,  N̂ = (N + ε)/(ΣN + Codes·ε)·ΣN
//	where N < Revive·ΣN/Codes:    e ← outside,  N ← ΣN/Codes,  m ← N·e
//
// A vector that was never used stays where it is, unless it is revived.
func (c Codebook) Learn(e, m []float64, uses, count float64, sums []float64, total float64, outside []float64) (newUses float64) {
	uses = c.Decay*uses + (1-c.Decay)*count
	even := total / float64(c.Codes)
	if uses < c.Revive*even {
		for k, v := range outside {
			e[k], m[k] = v, even*v
		}
		return even
	}
	if uses == 0 {
		return 0
	}
	smooth := (uses + Smoothing) / (total + float64(c.Codes)*Smoothing) * total
	for k := range e {
		m[k] = c.Decay*m[k] + (1-c.Decay)*sums[k]
		e[k] = m[k] / smooth
	}
	return uses
}

// Outside is the number of what the encoder made that vector i becomes, of n, by its bits of a step: uniform.
func Outside(bits int32, n int) int { return int(uint64(uint32(bits)) * uint64(n) >> 32) }

// BookStream is the stream by which vectors of a codebook start again.
const BookStream = 1 << 37

// String is the codebook as graphs show it.
func (c Codebook) String() string {
	return fmt.Sprintf("%d×%d, %s", c.Codes, c.Dim, c.Rule())
}

// Rule is how it is learned, as a spec says it.
func (c Codebook) Rule() string {
	return fmt.Sprintf("ema(decay: %s, revive: %s)", strconv.FormatFloat(c.Decay, 'g', -1, 64), strconv.FormatFloat(c.Revive, 'g', -1, 64))
}
