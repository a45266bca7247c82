package plan

// Roofline is the least time of n samples on one core of the target, in µs: that of the arithmetic at its best, or of the bytes
// from a cache, whichever is longer. Williams, Waterman and Patterson, Roofline: An Insightful Visual Performance Model for
// Multicore Architectures, 2009.
func (t Target) Roofline(c Cost, n int) float64 {
	return max(float64(n*c.FLOPs)/float64(t.Rate), float64(n*c.Bytes+c.Weights)/float64(t.Stream))
}

// Cost is what all steps of a routine take.
func (r *Routine) Cost() Cost { return total(r.Steps) }

// RowsCost is what forward, loss and backward take.
func (t *Training) RowsCost() Cost { return total(t.Steps()) }

// UpdatesCost is what gradients and updates take: a block, its slots and its copy are read and written once a batch.
func (t *Training) UpdatesCost() Cost {
	var c Cost
	for _, u := range t.Updates {
		c.FLOPs += u.Cost.FLOPs
		c.Bytes += u.Cost.Bytes
		c.Weights += u.Cost.Weights
	}
	return c
}

// StepRoofline is the least time of a step of a whole batch on one core, in µs.
func (t *Training) StepRoofline(target Target) float64 {
	return target.Roofline(t.RowsCost(), t.Config.Batch) + target.Roofline(t.UpdatesCost(), t.Config.Batch)
}

func total(steps []*Step) Cost {
	var c Cost
	for _, s := range steps {
		c.FLOPs += s.Cost.FLOPs
		c.Bytes += s.Cost.Bytes
		c.Weights += s.Cost.Weights
	}
	return c
}
