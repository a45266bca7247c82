package train

import (
	"context"
	"fmt"
)

// Pairs are samples with their targets: Y[i] is that of X[i]. Where Y is None there are no targets.
type Pairs[X, Y any] struct {
	X []X
	Y []Y
}

// None is the target of a model that is compared with its input.
type None = struct{}

// A PairTrainer is a Trainer of a model with targets: it takes as many targets as samples.
type PairTrainer[X, Y any] interface {
	Step(x []X, y []Y) float64
	ScoreBatch(s []float32, x []X, y []Y)
	Diagnose(x []X, y []Y) *Fault
	Learner
}

// Alone makes a trainer without targets one of pairs, whose targets it does not look at.
func Alone[X any](t Trainer[X]) PairTrainer[X, None] { return alone[X]{t} }

type alone[X any] struct{ Trainer[X] }

func (t alone[X]) Step(x []X, _ []None) float64            { return t.Trainer.Step(x) }
func (t alone[X]) ScoreBatch(s []float32, x []X, _ []None) { t.Trainer.ScoreBatch(s, x) }
func (t alone[X]) Standardise(x []X) error                 { return Standardise(t.Trainer, x) }
func (t alone[X]) Diagnose(x []X, _ []None) *Fault         { return t.Trainer.Diagnose(x) }

// Run trains with data as RunPairs does, for a model that is compared with its input.
func Run[X any](ctx context.Context, t Trainer[X], cfg Config, data, val []X, opt Options) (Result, error) {
	return RunPairs(ctx, Alone(t), cfg, Pairs[X, None]{X: data}, Pairs[X, None]{X: val}, opt)
}

// Len is the number of samples.
func (p Pairs[X, Y]) Len() int { return len(p.X) }

// Part is the pairs from one to before another.
func (p Pairs[X, Y]) Part(from, to int) Pairs[X, Y] {
	q := Pairs[X, Y]{X: p.X[from:to]}
	if len(p.Y) > 0 {
		q.Y = p.Y[from:to]
	}
	return q
}

// take sets p to the pairs of all that an order names.
func (p Pairs[X, Y]) take(all Pairs[X, Y], order []int32) {
	for i, sample := range order {
		p.X[i] = all.X[sample]
	}
	if len(all.Y) > 0 {
		for i, sample := range order {
			p.Y[i] = all.Y[sample]
		}
	}
}

// check reports samples without their targets.
func (p Pairs[X, Y]) check() error {
	if _, alone := any(p.Y).([]None); !alone && len(p.Y) != len(p.X) {
		return fmt.Errorf("train: %d targets expected, one for each sample, %d found", len(p.X), len(p.Y))
	}
	return nil
}
