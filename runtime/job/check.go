package job

import (
	"context"
	"io"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

// check writes what a Job says of it: results of all samples, then, of a model that trains, of training steps.
func (w *worker[X, Y, Z, R, M]) check(ctx context.Context, m M, data train.Pairs[X, Y]) error {
	n := data.Len()
	r, s := make([]R, n), make([]float32, n)
	m.ReconstructBatch(r, data.X)
	w.p.Score(m, s, data.X, data.Y)
	results := weights.File{Tensors: []weights.Tensor{
		{Name: Reconstructions, Shape: []int{n, w.width()}, Data: w.numbers(r)},
		{Name: ScoresOf, Shape: []int{n}, Data: s},
	}}
	if w.p.NewTrainer != nil {
		trained, err := w.checkSteps(ctx, m, data)
		if err != nil {
			return err
		}
		results.Tensors = append(results.Tensors, trained...)
	}
	if err := atomicfile.Write(w.job.Output, func(out io.Writer) error { return weights.Write(out, results) }); err != nil {
		return err
	}
	w.tell(Message{Checked: &Checked{w.job.Output}})
	return nil
}

// checkSteps returns the losses of some training steps, and the weights after them.
func (w *worker[X, Y, Z, R, M]) checkSteps(ctx context.Context, m M, data train.Pairs[X, Y]) ([]weights.Tensor, error) {
	t := w.p.NewTrainer(m, w.job.Threads)
	defer t.Close()
	batch := data.Part(0, min(data.Len(), w.p.Training().Batch))
	losses := make([]float32, CheckedSteps)
	for i := range losses {
		losses[i] = float32(t.Step(batch.X, batch.Y))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return append([]weights.Tensor{{Name: Losses, Shape: []int{CheckedSteps}, Data: losses}}, t.Weights().Tensors...), nil
}

// flat is all values of arrays of float32.
func flat[X any](x []X) []float32 {
	var all []float32
	for i := range x {
		all = append(all, floatsOf(&x[i])...)
	}
	return all
}
