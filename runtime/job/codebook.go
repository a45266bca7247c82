package job

import (
	"context"
	"math"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/train"
)

// A Codebook is what a package has beside the rest where its code is made of vectors of a codebook. All functions may be called from several
// goroutines.
type Codebook[Z, R, M any] struct {
	Vectors, Groups int // of the codebook, of a code
	// Numbers sets numbers to those of the vectors of a code.
	Numbers func(m M, numbers []uint16, z *Z)
	// Imagine decodes vectors drawn uniformly; nil of models with a target.
	Imagine func(m M, r *R, rng *random.Source)
}

// Usage is how much of a codebook the samples of an eval use.
type Usage struct {
	Vectors int     `json:"vectors"` // of the codebook
	Used    float64 `json:"used"`    // share of them that any sample uses
	// Perplexity is the exponential of the entropy of the use of the vectors, over all groups: as many vectors, used evenly, have the same.
	Perplexity float64 `json:"perplexity"`
	Bits       float64 `json:"bits"`    // of a sample's code: log₂ of the vectors for each group
	Entropy    float64 `json:"entropy"` // the bits that remain where each group's number is coded by its frequency in its place
}

// usage counts the vectors of samples' codes.
func (w *worker[X, Y, Z, R, M]) usage(ctx context.Context, m M, data train.Pairs[X, Y]) (*Usage, error) {
	b := w.p.Codebook
	counts := make([]int, b.Groups*b.Vectors)
	var pieces [round / piece][]uint16
	for i := range pieces {
		pieces[i] = make([]uint16, piece*b.Groups)
	}
	do := func(from, to int) {
		z := make([]Z, to-from)
		m.EncodeBatch(z, data.X[from:to])
		for i := range z {
			b.Numbers(m, pieces[from%round/piece][i*b.Groups:(i+1)*b.Groups], &z[i])
		}
	}
	end := func(from, to int) error {
		for i := range (to - from) * b.Groups {
			counts[i%b.Groups*b.Vectors+int(pieces[i/(piece*b.Groups)][i%(piece*b.Groups)])]++
		}
		return nil
	}
	if err := pass(ctx, w.job.Threads, data.Len(), w.tell, do, end); err != nil {
		return nil, err
	}
	u := &Usage{Vectors: b.Vectors, Bits: float64(b.Groups) * math.Log2(float64(b.Vectors))}
	all := make([]int, b.Vectors)
	for g := range b.Groups {
		group := counts[g*b.Vectors : (g+1)*b.Vectors]
		u.Entropy += entropy(group) / math.Ln2
		for i, n := range group {
			all[i] += n
		}
	}
	u.Perplexity = math.Exp(entropy(all))
	for _, n := range all {
		if n > 0 {
			u.Used += 1 / float64(b.Vectors)
		}
	}
	return u, nil
}

// entropy is that of a distribution with such counts, in nats.
func entropy(counts []int) float64 {
	total, sum := 0, 0.0
	for _, n := range counts {
		total += n
	}
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(total)
			sum -= p * math.Log(p)
		}
	}
	return sum
}
