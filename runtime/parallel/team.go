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
// A task is claimed by taking one off unclaimed, and do, n and size are read only after that. So they cannot change while
// they are read: Run returns when all claimed tasks are done. A helper that comes late claims nothing, or a task of the
// next loop.
type Team struct {
	workers int
	mu      sync.Mutex // held by Run and Close
	do      func(from, to int)
	n       int // the end of the loop's range
	size    int // of a task
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

// A Split is how a loop over a range is cut into tasks.
type Split struct {
	Task int // how much of the range a task takes, at least 1
	Fork int // a range with less than this is one task: another worker would take longer to wake than the work does
	Most int // tasks grow to this while every worker has one: for tasks that each read the same data, from memory
}

// size is that of a task of a range of n.
func (s Split) size(n, workers int) int {
	if n < s.Fork {
		return max(1, n)
	}
	task := max(1, s.Task)
	if each := (n + workers - 1) / workers; each > task && s.Most > task {
		task = min((each+task-1)/task*task, s.Most)
	}
	return task
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

// Run cuts 0 to n-1 into tasks and calls do with the bounds of each once, on any worker and in any order. It returns when all
// calls have. A loop of one task runs on the caller.
// If tasks panic, the others still run, and then Run panics with a *Panic of one of them. Calls of Run from several
// goroutines take turns; a task must not call Run of its own team. Run allocates nothing while the helpers live.
func (t *Team) Run(n int, s Split, do func(from, to int)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.do, t.n, t.size = do, n, s.size(n, t.workers)
	t.tasks = int64((n + t.size - 1) / t.size)
	t.pending.Store(t.tasks + 1)
	if t.workers == 1 || t.tasks <= 1 {
		t.alone()
	} else {
		t.share()
	}
	t.do = nil
	if t.failed.Load() != nil {
		panic(t.failed.Swap(nil))
	}
}

// alone runs all tasks on the caller.
func (t *Team) alone() {
	for task := range t.tasks {
		t.run(int(task))
	}
}

// share offers the tasks to helpers too.
func (t *Team) share() {
	t.unclaimed.Store(t.tasks)
	t.call(min(t.workers, int(t.tasks)) - 1)
	t.work()
	t.join()
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
	from := task * t.size
	t.do(from, min(from+t.size, t.n))
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
