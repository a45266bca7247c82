package lower

import (
	"cmp"
	"math"
	"slices"

	"github.com/aegen/aegen/compiler/plan"
)

// task is the least number of samples of a task: weights are read once a task, and two workers get equal parts of 128 samples.
const task = 32

// split decides how samples that go through steps are shared between workers. A task takes long enough to be worth one.
func (l *lowerer) split(steps []*plan.Step) plan.Split {
	micros := 0.0
	for _, s := range steps {
		micros += l.micros(s.Cost.FLOPs, float64(s.Cost.Weights)/task)
	}
	worth := int(math.Ceil(float64(l.target.Fork) / micros))
	s := plan.Split{Task: (worth + task - 1) / task * task, Fork: 2 * worth}
	if l.fromMemory() {
		s.Most = max(manySamples, s.Task)
	}
	return s
}

// manySamples is how many samples of a task share one reading of weights that come from memory.
const manySamples = 128

// hugeBytes is the size of weights from which they are asked for in huge pages: the first translation cache holds 256 KiB of the usual
// ones, and the next a few MiB.
const hugeBytes = 4 << 20

// fromMemory reports whether the weights are far more than caches hold.
func (l *lowerer) fromMemory() bool {
	const far = 8
	return l.weightBytes() > far*l.target.Vector.Near && l.target.Vector.Near > 0
}

// splitUpdates decides how the panels of a whole batch's updates are shared: one task if they are too little work for two.
func (l *lowerer) splitUpdates(t *plan.Training) plan.Split {
	panels, micros := 0, 0.0
	for _, u := range t.Updates {
		panels += u.Param.Panels()
		micros += l.micros(u.Cost.FLOPs*t.Config.Batch, float64(u.Cost.Weights))
	}
	tasks := int(micros) / l.target.Fork
	if tasks < 2 {
		return plan.Split{Task: panels}
	}
	return plan.Split{Task: (panels + tasks - 1) / tasks}
}

// micros estimates a time: arithmetic at its best, weights from a cache.
func (l *lowerer) micros(flops int, bytes float64) float64 {
	return float64(flops)/float64(l.target.Rate) + bytes/float64(l.target.Stream)
}

// longestFirst orders updates by what one panel takes, so that no worker begins a long task when the others are about to end. Those that
// need other updates come last.
func longestFirst(updates []*plan.Update) {
	work := func(u *plan.Update) int {
		if u.Through != nil {
			return 0
		}
		return len(u.Pairs) * u.Param.Rows()
	}
	slices.SortStableFunc(updates, func(a, b *plan.Update) int { return cmp.Compare(work(b), work(a)) })
}
