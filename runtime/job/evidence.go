package job

import (
	"context"
	"math"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/train"
)

// Draws is the number of draws of each sample by which an evidence bound is estimated. Other than those of a score they are the sample's own, so that
// what they have in common does not move the mean over samples.
const Draws = 8

// Active is the variance of a unit's mean over the samples above which the unit says something of them: Burda et al. 2015.
const Active = 0.01

// A Sampled is what a package has beside the rest where its code is sampled. All functions may be called from several goroutines.
type Sampled[X, Y, Z, R, M any] struct {
	// Classes is the number of values of a unit of a discrete code, else 0.
	Classes int
	// Posterior sets the means and the logarithms of the variances of samples' codes. Of a discrete code it sets the probabilities, and
	// the divergence of each unit in the place of its first value.
	Posterior func(m M, mean, more []Z, x []X)
	// Bound is the importance-weighted bound of log p(x) by k draws, or with a target y that of log p(y|x).
	Bound func(m M, x *X, y Y, k int, rng *random.Source) float64
	// Imagine decodes a code drawn from the prior, and Sample draws values from the likelihood around that; nil of records and targets.
	Imagine, Sample func(m M, r *R, rng *random.Source)
}

// Evidence is what a model with a code that is sampled says of the samples of an eval, in nats a sample.
type Evidence struct {
	ELBO   float64   `json:"elbo"`           // the evidence bound of log p(x), or of the target's log p(y|x), by Draws draws of each sample
	NLL    float64   `json:"reconstruction"` // the mean of -log p(x|z) over drawn codes: -ELBO less the divergence
	KL     float64   `json:"kl"`             // the divergence from the prior, in closed form
	Units  []float64 `json:"kl_units"`       // that of each unit
	Active int       `json:"active_units"`   // units whose mean has a variance above Active over the samples
	Draws  int       `json:"iwae_draws,omitempty"`
	IWAE   *float64  `json:"iwae,omitempty"` // the bound of Sampled by so many draws
}

// evidence are sums over the samples of a piece, or of all pieces.
type evidence struct {
	kl, mean, square []float64 // by unit
	single, bound    float64   // bounds by one draw, mean over Draws of them, and by the job's draws
}

func (e *evidence) add(f evidence) {
	for i := range e.kl {
		e.kl[i] += f.kl[i]
		e.mean[i] += f.mean[i]
		e.square[i] += f.square[i]
	}
	e.single += f.single
	e.bound += f.bound
}

func newEvidence(units int) evidence {
	return evidence{kl: make([]float64, units), mean: make([]float64, units), square: make([]float64, units)}
}

// evidence measures samples.
func (w *worker[X, Y, Z, R, M]) evidence(ctx context.Context, m M, data train.Pairs[X, Y]) (*Evidence, error) {
	var z Z
	units := len(floatsOf(&z)) / max(1, w.p.Sampled.Classes)
	pieces := make([]evidence, (data.Len()+piece-1)/piece)
	do := func(from, to int) { pieces[from/piece] = w.evidenceOf(m, data, from, to, units) }
	if err := pass(ctx, w.job.Threads, data.Len(), w.tell, do, func(int, int) error { return nil }); err != nil {
		return nil, err
	}
	total, n := newEvidence(units), float64(data.Len())
	for _, p := range pieces { // in their order: results do not depend on threads
		total.add(p)
	}
	e := &Evidence{Draws: w.job.Draws}
	for i, kl := range total.kl {
		mean := total.mean[i] / n
		if total.square[i]/n-mean*mean > Active {
			e.Active++
		}
		e.Units = append(e.Units, kl/n)
		e.KL += kl / n
	}
	e.ELBO = total.single / n
	if data.Y != nil { // bounds of log p(y|x) are without the divergence
		e.ELBO -= e.KL
	}
	e.NLL = -e.ELBO - e.KL
	if w.job.Draws > 0 {
		bound := total.bound / n
		e.IWAE = &bound
	}
	return e, nil
}

// evidenceOf sums over the samples from to to-1. Each draws from a source of its own.
func (w *worker[X, Y, Z, R, M]) evidenceOf(m M, data train.Pairs[X, Y], from, to, units int) evidence {
	sum, x := newEvidence(units), data.X[from:to]
	var means, more [piece]Z
	w.p.Sampled.Posterior(m, means[:len(x)], more[:len(x)], x)
	for s := range x {
		more, classes := floatsOf(&more[s]), w.p.Sampled.Classes
		for i := range units {
			if classes > 0 { // a unit's mean is the probability of its first class
				p := float64(floatsOf(&means[s])[i*classes])
				sum.kl[i] += float64(more[i*classes])
				sum.mean[i] += p
				sum.square[i] += p * p
				continue
			}
			mu, v := float64(floatsOf(&means[s])[i]), float64(more[i])
			sum.kl[i] += max(0, (mu*mu+math.Expm1(v)-v)/2)
			sum.mean[i] += mu
			sum.square[i] += mu * mu
		}
		var y Y
		if data.Y != nil {
			y = data.Y[from+s]
		}
		rng := random.NewSource(1<<40 + uint64(from+s))
		for range Draws {
			sum.single += w.p.Sampled.Bound(m, &x[s], y, 1, rng) / Draws
		}
		if w.job.Draws > 0 {
			sum.bound += w.p.Sampled.Bound(m, &x[s], y, w.job.Draws, random.NewSource(uint64(from+s)))
		}
	}
	return sum
}
