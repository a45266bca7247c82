package lower

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// A timed step is one with its phase: a step of samples runs in the phase in which all that it reads is there, a batch step at the end
// of it. Phase -1 ends before the first samples: its batch steps read weights alone.
type timed struct {
	*plan.Step
	phase   int
	columns int // of a batch step, else 0
}

// batch appends a batch step on columns, and notes that what it writes is there when its phase has ended. The first outs arguments
// are written.
func (s *schedule) batch(k *plan.Kernel, v *ir.Value, outs, columns int, args ...*plan.Buffer) {
	phase := -1
	for _, b := range args[outs:] {
		if ready := s.ready[b]; b.Whole {
			phase = max(phase, ready-1)
		} else {
			phase = max(phase, ready)
			b.Kept = true
		}
	}
	for _, b := range args[:outs] {
		s.ready[b] = phase + 1
	}
	s.timed = append(s.timed, timed{&plan.Step{Kernel: k, Args: args, Cost: s.batchCost(k.Op), Op: ir.Word(v.Op), At: v.At}, phase, columns})
}

// whole is a new buffer of a width for the whole batch, that of v unless v is nil.
func (s *schedule) whole(v *ir.Value, name string, width int) *plan.Buffer {
	b := &plan.Buffer{Name: s.names.unique(name), Width: width, Whole: true}
	s.buffers = append(s.buffers, b)
	if v != nil {
		s.at[v], b.At = b, v.At
	}
	return b
}

// phases puts the steps into their phases and notes the lives of buffers. A buffer of samples that is used in several phases
// is kept: a task's own part of the arena ends with the task.
func (s *schedule) phases(batch int) []*plan.Phase {
	first, last := 0, 0
	for _, t := range s.timed {
		first, last = min(first, t.phase), max(last, t.phase)
	}
	phases := make([]*plan.Phase, last-first+1)
	in := map[*plan.Buffer]int{}
	n := 0
	for i := range phases {
		p := &plan.Phase{}
		phases[i] = p
		for _, ofBatch := range []bool{false, true} {
			for _, t := range s.timed {
				if t.phase != first+i || (t.columns > 0) != ofBatch {
					continue
				}
				if ofBatch {
					p.Batch = append(p.Batch, &plan.BatchStep{Step: *t.Step, Columns: t.columns, Split: s.splitColumns(t.Step, t.columns, batch)})
				} else {
					p.Rows = append(p.Rows, t.Step)
				}
				for _, b := range t.Args {
					before, used := in[b]
					if !used {
						b.First = n
					} else if before != i && !b.Whole {
						b.Kept = true
					}
					b.Last, in[b] = n, i
				}
				n++
			}
		}
		if p.Split = (plan.Split{Task: task}); len(p.Rows) > 0 {
			p.Split = s.split(p.Rows)
		}
	}
	return phases
}

// splitColumns decides how the columns of a batch step are shared: one task if they are too little work for two.
func (l *lowerer) splitColumns(s *plan.Step, columns, batch int) plan.Split {
	return panelTasks(columns, int(l.micros(s.Cost.FLOPs*batch, float64(s.Cost.Bytes*batch)))/l.target.Fork)
}

// panelTasks cuts columns into about so many tasks of whole panels.
func panelTasks(columns, tasks int) plan.Split {
	if tasks < 2 {
		return plan.Split{Task: columns}
	}
	panels := (columns + plan.Panel - 1) / plan.Panel
	return plan.Split{Task: (panels + tasks - 1) / tasks * plan.Panel}
}
