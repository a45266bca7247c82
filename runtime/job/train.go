package job

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

func (w *worker[X, Z, M, T]) train(ctx context.Context, data []X) error {
	cfg := w.p.Training()
	if w.job.Epochs > 0 {
		cfg.Epochs = w.job.Epochs
	}
	var validation samples[X]
	if w.job.Validation != "" {
		var err error
		if validation, err = w.open(w.job.Validation); err != nil {
			return err
		}
		defer validation.close()
	}
	every := w.job.Every
	if every <= 0 {
		every = 60
	}
	t := w.p.NewTrainer(w.p.New(cfg.Seed), w.job.Threads)
	defer t.Close()
	result, err := train.Run(ctx, t, cfg, data, validation.samples, train.Options{
		Event: w.event, Checkpoint: w.job.Checkpoint, Resume: w.job.Resume, Every: time.Duration(every) * time.Second,
	})
	if err != nil {
		return err
	}
	if result.End == train.Interrupted {
		w.interrupted = Interrupted{Checkpoint: w.job.Checkpoint, Epoch: result.Epochs}
		return context.Canceled
	}
	err = atomicfile.Write(w.job.Output, func(out io.Writer) error { return weights.Write(out, t.Weights()) })
	if err != nil {
		return err
	}
	w.tell(Message{Trained: &Trained{result, w.job.Output}})
	return nil
}

// event passes on what the loop says.
func (w *worker[X, Z, M, T]) event(e train.Event) {
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
