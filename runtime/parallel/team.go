// Package parallel runs loops of independent tasks on a fixed number of goroutines.
package parallel

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Team runs one loop at a time. Its helpers start with the first loop, spin for a moment after each, then park, and
// end when there has been no loop for about 100 ms: an unused team holds no goroutine, and Close is a courtesy.
//
// A task is claimed by taking one off unclaimed, and do and tasks are read only after that. So they cannot change while
// they are read: Run returns when all claimed tasks are done. A helper that comes late claims nothing, or a task of the
// next loop.
type Team struct {
	workers int
	mu      sync.Mutex // held by Run and Close
	do      func(task int)
	tasks   int64

	_         [128]byte // the counters are on cache lines of their own
	unclaimed atomic.Int64
	_         [120]byte
	pending   atomic.Int64 // tasks not done, and 1 while the caller looks on
	_         [120]byte
	parked    atomic.Int64 // helpers that wait for a token, or are about to
	helpers   atomic.Int64 // goroutines
	closing   atomic.Bool

	wake   chan struct{} // tokens for parked helpers; one too many does no harm
	done   chan struct{} // the last task is done and the caller no longer looks on
	failed atomic.Pointer[Panic]
}

// A Panic is what Run panics with after a task has panicked: its value, and the stack where that happened.
type Panic struct {
	Value any
	Stack []byte
}

// NewTeam returns a team of so many workers, at least one. The caller of Run is one of them.
func NewTeam(workers int) *Team {
	workers = max(1, workers)
	return &Team{workers: workers, wake: make(chan struct{}, workers), done: make(chan struct{}, 1)}
}

// Workers is the number of goroutines that work on a loop.
func (t *Team) Workers() int { return t.workers }

// Run calls do with 0 to tasks-1, each once, on any worker and in any order, and returns when all calls have.
// If tasks panic, the others still run, and then Run panics with a *Panic of one of them. Calls of Run from several
// goroutines take turns; a task must not call Run of its own team. Run allocates nothing while the helpers live.
func (t *Team) Run(tasks int, do func(task int)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.do, t.tasks = do, int64(tasks)
	t.pending.Store(int64(tasks) + 1)
	t.unclaimed.Store(int64(tasks))
	t.call(min(t.workers, tasks) - 1)
	t.work()
	t.join()
	t.do = nil
	if failed := t.failed.Swap(nil); failed != nil {
		panic(failed)
	}
}

// call wakes so many helpers, and starts those that are missing.
func (t *Team) call(wanted int) {
	for range min(int64(wanted), t.parked.Load()) {
		select {
		case t.wake <- struct{}{}:
		default:
		}
	}
	for t.helpers.Load() < int64(wanted) {
		t.helpers.Add(1)
		go t.help()
	}
}

// work runs tasks until all are claimed.
func (t *Team) work() {
	for {
		rest := t.unclaimed.Add(-1)
		if rest < 0 {
			return
		}
		t.run(int(t.tasks - 1 - rest))
	}
}

func (t *Team) run(task int) {
	defer t.finish()
	t.do(task)
}

// finish ends a task, by return or by panic.
func (t *Team) finish() {
	if value := recover(); value != nil {
		t.failed.CompareAndSwap(nil, &Panic{value, debug.Stack()})
	}
	if t.pending.Add(-1) == 0 {
		t.done <- struct{}{}
	}
}

// join waits until no task is pending: first it looks on, then it sleeps.
func (t *Team) join() {
	if spin(func() bool { return t.pending.Load() == 1 }) {
		return
	}
	if t.pending.Add(-1) > 0 {
		<-t.done
	}
}
