package golden

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/generated/hinton"
	"github.com/aegen/aegen/runtime/parallel"
)

// TestTheWorldStopsBesideTraining stops the world many times beside a goroutine that trains: the median takes less than 2 ms.
// The scheduler cannot interrupt an assembly function, so a call that is too long would hold up every other goroutine.
// Other processes may take the processors away: then it may take twice as long as beside goroutines that only count, in one of some rounds
// that measure both.
func TestTheWorldStopsBesideTraining(t *testing.T) {
	for name, step := range map[string]func(t *testing.T) func(){"fashion": fashionStep, "hinton": hintonStep} {
		t.Run(name, func(t *testing.T) {
			step := step(t)
			var rounds [][2]time.Duration
			for range 20 {
				training := pauseBeside(t, step)
				if training < 2*time.Millisecond {
					return
				}
				counting := pauseBeside(t, counters(t))
				if training < 2*counting {
					return
				}
				rounds = append(rounds, [2]time.Duration{training, counting})
			}
			t.Errorf("the world stops in the first, want less than 2ms; in the second beside two goroutines that count: %v", rounds)
		})
	}
}

// counters is a step of two workers that count.
func counters(t *testing.T) func() {
	team := parallel.NewTeam(2)
	t.Cleanup(team.Close)
	var counters [2]struct {
		n atomic.Int64
		_ [120]byte
	}
	return func() {
		team.Run(2, parallel.Split{Task: 1}, func(task, _ int) {
			for range 1_000_000 {
				counters[task].n.Add(1)
			}
		})
	}
}

// pauseBeside is the median pause beside a goroutine that does step again and again.
func pauseBeside(t *testing.T, step func()) time.Duration {
	t.Helper()
	var stop atomic.Bool
	ended := make(chan int)
	go func() {
		steps := 0
		for ; !stop.Load() || steps < 2; steps++ {
			step()
		}
		ended <- steps
	}()
	pause := medianPause()
	stop.Store(true)
	<-ended
	return pause
}

// medianPause is the median time that reading the memory's statistics takes, which stops the world.
func medianPause() time.Duration {
	var stats runtime.MemStats
	var took []time.Duration
	for range 50 {
		time.Sleep(time.Millisecond)
		start := time.Now()
		runtime.ReadMemStats(&stats)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func fashionStep(t *testing.T) func() {
	tr := fashion.NewTrainer(fashion.New(1), 2)
	t.Cleanup(tr.Close)
	x := make([]fashion.Input, fashion.Batch)
	for i := range x {
		x[i][i] = 1
	}
	return func() { tr.Step(x) }
}

func hintonStep(t *testing.T) func() {
	tr := hinton.NewTrainer(hinton.New(1), 2)
	t.Cleanup(tr.Close)
	x := make([]hinton.Input, hinton.Batch)
	for i := range x {
		x[i][i] = 1
	}
	return func() { tr.Step(x) }
}
