package plan

// A Phase is a part of a training step between two barriers. First tasks of samples go through the rows, in parallel; when all have
// ended, the batch steps follow, one after the other, each shared between workers by columns. What a batch step writes is read by
// the rows of later phases. A sum over samples is one worker's, in their order, so results do not depend on the number of workers.
type Phase struct {
	Rows  []*Step // none where the batch steps read weights alone
	Split Split   // of the batch's samples, for Rows
	Batch []*BatchStep
}

// A BatchStep is a call of a kernel with buffers of the whole batch. It is done for a range of columns at a time.
type BatchStep struct {
	Step
	Columns int
	Split   Split // of the columns
}

// RowSteps are the steps of all phases that samples go through.
func (t *Training) RowSteps() []*Step {
	var steps []*Step
	for _, p := range t.Phases {
		steps = append(steps, p.Rows...)
	}
	return steps
}

// Steps are all steps of the phases in order.
func (t *Training) Steps() []*Step {
	var steps []*Step
	for _, p := range t.Phases {
		steps = append(steps, p.Rows...)
		for _, b := range p.Batch {
			steps = append(steps, &b.Step)
		}
	}
	return steps
}

// text is the phases as the plan shows them.
func (t *Training) phases(line func(string, ...any), target Target) {
	first, n := 0, t.Config.Batch
	for i, p := range t.Phases {
		if len(t.Phases) > 1 {
			line("  phase %d", i)
		}
		if len(p.Rows) > 0 {
			line("  on several workers: %s", p.Split.text("sample", n))
		}
		listSteps(line, p.Rows, first, target, n)
		first += len(p.Rows)
		for _, b := range p.Batch {
			line("  then of the whole batch, %d columns: %s", b.Columns, b.Split.text("column", b.Columns))
			listSteps(line, []*Step{&b.Step}, first, target, n)
			first++
		}
	}
}
