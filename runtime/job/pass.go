package job

import (
	"context"
	"time"

	"github.com/aegen/aegen/runtime/parallel"
)

const (
	piece = 64                     // samples of one task: part of the numeric contract of sums, unlike the number of threads
	round = 64 * piece             // samples between two looks at the context
	pace  = 200 * time.Millisecond // the least time between two Advance messages
)

// pass goes over n samples, round after round: do(from, to) for pieces of it on all threads, then end(from, to) for the
// whole round.
func pass(ctx context.Context, threads, n int, tell func(Message), do func(from, to int), end func(from, to int) error) error {
	team := parallel.NewTeam(threads)
	defer team.Close()
	began := time.Now()
	told := began
	for from := 0; from < n; from += round {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		to := min(from+round, n)
		team.Run(to-from, parallel.Split{Task: piece}, func(first, last int) { do(from+first, from+last) })
		if err := end(from, to); err != nil {
			return err
		}
		if now := time.Now(); now.Sub(told) >= pace {
			told = now
			speed := float64(to) / now.Sub(began).Seconds()
			tell(Message{Advance: &Advance{Done: to, Samples: n, Speed: speed, Left: float64(n-to) / speed}})
		}
	}
	return nil
}
