package job

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/aegen/aegen/runtime/cpu"
	"github.com/aegen/aegen/runtime/machine"
	"github.com/aegen/aegen/runtime/train"
)

// bench measures the model, and before it the machine on as many threads.
func (w *worker[X, Y, Z, R, M]) bench(ctx context.Context, m M, data train.Pairs[X, Y]) error {
	threads := w.job.Threads
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	if most := slices.Max(slices.Concat([]int{1}, w.job.Infer, w.job.Steps)); most > data.Len() {
		return fmt.Errorf("%s: %d samples expected, %d found", w.job.Data, most, data.Len())
	}
	on := machineOf(w.job.Bytes, w.tell)
	for _, batch := range w.job.Infer {
		on(min(batch, threads)) // a single sample is one thread's
		if err := w.infer(ctx, m, data.X[:batch]); err != nil {
			return err
		}
	}
	for _, batch := range w.job.Steps {
		on(threads)
		t := w.p.NewTrainer(m, threads)
		part := data.Part(0, batch)
		err := w.measured(ctx, "train", batch, func() { t.Step(part.X, part.Y) })
		t.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// machineOf returns a function that tells the machine's figures for a number of threads, if they are not those told last.
func machineOf(bytes int, tell func(Message)) func(threads int) {
	last := 0
	return func(threads int) {
		if threads == last {
			return
		}
		last = threads
		tell(Message{Machine: &Machine{Threads: threads, Peak: machine.Peak(threads), Read: machine.Bandwidth(bytes, threads), AVX2: cpu.AVX2, AVX512: cpu.AVX512}})
	}
}

// infer measures the reconstruction of a batch. A single sample is one call, on the caller's thread.
func (w *worker[X, Y, Z, R, M]) infer(ctx context.Context, m M, x []X) error {
	r := make([]R, len(x))
	if len(x) == 1 {
		return w.measured(ctx, "infer", 1, func() { m.Reconstruct(&r[0], &x[0]) })
	}
	team := w.p.NewTeam(m, w.job.Threads)
	defer team.Close()
	return w.measured(ctx, "infer", len(x), func() { team.ReconstructBatch(r, x) })
}

// measured times a call and tells the result.
func (w *worker[X, Y, Z, R, M]) measured(ctx context.Context, mode string, batch int, call func()) error {
	us, err := sample(ctx, time.Duration(w.job.Seconds*float64(time.Second)), call)
	if err != nil {
		return err
	}
	slices.Sort(us)
	w.tell(Message{Measured: &Measured{Mode: mode, Batch: batch, Threads: w.job.Threads, Median: us[len(us)/2], Min: us[0], N: len(us)}})
	return nil
}

// sample calls for a quarter of the time to warm up, then for all of it, and returns the microseconds of a call, sample by
// sample. A sample is as many calls as take 200 µs, at least one; there are at least three.
func sample(ctx context.Context, budget time.Duration, call func()) (us []float64, err error) {
	fastest := budget
	for spent := time.Duration(0); spent < budget/4; {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		began := time.Now()
		call()
		d := time.Since(began)
		spent += d
		fastest = min(fastest, d)
	}
	calls := max(1, int(200*time.Microsecond/max(fastest, 1)))
	for end := time.Now().Add(budget); len(us) < 3 || time.Now().Before(end); {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		began := time.Now()
		for range calls {
			call()
		}
		us = append(us, float64(time.Since(began).Nanoseconds())/1e3/float64(calls))
	}
	return us, ctx.Err()
}
