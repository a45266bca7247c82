package job

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

func (w *worker[X, Y, Z, R, M]) train(ctx context.Context, data train.Pairs[X, Y]) error {
	cfg := w.p.Training()
	if w.job.Epochs > 0 {
		cfg.Epochs = w.job.Epochs
	}
	var validation pairs[X, Y]
	if w.job.Validation != "" {
		var err error
		if validation, err = openPairs[X, Y](w.p.Rows, w.job.Validation, w.job.ValidationTargets); err != nil {
			return err
		}
		defer validation.close()
	}
	every := w.job.Every
	if every <= 0 {
		every = 60
	}
	m, err := w.first(cfg.Seed)
	if err != nil {
		return err
	}
	t := w.p.NewTrainer(m, w.job.Threads)
	defer t.Close()
	if w.job.Start != "" {
		if err := begin(t, w.job.Start); err != nil {
			return err
		}
	}
	if w.job.First != "" {
		if err := save(w.job.First, t.Weights()); err != nil {
			return err
		}
	}
	result, err := train.RunPairs(ctx, t, cfg, data, validation.Pairs, train.Options{
		Event: w.event, Checkpoint: w.job.Checkpoint, Resume: w.job.Resume, Every: time.Duration(every) * time.Second, Origin: w.job.Origin,
	})
	if err != nil {
		return err
	}
	if result.End == train.Interrupted {
		w.interrupted = Interrupted{Checkpoint: w.job.Checkpoint, Epoch: result.Epochs}
		return context.Canceled
	}
	if err := save(w.job.Output, t.Weights()); err != nil {
		return err
	}
	w.tell(Message{Trained: &Trained{result, w.job.Output}})
	return nil
}

// first is the model that training begins with.
func (w *worker[X, Y, Z, R, M]) first(seed uint64) (m M, err error) {
	if w.p.NewFrom == nil {
		return w.p.New(seed), nil
	}
	f, err := os.Open(w.job.Encoder)
	if err != nil {
		return m, err
	}
	defer f.Close()
	if m, err = w.p.NewFrom(seed, f); err != nil {
		return m, fmt.Errorf("%s: %w", w.job.Encoder, err)
	}
	return m, nil
}

// save writes weights to a file, which appears whole or not at all.
func save(path string, file weights.File) error {
	return atomicfile.Write(path, func(out io.Writer) error { return weights.Write(out, file) })
}

// begin gives a fresh trainer the weights of a file. Tensors that the model does not have are passed over.
func begin(t train.Learner, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := weights.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	state := t.State()
	for i := range t.Weights().Tensors { // they come first in a state
		own := &state.Tensors[i]
		if own.Data, err = file.Tensor(own.Name, own.Shape...); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return t.Restore(state)
}

// event passes on what the loop says.
func (w *worker[X, Y, Z, R, M]) event(e train.Event) {
	switch e := e.(type) {
	case *train.Started:
		w.tell(Message{Started: e})
	case *train.Progress:
		w.tell(Message{Progress: e})
	case *train.Epoch:
		w.tell(Message{Epoch: e})
	case *train.Saved:
		w.tell(Message{Saved: e})
	default:
		panic(fmt.Sprintf("internal error: event %T", e))
	}
}
