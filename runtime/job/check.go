package job

import (
	"context"
	"io"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/weights"
)

// check writes what a Job says of it: results of all samples, then, of a model that trains, of training steps.
func (w *worker[X, Z, M, T]) check(ctx context.Context, m M, x []X) error {
	r, s := make([]X, len(x)), make([]float32, len(x))
	m.ReconstructBatch(r, x)
	m.ScoreBatch(s, x)
	reconstructed := w.rowsOf(r)
	results := weights.File{Tensors: []weights.Tensor{
		{Name: Reconstructions, Shape: []int{len(x), len(reconstructed) / len(x)}, Data: reconstructed},
		{Name: ScoresOf, Shape: []int{len(x)}, Data: s},
	}}
	if w.p.NewTrainer != nil {
		trained, err := w.checkSteps(ctx, m, x)
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
func (w *worker[X, Z, M, T]) checkSteps(ctx context.Context, m M, x []X) ([]weights.Tensor, error) {
	t := w.p.NewTrainer(m, w.job.Threads)
	defer t.Close()
	losses := make([]float32, CheckedSteps)
	for i := range losses {
		losses[i] = float32(t.Step(x[:min(len(x), w.p.Training().Batch)]))
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
