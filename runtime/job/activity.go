package job

import (
	"context"
	"math"

	"github.com/aegen/aegen/runtime/train"
)

// Above is the magnitude above which a value of a code counts as not 0: training that only shrinks values leaves small ones.
const Above = 1e-3

// Activity is how much of a sparse code is used, over the samples of an eval.
type Activity struct {
	Above float64 `json:"above"` // the magnitude above which a value counts
	L0    float64 `json:"l0"`    // values of a sample's code that count, mean over samples
	Zeros float64 `json:"zeros"` // share of all values that are exactly 0
	Dead  float64 `json:"dead"`  // share of the latents whose value counts for no sample
	// FVU is the fraction of variance unexplained: Σ|x - r|² over Σ|x - x̄|², with x̄ the mean sample. A code that says nothing has 1.
	// It is 0 of records, and of samples that are all equal.
	FVU float64 `json:"fvu"`
	// Frequency is, for each latent, the share of the samples for which its value counts. Mean is the mean of its values.
	Frequency []float64 `json:"frequency"`
	Mean      []float64 `json:"mean"`
}

// uses are sums over the samples of a piece, or of all pieces so far.
type uses struct {
	counts, zeros  []int     // by latent
	values         []float64 // by latent
	shifts, spread []float64 // by value that is reconstructed: of its differences from the first sample's, and of their squares
}

func newUses(latents, width int) *uses {
	return &uses{make([]int, latents), make([]int, latents), make([]float64, latents), make([]float64, width), make([]float64, width)}
}

func (u *uses) clear() {
	clear(u.counts)
	clear(u.zeros)
	clear(u.values)
	clear(u.shifts)
	clear(u.spread)
}

func (u *uses) add(v *uses) {
	for i := range u.counts {
		u.counts[i] += v.counts[i]
		u.zeros[i] += v.zeros[i]
		u.values[i] += v.values[i]
	}
	for i := range u.shifts {
		u.shifts[i] += v.shifts[i]
		u.spread[i] += v.spread[i]
	}
}

// activity measures the codes of samples. Squares is their squared error, in the units of the data.
func (w *worker[X, Y, Z, R, M]) activity(ctx context.Context, m M, data train.Pairs[X, Y], squares float64) (*Activity, error) {
	var z Z
	latents, width := len(floatsOf(&z)), w.width()
	if w.structs() != nil { // they have no variance
		width = 0
	}
	total := newUses(latents, width)
	var pieces [round / piece]*uses
	for i := range pieces {
		pieces[i] = newUses(latents, width)
	}
	do := func(from, to int) { w.use(pieces[from%round/piece], m, data, from, to, width) }
	end := func(from, to int) error { // pieces in their order: results do not depend on threads
		for _, u := range pieces[:(to-from+piece-1)/piece] {
			total.add(u)
		}
		return nil
	}
	if err := pass(ctx, w.job.Threads, data.Len(), w.tell, do, end); err != nil {
		return nil, err
	}
	return total.activity(float64(data.Len()), squares), nil
}

// use sums over the samples from to to-1.
func (w *worker[X, Y, Z, R, M]) use(u *uses, m M, data train.Pairs[X, Y], from, to, width int) {
	u.clear()
	z := make([]Z, to-from)
	m.EncodeBatch(z, data.X[from:to])
	var first []float32
	if width > 0 {
		first = w.want(data, 0, width)
	}
	for i := range z {
		for j, v := range floatsOf(&z[i]) {
			if v == 0 {
				u.zeros[j]++
			} else if v > Above || v < -Above {
				u.counts[j]++
			}
			u.values[j] += float64(v)
		}
		if width == 0 {
			continue
		}
		for j, v := range w.want(data, from+i, width) {
			d := float64(v) - float64(first[j])
			u.shifts[j] += d
			u.spread[j] += d * d
		}
	}
}

// activity is what the sums over n samples say.
func (u *uses) activity(n, squares float64) *Activity {
	a := &Activity{Above: Above, Frequency: make([]float64, len(u.counts)), Mean: make([]float64, len(u.counts))}
	counted, zeros, dead := 0, 0, 0
	for i, count := range u.counts {
		a.Frequency[i], a.Mean[i] = float64(count)/n, u.values[i]/n
		counted += count
		zeros += u.zeros[i]
		if count == 0 {
			dead++
		}
	}
	latents := float64(len(u.counts))
	a.L0, a.Zeros, a.Dead = float64(counted)/n, float64(zeros)/n/latents, float64(dead)/latents
	variance := 0.0
	for i, d := range u.shifts {
		variance += max(0, u.spread[i]-d*d/n)
	}
	if a.FVU = squares / variance; math.IsNaN(a.FVU) || math.IsInf(a.FVU, 0) {
		a.FVU = 0 // all samples are equal: there is nothing to explain
	}
	return a
}
