// Package train runs the training loop over a generated trainer: epochs, shuffling, schedule, validation,
// early stopping, checkpoints, and events that say how it goes.
package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/weights"
)

// Options are what a run has beside the spec's settings.
type Options struct {
	Event      func(Event)   // called from the run's goroutine; may be nil
	Checkpoint string        // file that is replaced at each epoch's end and when interrupted; "" for none
	Resume     bool          // go on from Checkpoint if the file exists
	Every      time.Duration // also write it when this has passed since the last; 0 for no such thing
	EverySteps int           // also write it after so many steps of an epoch; 0 for no such thing
	Origin     string        // where the trainer's weights come from, if not from the seed: a checkpoint with another origin is refused
}

// shuffle is the stream of epoch 0's order. Initial weights take the streams below it.
const shuffle = 1 << 32

// Order sets order to 0, …, len(order)-1 as an epoch, counted from 0, takes its samples; each batch is the next Config.Batch.
func Order(order []int32, seed uint64, epoch int) {
	random.Permutation(order, seed, shuffle+uint64(epoch))
}

// RunPairs trains with data for Config.Epochs epochs or until early stopping. X and Y are arrays of words of 32 bits, or X is a
// struct of numbers and truth values. A trainer that is a Standardiser learns of the samples first.
//
// Each epoch takes all samples in its Order; the last batch may be short.
// With early stopping, which needs validation samples, the trainer holds the best weights at the end.
// When ctx is cancelled, RunPairs writes a checkpoint and returns without an error; Result.End says so.
//
// The trainer must be fresh, with the weights of the seed or of Options.Origin. A run that was ended at any moment, killed even, and is resumed with
// the same settings and data, ends in the same bits as one that was left alone; a checkpoint of others is refused.
// More or fewer epochs are not other settings, unless the schedule depends on them.
func RunPairs[X, Y any](ctx context.Context, t PairTrainer[X, Y], cfg Config, data, val Pairs[X, Y], opt Options) (Result, error) {
	r, err := start(t, cfg, data, val, opt)
	if err != nil {
		return Result{}, err
	}
	for r.Epoch < cfg.Epochs && !r.stalled() {
		if err := r.epoch(ctx); errors.Is(err, errInterrupted) {
			return r.result(Interrupted), r.save()
		} else if err != nil {
			return Result{}, err
		}
	}
	if err := r.restoreBest(); err != nil {
		return Result{}, err
	}
	if err := r.sound(r.t.State()); err != nil {
		return Result{}, err
	}
	if r.stalled() {
		return r.result(Early), nil
	}
	return r.result(Finished), nil
}

var errInterrupted = errors.New("train: interrupted")

// A loop is where a run is: with the trainer's state and the best weights, all that its future depends on.
type loop struct {
	Epoch int     `json:"epoch"` // finished epochs
	Step  int     `json:"step"`  // done in the next one
	Sum   float64 `json:"sum"`   // of the losses of its samples so far
	First float64 `json:"first"` // loss of the first step, before any update

	Loss       float64  `json:"loss"` // of the last finished epoch
	Validation *float64 `json:"validation,omitempty"`

	Best      float64 `json:"best"`      // validation loss of BestEpoch
	BestEpoch int     `json:"bestEpoch"` // 0 before any
	Waited    int     `json:"waited"`    // epochs since without an improvement
	Lowest    lowest  `json:"lowest"`
}

type run[X, Y any] struct {
	loop
	t         PairTrainer[X, Y]
	cfg       Config
	data, val Pairs[X, Y]
	opt       Options
	steps     int              // of an epoch
	best      []weights.Tensor // weights of loop.BestEpoch, with early stopping
	order     []int32
	batch     Pairs[X, Y]
	rate      float64
	clock     clock
	saved     time.Time // the last checkpoint
	terms     []term
	moves     *augmenter // of Config.Augment
}

func start[X, Y any](t PairTrainer[X, Y], cfg Config, data, val Pairs[X, Y], opt Options) (*run[X, Y], error) {
	switch {
	case data.Len() == 0:
		return nil, errors.New("train: there are no samples")
	case data.Len() > math.MaxInt32:
		return nil, fmt.Errorf("train: %d samples are more than %d", data.Len(), math.MaxInt32)
	case cfg.Batch < 1:
		return nil, fmt.Errorf("train: a batch of %d samples", cfg.Batch)
	case cfg.Stop.Patience > 0 && val.Len() == 0:
		return nil, errors.New("train: early stopping needs validation samples, and there are none")
	}
	if err := errors.Join(data.check(), val.check()); err != nil {
		return nil, err
	}
	if opt.Event == nil {
		opt.Event = func(Event) {}
	}
	r := &run[X, Y]{
		t: t, cfg: cfg, data: data, val: val, opt: opt,
		steps: (data.Len() + cfg.Batch - 1) / cfg.Batch,
		order: make([]int32, data.Len()),
		batch: Pairs[X, Y]{make([]X, min(cfg.Batch, data.Len())), make([]Y, min(cfg.Batch, len(data.Y)))},
	}
	if cfg.Augment != nil {
		r.moves = newAugmenter(cfg.Augment)
	}
	resumed, err := r.resume()
	if err != nil {
		return nil, err
	}
	if !resumed {
		if err := Standardise(t, data.X); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	r.opt.Event(&Started{
		Samples: data.Len(), Validation: val.Len(), Epochs: cfg.Epochs, Steps: r.steps, Batch: cfg.Batch,
		Resumed: resumed, Epoch: r.Epoch, Step: r.Step,
	})
	r.clock.start()
	return r, nil
}

// stalled reports whether early stopping ends the run.
func (r *run[X, Y]) stalled() bool { return r.cfg.Stop.Patience > 0 && r.Waited >= r.cfg.Stop.Patience }

func (r *run[X, Y]) result(end End) Result {
	result := Result{
		End: end, Epochs: r.Epoch, Loss: r.Loss, Validation: r.Validation, Kept: r.Epoch, Seconds: r.clock.seconds(),
	}
	if end != Interrupted {
		result.Memorised = r.memorised()
	}
	if end != Interrupted && r.BestEpoch > 0 {
		result.Kept, result.Validation = r.BestEpoch, &r.Best
	}
	return result
}

// restoreBest gives the trainer the best weights, if early stopping has kept some.
func (r *run[X, Y]) restoreBest() error {
	if r.BestEpoch == 0 || r.BestEpoch == r.Epoch {
		return nil
	}
	state := r.t.State()
	for _, best := range r.best {
		for i := range state.Tensors {
			if state.Tensors[i].Name == best.Name {
				state.Tensors[i].Data = best.Data
			}
		}
	}
	return r.t.Restore(state)
}

// epoch runs the rest of an epoch, its validation, and what follows from it.
func (r *run[X, Y]) epoch(ctx context.Context) error {
	Order(r.order, r.cfg.Seed, r.Epoch)
	for r.Step < r.steps {
		if ctx.Err() != nil {
			return errInterrupted
		}
		if err := r.step(); err != nil {
			return err
		}
		if err := r.saveWithin(); err != nil {
			return err
		}
	}
	validation, err := r.validate(ctx)
	if err != nil {
		return err
	}
	r.close(validation)
	return r.save()
}
