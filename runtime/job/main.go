package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// Main does the job on standard input and ends the process.
func Main[X, Z any, M Model[X, Z], T Trainer[X]](p Package[X, Z, M, T]) {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // later signals stay caught
	os.Exit(Serve(ctx, p, os.Stdin, os.Stdout))
}

// Serve reads a Job, does it, writes Messages and returns the exit status.
func Serve[X, Z any, M Model[X, Z], T Trainer[X]](ctx context.Context, p Package[X, Z, M, T], in io.Reader, out io.Writer) int {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	w := &worker[X, Z, M, T]{p: p, tell: func(m Message) {
		if err := lines.Encode(m); err != nil {
			fmt.Fprintln(os.Stderr, "job:", err)
			os.Exit(Failed) // nobody listens
		}
	}}
	job, err := read(in)
	if err == nil {
		w.job = job
		err = w.do(ctx)
	}
	switch {
	case err == nil:
		return Done
	case errors.Is(err, context.Canceled):
		w.tell(Message{Interrupted: &w.interrupted})
		return Cancelled
	default:
		w.tell(Message{Error: &Error{err.Error()}})
		return Failed
	}
}

func read(in io.Reader) (Job, error) {
	var job Job
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&job); err != nil {
		return job, fmt.Errorf("job: %w", err)
	}
	if job.Threads <= 0 {
		job.Threads = runtime.GOMAXPROCS(0)
	}
	return job, nil
}

// A worker does one job.
type worker[X, Z any, M Model[X, Z], T Trainer[X]] struct {
	p           Package[X, Z, M, T]
	job         Job
	tell        func(Message)
	interrupted Interrupted
}

// do does the job. A cancelled one returns an error that is context.Canceled.
func (w *worker[X, Z, M, T]) do(ctx context.Context) error {
	data, err := w.open(w.job.Data)
	if err != nil {
		return err
	}
	defer data.close()
	if w.job.Kind == Train {
		return w.train(ctx, data.samples)
	}
	m, err := w.model()
	if err != nil {
		return err
	}
	switch w.job.Kind {
	case Eval:
		return w.eval(ctx, m, data.samples)
	case Encode:
		return apply(ctx, w.job, w.tell, data.samples, m.EncodeBatch)
	case Reconstruct:
		return w.reconstruct(ctx, m, data.samples)
	case Score:
		return apply(ctx, w.job, w.tell, data.samples, m.ScoreBatch)
	case Check:
		return w.check(ctx, m, data.samples)
	case Bench:
		return w.bench(ctx, m, data.samples)
	default:
		return fmt.Errorf("job: unknown kind %q", w.job.Kind)
	}
}

// model is that of the job's weights. Check and bench may have none, and take the initial ones.
func (w *worker[X, Z, M, T]) model() (m M, err error) {
	if w.job.Weights == "" && (w.job.Kind == Check || w.job.Kind == Bench) {
		return w.p.New(w.p.Training().Seed), nil
	}
	f, err := os.Open(w.job.Weights)
	if err != nil {
		return m, err
	}
	defer f.Close()
	m, err = w.p.Load(f)
	if err != nil {
		return m, fmt.Errorf("%s: %w", w.job.Weights, err)
	}
	return m, nil
}
