// Package machine measures what this machine does at most: multiply-adds of float32, and reading memory.
// Times of a model are held against it.
package machine

import (
	"slices"
	"time"

	"github.com/aegen/aegen/runtime/arena"
	"github.com/aegen/aegen/runtime/parallel"
)

const (
	period = 2 * time.Millisecond // the least time of a sample
	wanted = 30                   // samples; the fastest counts
)

// Peak is the float32 operations a second of so many threads that do nothing but multiply-adds, two operations each.
func Peak(threads int) float64 {
	const rounds = 2048
	return fastest(threads, func(int) float64 {
		multiplyAdd(rounds)
		return 2 * rounds * float64(lanes())
	})
}

// Bandwidth is the bytes a second at which so many threads read a block of memory, each its own part, again and again.
func Bandwidth(bytes, threads int) float64 {
	const call = 1 << 15 // floats of one call: it keeps the scheduler waiting
	each := max(1, (bytes/4/threads+line/2)/line) * line
	block := arena.New(threads * each)
	for i := range block {
		block[i] = float32(i) // memory that was never written is one page of zeros
	}
	times := max(1, call/each)
	return fastest(threads, func(thread int) float64 {
		for piece := range slices.Chunk(block[thread*each:(thread+1)*each], call) {
			read(piece, times)
		}
		return 4 * float64(each*times)
	})
}

// fastest is the most that threads do together in a second; do is told the thread's number and returns what it did.
func fastest(threads int, do func(thread int) float64) float64 {
	team := parallel.NewTeam(threads)
	defer team.Close()
	done, best := make([]float64, threads), 0.0
	for range wanted {
		began := time.Now()
		team.Run(threads, parallel.Split{Task: 1}, func(thread, _ int) {
			own := 0.0
			for time.Since(began) < period {
				own += do(thread)
			}
			done[thread] = own
		})
		sum := 0.0
		for _, d := range done {
			sum += d
		}
		best = max(best, sum/time.Since(began).Seconds())
	}
	return best
}
