package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

// compared is the samples of the comparison with the portable build: full tiles of kernels and a rest.
const compared = 37

// comparePortable panics unless the program computes, to rounding, what the model's kernels in Go compute.
func (b *benching) comparePortable(program string) error {
	b.line.Status("building the portable model")
	portable, remove, err := scratch.Build(b.program, "purego")
	if err != nil {
		return err
	}
	defer remove()
	b.line.Status("comparing the model with its portable build")
	samples := hashed(b.program, compared)
	fast, err := b.results(program, samples)
	if err != nil {
		return err
	}
	plain, err := b.results(portable, samples)
	if err != nil {
		return err
	}
	if d := difference(fast, plain, b.tolerance); d != "" {
		panic(fmt.Sprintf("internal error: %s differs from its portable build: %s", b.program.File, d))
	}
	return nil
}

// results runs the job check.
func (b *benching) results(program string, samples *dataset.Table) (weights.File, error) {
	data, err := writeRaw(b.dir, "checked", samples)
	if err != nil {
		return weights.File{}, err
	}
	targets, err := writeTargets(b.dir, "checked-targets", samples, b.program)
	if err != nil {
		return weights.File{}, err
	}
	output := filepath.Join(b.dir, "results.safetensors")
	j := job.Job{Kind: job.Check, Data: data, Targets: targets, Weights: b.weights, Output: output}
	if err := scratch.Run(program, j, func(job.Message) {}); err != nil {
		return weights.File{}, err
	}
	f, err := os.Open(output)
	if err != nil {
		return weights.File{}, err
	}
	defer f.Close()
	return weights.Read(f)
}

// difference names the first value of fast that is not that of plain, to the tolerances of the generated tests, or is "".
func difference(fast, plain weights.File, tolerance func(weights.Tensor) tolerance) string {
	for _, want := range plain.Tensors {
		got, err := fast.Tensor(want.Name, want.Shape...)
		if err != nil {
			return err.Error()
		}
		allowed := tolerance(want)
		for i, v := range want.Data {
			a, b := float64(got[i]), float64(v)
			if !agree(a, b, allowed.bound) {
				if allowed.exceptions--; allowed.exceptions >= 0 && agree(a, b, allowed.wide) {
					continue
				}
				return fmt.Sprintf("%s: value %d is %v, in Go %v", want.Name, i, got[i], v)
			}
		}
	}
	return ""
}

// A tolerance is what values of a tensor may differ by: all by the bound, and some exceptions by more.
type tolerance struct {
	bound, wide float64
	exceptions  int
}

// tolerance is 1e-4 of a tensor's largest value; for weights a tenth of each step's learning rate more, because a step by the sign of
// a tiny gradient may go either way; with integers 2e-3, because an activation that differs in its last bit may become the next one.
// Where an optimiser divides by the size of a gradient whose terms cancel to less than their last bits, its step may be of any size up to the rate: one
// in a thousand weights may be such. Beside convolutions one and three in a thousand may: a value within rounding of the kink of relu passes
// its gradient back or not, which a convolution takes to all weights of a channel.
func (b *benching) tolerance(t weights.Tensor) tolerance {
	largest := 1e-3
	for _, v := range t.Data {
		if size := math.Abs(float64(v)); !math.IsInf(size, 0) && !math.IsNaN(size) {
			largest = max(largest, size)
		}
	}
	switch {
	case b.program.Precision.Format == plan.Int8:
		return tolerance{bound: 2e-3 * largest}
	case strings.HasSuffix(t.Name, "weight") || strings.HasSuffix(t.Name, "bias"):
		o := b.program.Train.Config.Optimizer
		allowed := tolerance{bound: 1e-4*largest + 0.1*o.Rate*job.CheckedSteps}
		if o.Method != nn.SGD {
			allowed.wide, allowed.exceptions = allowed.bound+2*o.Rate*job.CheckedSteps, len(t.Data)/1000
			if slices.ContainsFunc(b.program.Params, func(p *plan.Param) bool { return p.Kernel != nil }) {
				allowed.exceptions = 1 + 3*len(t.Data)/1000
			}
		}
		return allowed
	}
	return tolerance{bound: 1e-4 * largest}
}

// agree reports whether numbers differ by the bound at most, or are the same infinity or both no number.
func agree(a, b, bound float64) bool {
	return math.Abs(a-b) <= bound || a == b || math.IsNaN(a) && math.IsNaN(b)
}
