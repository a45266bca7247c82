package parallel

import (
	"fmt"
	"runtime"
	"time"
)

const (
	idle    = 100 * time.Millisecond // how long a helper stays without a loop
	hot     = 100 * time.Microsecond // how long it spins before it parks: longer than a batch of training takes to gather
	busy    = 5 * time.Millisecond   // how long it spins while others are at the loop's last tasks: the next loop may follow at once
	between = 500                    // looks between two yields, about 1 µs: a yield makes the scheduler wake idle threads
)

// help works on loops until there are none for a while.
func (t *Team) help() {
	defer t.helpers.Add(-1)
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for !t.closing.Load() {
		if !t.await() && !t.park(timer) {
			return
		}
		t.work()
	}
}

// await looks for something to do. While others are still at the last loop's tasks it does not park: a step of training is one loop
// right after the other, and waking takes longer than a task, so that the caller would do most of them, and the helper park again.
func (t *Team) await() bool {
	for start := time.Now(); time.Since(start) < busy; {
		if spin(t.called) {
			return true
		}
		if t.pending.Load() <= 1 {
			return false
		}
	}
	return false
}

// called reports whether there is something to do.
func (t *Team) called() bool { return t.unclaimed.Load() > 0 || t.closing.Load() }

// park waits for a token. It is false when none came in time, and no loop whose last tasks others still do.
// A helper counts itself as parked before its last look; Run offers the tasks before it counts: one of them sees the other.
func (t *Team) park(timer *time.Timer) bool {
	t.parked.Add(1)
	defer t.parked.Add(-1)
	if t.called() {
		return true
	}
	for {
		timer.Reset(idle)
		select {
		case <-t.wake:
			return true
		case <-timer.C:
			if t.pending.Load() <= 1 {
				return false
			}
		}
	}
}

// Close ends the helpers and waits until they have. A team that is used again starts new ones.
func (t *Team) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closing.Store(true)
	for t.helpers.Load() > 0 {
		select {
		case t.wake <- struct{}{}:
		default:
		}
		runtime.Gosched()
	}
	t.closing.Store(false)
}

// spin looks until it sees what it looks for, or for a short time. It yields in between: there may be more workers than cores.
func spin(seen func() bool) bool {
	start := time.Now()
	for {
		for range between {
			if seen() {
				return true
			}
		}
		if time.Since(start) > hot {
			return false
		}
		runtime.Gosched()
	}
}

// Error says what the task panicked with and where.
func (p *Panic) Error() string {
	return fmt.Sprintf("parallel: a task panicked: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the value, if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
