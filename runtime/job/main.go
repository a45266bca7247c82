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

	"github.com/aegen/aegen/runtime/train"
)

// Main does the job on standard input and ends the process.
func Main[X any, Y comparable, Z, R any, M Model[X, Z, R]](p Package[X, Y, Z, R, M]) {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // later signals stay caught
	os.Exit(Serve(ctx, p, os.Stdin, os.Stdout))
}

// Serve reads a Job, does it, writes Messages and returns the exit status.
func Serve[X any, Y comparable, Z, R any, M Model[X, Z, R]](ctx context.Context, p Package[X, Y, Z, R, M], in io.Reader, out io.Writer) int {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	w := &worker[X, Y, Z, R, M]{p: p, tell: func(m Message) {
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
		failure := &Error{Message: err.Error()}
		errors.As(err, &failure.NotFinite)
		w.tell(Message{Error: failure})
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
type worker[X any, Y comparable, Z, R any, M Model[X, Z, R]] struct {
	p           Package[X, Y, Z, R, M]
	job         Job
	tell        func(Message)
	interrupted Interrupted
}

// do does the job. A cancelled one returns an error that is context.Canceled.
func (w *worker[X, Y, Z, R, M]) do(ctx context.Context) error {
	if w.job.Kind == Sample {
		m, err := w.model()
		if err != nil {
			return err
		}
		return w.sample(ctx, m)
	}
	data, err := openPairs[X, Y](w.p.Rows, w.job.Data, w.job.Targets)
	if err != nil {
		return err
	}
	defer data.close()
	if err := w.needsTargets(); err != nil {
		return err
	}
	if w.job.Kind == Train {
		return w.train(ctx, data.Pairs)
	}
	m, err := w.model()
	if err != nil {
		return err
	}
	switch w.job.Kind {
	case Eval:
		return w.eval(ctx, m, data.Pairs)
	case Encode:
		return apply(ctx, w.job, w.tell, data.Pairs, func(z []Z, x []X, _ []Y) { m.EncodeBatch(z, x) }, flat)
	case Reconstruct:
		return apply(ctx, w.job, w.tell, data.Pairs, func(r []R, x []X, _ []Y) { m.ReconstructBatch(r, x) }, w.numbers)
	case Score:
		return apply(ctx, w.job, w.tell, data.Pairs, func(s []float32, x []X, y []Y) { w.p.Score(m, s, x, y) }, func(s []float32) []float32 { return s })
	case Explain:
		return w.explain(ctx, m, data.X)
	case Check:
		return w.check(ctx, m, data.Pairs)
	case Bench:
		return w.bench(ctx, m, data.Pairs)
	default:
		return fmt.Errorf("job: unknown kind %q", w.job.Kind)
	}
}

// needsTargets reports a job that compares with targets and was given none.
func (w *worker[X, Y, Z, R, M]) needsTargets() error {
	var none Y
	_, alone := any(none).(train.None)
	if alone || w.job.Targets != "" || w.job.Kind == Encode || w.job.Kind == Reconstruct {
		return nil
	}
	return fmt.Errorf("job: %s needs targets", w.job.Kind)
}

// model is that of the job's weights. Check and bench may have none, and take the initial ones.
func (w *worker[X, Y, Z, R, M]) model() (m M, err error) {
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
