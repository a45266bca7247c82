package job

import (
	"context"
	"errors"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/train"
)

// sample writes samples of the model. Each draws from a source of its own.
func (w *worker[X, Y, Z, R, M]) sample(ctx context.Context, m M) error {
	var draw func(m M, r *R, rng *random.Source)
	switch {
	case w.p.Sampled != nil && w.job.Noise:
		draw = w.p.Sampled.Sample
	case w.p.Sampled != nil:
		draw = w.p.Sampled.Imagine
	case w.p.Codebook != nil && !w.job.Noise:
		draw = w.p.Codebook.Imagine
	case w.p.Codebook == nil:
		return errors.New("job: the model has no code that is sampled: there is nothing to draw samples from")
	}
	if draw == nil {
		return errors.New("job: values of this model are not drawn")
	}
	numbers := make([]uint64, w.job.Samples)
	for i := range numbers {
		numbers[i] = w.job.Seed<<32 + uint64(i)
	}
	return apply(ctx, w.job, w.tell, train.Pairs[uint64, train.None]{X: numbers}, func(out []R, seeds []uint64, _ []train.None) {
		for i := range out {
			draw(m, &out[i], random.NewSource(seeds[i]))
		}
	}, w.numbers)
}
