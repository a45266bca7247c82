package codebook

import (
	"math/bits"

	"github.com/aegen/aegen/runtime/random"
)

// smoothing is added to the count of each vector: Laplace smoothing, by the number of the authors' implementation of van den Oord, Vinyals and
// Kavukcuoglu, Neural discrete representation learning, 2017.
const smoothing = 1e-5

// Averages are the moving averages of a codebook: of the uses of each vector in a step, and of the sums of what it replaced.
type Averages struct {
	Codes, Dim    int
	Decay, Revive float64
	Uses          []float32 // [Codes]
	Sums          []float32 // [Codes][Dim]

	counts []float64 // of a step
	sums   []float64
	total  float64 // uses of all vectors after the step
}

// NewAverages returns averages of 0. It allocates.
func NewAverages(codes, dim int, decay, revive float64) *Averages {
	return &Averages{Codes: codes, Dim: dim, Decay: decay, Revive: revive, Uses: make([]float32, codes), Sums: make([]float32, codes*dim),
		counts: make([]float64, codes), sums: make([]float64, codes*dim)}
}

// Begin is told how many groups of values a step has replaced, before Learn.
func (a *Averages) Begin(groups int) {
	a.total = 0
	for _, n := range a.Uses {
		a.total += float64(n)
	}
	a.total = a.Decay*a.total + (1-a.Decay)*float64(groups)
}

// Learn moves the vectors from to to-1 by what they replaced in a step: h are values, Dim of each group, and numbers the number of the vector
// of each group. With n the uses of a vector in the step, N and m its averages, γ the decay and ε = 1e-5:
//
//	N ← γ·N + (1-γ)·n    m ← γ·m + (1-γ)·Σh    e ← m / N̂,  N̂ = (N + ε)/(ΣN + Codes·ε)·ΣN
//	where N < Revive·ΣN/Codes:    e ← the values of a group of the step,  N ← ΣN/Codes,  m ← N·e
//
// The group is chosen uniformly by the key's number of the vector (Dhariwal et al., Jukebox, 2020). A vector that was never used stays, unless it is
// revived. Groups are added in order, in float64, so it does not matter how vectors are shared between callers.
func (a *Averages) Learn(book, h, numbers []float32, key uint64, from, to int) {
	counts, sums := a.counts[from:to], a.sums[from*a.Dim:to*a.Dim]
	clear(counts)
	clear(sums)
	for g, number := range numbers {
		i := int(number) - from
		if uint(i) >= uint(len(counts)) {
			continue
		}
		counts[i]++
		sum := sums[i*a.Dim : (i+1)*a.Dim]
		for k, v := range h[g*a.Dim : (g+1)*a.Dim] {
			sum[k] += float64(v)
		}
	}
	key = random.Subkey(key, 0)
	even := a.total / float64(a.Codes)
	for i := from; i < to; i++ {
		m := a.Sums[i*a.Dim : (i+1)*a.Dim]
		uses := a.Decay*float64(a.Uses[i]) + (1-a.Decay)*counts[i-from]
		switch {
		case uses < a.Revive*even:
			group, _ := bits.Mul64(uint64(uint32(random.Bits(key, i)))<<32, uint64(len(numbers)))
			a.Uses[i] = float32(even)
			for k, v := range h[int(group)*a.Dim:][:a.Dim] {
				m[k] = float32(even * float64(v))
				book[place(a.Dim, i, k)] = v
			}
		case uses == 0:
			a.Uses[i] = 0
		default:
			a.Uses[i] = float32(uses)
			smooth := (uses + smoothing) / (a.total + float64(a.Codes)*smoothing) * a.total
			for k, sum := range sums[(i-from)*a.Dim:][:a.Dim] {
				v := a.Decay*float64(m[k]) + (1-a.Decay)*sum
				m[k] = float32(v)
				book[place(a.Dim, i, k)] = float32(v / smooth)
			}
		}
	}
}

// place is where value k of a vector is.
func place(dim, number, k int) int { return (number/panel*dim+k)*panel + number%panel }
