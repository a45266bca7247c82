package train

import (
	"context"
	"math"
)

// step takes the next batch.
func (r *run[X, Y]) step() error {
	from := r.Step * r.cfg.Batch
	to := min(from+r.cfg.Batch, r.data.Len())
	batch := r.batch.Part(0, to-from)
	batch.take(r.data, r.order[from:to])
	if r.cfg.Augment != nil {
		r.augment(batch, r.order[from:to])
	}
	r.rate = r.rateAt(r.Step)
	r.t.SetRate(r.rate)
	r.t.SetEpoch(r.time(r.Step))
	loss := r.t.Step(batch.X, batch.Y)
	if !finite(loss) {
		r.Step++
		return r.notFinite("the loss", batch, r.order[from:to])
	}
	if r.Epoch == 0 && r.Step == 0 {
		r.First = loss
	}
	r.Sum += loss * float64(batch.Len())
	r.Step++
	r.clock.count(batch.Len())
	if r.clock.due() {
		r.opt.Event(&Progress{
			Epoch: r.Epoch + 1, Step: r.Step, Steps: r.steps, Rate: r.rate, Loss: r.Sum / float64(to),
			Speed: r.clock.speed(), Seconds: r.clock.seconds(), Left: r.clock.left(r.ahead(to)),
		})
	}
	return nil
}

// rateAt is the learning rate of a step of the current epoch.
func (r *run[X, Y]) rateAt(step int) float64 {
	return r.cfg.Rate * r.cfg.Schedule.At(r.time(step), r.cfg.Epochs)
}

// time is that of a step of the current epoch, in epochs.
func (r *run[X, Y]) time(step int) float64 { return float64(r.Epoch) + float64(step)/float64(r.steps) }

// ahead is the number of samples until the last epoch's end, when so many of the current epoch are done.
func (r *run[X, Y]) ahead(done int) int { return (r.cfg.Epochs-r.Epoch)*r.data.Len() - done }

// validate returns the mean loss of the validation samples, or nil if there are none.
func (r *run[X, Y]) validate(ctx context.Context) (*float64, error) {
	if r.val.Len() == 0 {
		return nil, nil
	}
	const most = 1024
	var sum float64
	scores := make([]float32, min(most, r.val.Len()))
	for from := 0; from < r.val.Len(); from += most {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		part := r.val.Part(from, min(from+most, r.val.Len()))
		r.t.ScoreBatch(scores[:part.Len()], part.X, part.Y)
		for i, score := range scores[:part.Len()] {
			if !finite(float64(score)) {
				return nil, r.notFinite("the validation loss", part.Part(i, i+1), []int32{int32(from + i)})
			}
			sum += float64(score)
		}
	}
	mean := sum / float64(r.val.Len())
	return &mean, nil
}

// close ends an epoch whose steps are done.
func (r *run[X, Y]) close(validation *float64) {
	r.Loss, r.Validation = r.Sum/float64(r.data.Len()), validation
	rate := r.rateAt(r.steps - 1)
	r.Epoch, r.Step, r.Sum = r.Epoch+1, 0, 0
	r.watch()
	best := r.compare()
	r.opt.Event(&Epoch{
		Epoch: r.Epoch, Rate: rate, Loss: r.Loss, Validation: validation, Best: best,
		Speed: r.clock.speed(), Seconds: r.clock.seconds(), Left: r.clock.left(r.ahead(0)),
	})
}

// compare keeps the weights if they are the best so far by more than Delta. Without early stopping it keeps none.
func (r *run[X, Y]) compare() bool {
	if r.cfg.Stop.Patience == 0 {
		return false
	}
	if r.BestEpoch > 0 && !(*r.Validation < r.Best-r.cfg.Stop.Delta) {
		r.Waited++
		return false
	}
	r.Best, r.BestEpoch, r.Waited = *r.Validation, r.Epoch, 0
	r.best = r.t.Weights().Tensors
	return true
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
