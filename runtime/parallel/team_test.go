package parallel

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// each makes every number a task.
var each = Split{Task: 1}

func TestEveryTaskRunsOnce(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 5} {
		team := NewTeam(workers)
		for tasks := range 40 {
			counts := make([]atomic.Int32, tasks)
			team.Run(tasks, each, func(i, _ int) { counts[i].Add(1) })
			for i := range counts {
				if n := counts[i].Load(); n != 1 {
					t.Fatalf("%d workers: task %d of %d ran %d times", workers, i, tasks, n)
				}
			}
		}
		team.Close()
	}
}

// TestSplit cuts ranges: into whole tasks and a rest, and not at all where there is too little.
func TestSplit(t *testing.T) {
	for _, c := range []struct {
		n     int
		split Split
		want  []string
	}{
		{0, Split{Task: 4}, nil},
		{3, Split{Task: 4}, []string{"0-3"}},
		{10, Split{Task: 4}, []string{"0-4", "4-8", "8-10"}},
		{8, Split{Task: 4, Fork: 9}, []string{"0-8"}},
		{9, Split{Task: 4, Fork: 9}, []string{"0-4", "4-8", "8-9"}},
		{8, Split{Task: 2, Most: 6}, []string{"0-4", "4-8"}},
		{9, Split{Task: 2, Most: 6}, []string{"0-6", "6-9"}},
		{16, Split{Task: 2, Most: 6}, []string{"0-6", "12-16", "6-12"}},
		{3, Split{Task: 2, Most: 6}, []string{"0-2", "2-3"}},
		{8, Split{Task: 2, Fork: 9, Most: 6}, []string{"0-8"}},
	} {
		team := NewTeam(2)
		var mu sync.Mutex
		var got []string
		team.Run(c.n, c.split, func(from, to int) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%d-%d", from, to))
		})
		team.Close()
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%d by %+v: %v, want %v", c.n, c.split, got, c.want)
		}
	}
}

// TestTooLittleStartsNoHelper runs loops that are one task.
func TestTooLittleStartsNoHelper(t *testing.T) {
	team := NewTeam(4)
	defer team.Close()
	for range 10 {
		team.Run(100, Split{Task: 1, Fork: 101}, func(int, int) {})
	}
	if n := team.helpers.Load(); n != 0 {
		t.Errorf("%d helpers, want 0", n)
	}
}

// TestLoopsDoNotMix runs many short loops, some after the helpers have parked, and sums without synchronisation of its own:
// under the race detector it shows that a loop's end is ordered before what follows.
func TestLoopsDoNotMix(t *testing.T) {
	team := NewTeam(4)
	defer team.Close()
	var out [7]int
	for loop := range 3000 {
		if loop%1000 == 999 {
			time.Sleep(3 * hot)
		}
		team.Run(len(out), each, func(i, _ int) { out[i] = loop * i })
		for i, v := range out {
			if v != loop*i {
				t.Fatalf("loop %d: task %d wrote %d, want %d", loop, i, v, loop*i)
			}
		}
	}
}

func TestTasksRunAtTheSameTime(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	for range 3 {
		var meet sync.WaitGroup
		meet.Add(3)
		team.Run(3, each, func(int, int) { meet.Done(); meet.Wait() }) // ends only if each has a worker of its own
		time.Sleep(2 * hot)
	}
}

func TestCallersTakeTurns(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	var callers sync.WaitGroup
	var sum atomic.Int64
	for range 4 {
		callers.Go(func() {
			for range 50 {
				team.Run(10, each, func(i, _ int) { sum.Add(int64(i)) })
			}
		})
	}
	callers.Wait()
	if sum.Load() != 4*50*45 {
		t.Errorf("sum is %d, want %d", sum.Load(), 4*50*45)
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	closed, left := NewTeam(4), NewTeam(4)
	closed.Run(8, each, func(int, int) { time.Sleep(time.Millisecond) })
	closed.Close()
	if n := closed.helpers.Load(); n != 0 {
		t.Errorf("%d helpers after Close, want 0", n)
	}
	left.Run(8, each, func(int, int) { time.Sleep(time.Millisecond) })
	for start := time.Now(); runtime.NumGoroutine() > before && time.Since(start) < 600*idle; { // which other processes may delay
		time.Sleep(idle / 10)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	for _, team := range []*Team{closed, left} {
		var sum atomic.Int64
		team.Run(10, each, func(i, _ int) { sum.Add(int64(i)) })
		if sum.Load() != 45 {
			t.Errorf("a team without helpers computes %d, want 45", sum.Load())
		}
		team.Close()
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	do := func(int, int) {}
	if n := testing.AllocsPerRun(200, func() { team.Run(9, each, do) }); n != 0 {
		t.Errorf("%v allocations a loop, want 0", n)
	}
}

func TestPanicsReachTheCaller(t *testing.T) {
	for _, workers := range []int{1, 3} {
		team := NewTeam(workers)
		for range 2 {
			var ran atomic.Int64
			failed := recovered(func() {
				team.Run(20, each, func(i, _ int) {
					ran.Add(1)
					if i == 7 {
						panic(io.ErrShortWrite)
					}
				})
			})
			err, ok := failed.(*Panic)
			if !ok || !errors.Is(err, io.ErrShortWrite) || !strings.Contains(err.Error(), "team_test.go") {
				t.Errorf("%d workers: recovered %v, want short write with its stack", workers, failed)
			}
			if ran.Load() != 20 {
				t.Errorf("%d workers: %d tasks ran, want 20", workers, ran.Load())
			}
		}
		team.Close()
	}
}

func recovered(do func()) (value any) {
	defer func() { value = recover() }()
	do()
	return nil
}

func BenchmarkRun(b *testing.B) {
	team := NewTeam(2)
	defer team.Close()
	do := func(int, int) {}
	for b.Loop() {
		team.Run(2, each, do)
	}
}
