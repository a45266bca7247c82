package vectors

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// calibrated is the number of samples that ranges are taken from, at most: every so many of all.
const calibrated = 1000

// Ranges are the largest magnitudes that the inputs of each product have over samples, of what a program with Int8 rounds:
// those of a product by Wᵀ are multiplied by the steps of W. Params are float32 weights [in, out] and biases.
func Ranges(m *ir.Model, p *plan.Program, params map[string][]float64, samples []float32) map[plan.Factor]float64 {
	steps := map[string][]float64{}
	for _, b := range p.Params {
		if b.Weight != "" {
			_, steps[b.Weight] = integers(params[b.Weight], b.Out)
		}
	}
	ranges := map[plan.Factor]float64{}
	x := thinned(samples, p.Input.Len())
	env := interp.Env{Batch: len(x) / p.Input.Len(), Params: params, Inputs: map[string][]float64{m.Input.Name: x}}
	env.Input = func(parameter string, transposed bool, x []float64) []float64 {
		f := plan.Factor{Weight: parameter, Transposed: transposed}
		for i, v := range x {
			if transposed {
				v *= steps[parameter][i%len(steps[parameter])]
			}
			ranges[f] = max(ranges[f], math.Abs(v))
		}
		return x
	}
	forward := m.Forward
	if m.Target != nil { // which products do not need
		forward = ir.Slice(forward, "ranges", nil, ir.Reconstruction)
	}
	if _, err := interp.Run(forward, env); err != nil {
		panic(fmt.Sprintf("internal error: %v", err))
	}
	return ranges
}

// thinned is at most so many samples as ranges are taken from, spaced evenly.
func thinned(samples []float32, width int) []float64 {
	n := len(samples) / width
	var x []float64
	for s := 0; s < n; s += (n + calibrated - 1) / calibrated {
		for _, v := range samples[s*width : (s+1)*width] {
			x = append(x, float64(v))
		}
	}
	return x
}
