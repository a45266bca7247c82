// Package vectors computes numbers for a generated package by the interpreter: the golden vectors that it tests itself with,
// and the ranges that it rounds inputs in.
package vectors

import (
	"math"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// kept is the number of values that are kept of an array.
const kept = 8

// Compute runs two samples through the model with weights that follow from plan.Hash.
func Compute(m *ir.Model, p *plan.Program) *plan.Vectors {
	env := interp.Env{
		Batch:  plan.Samples,
		Inputs: map[string][]float64{m.Input.Name: samples(p)},
		Params: params(p),
	}
	if p.Goal != nil {
		env.Inputs[m.Target.Name] = p.Targets(plan.Samples)
	}
	if p.Precision.Format != plan.Float32 {
		reduce(&env, p)
	}
	r, err := interp.Run(m.Forward, env)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	v := &plan.Vectors{Scores: r.Outputs[ir.Score], CodeKept: min(kept, p.Code.Len()), OutKept: min(kept, p.Output.Len()), Tolerance: tolerance(p.Precision)}
	v.Code = first(r.Outputs[ir.Code], p.Code.Len(), v.CodeKept)
	v.Reconstruction = first(r.Outputs[ir.Reconstruction], p.Output.Len(), v.OutKept)
	if p.Explain != nil {
		v.Contributions = first(contributions(m, p, env, r.Outputs[ir.Reconstruction], env.Inputs[m.Input.Name]), p.Explain.Parts(), v.OutKept)
	}
	return v
}

// contributions are the parts of scores, of reconstructions r and samples x in the units of the data.
func contributions(m *ir.Model, p *plan.Program, env interp.Env, r, x []float64) []float64 {
	if m.Record != nil {
		return FieldContributions(m, env)
	}
	if p.Explain.Divergence != nil {
		return DrawContributions(m, env)
	}
	if m.Standard {
		r, x = Standardised(r, env), Standardised(x, env)
	}
	low, width := 0.0, 1.0
	if p.Low != p.High {
		low, width = p.Low, p.High-p.Low
	}
	loss := p.Loss
	if loss.Learned {
		loss.Std = math.Exp(env.Params["reconstruct.log_std"][0])
	}
	parts := make([]float64, len(x))
	for i := range x {
		parts[i] = loss.Value((r[i]-low)/width, (x[i]-low)/width, p.Explain.Width)
	}
	return parts
}

// first keeps the first n of each width values.
func first(a []float64, width, n int) []float64 {
	var out []float64
	for i := 0; i < len(a); i += width {
		out = append(out, a[i:i+n]...)
	}
	return out
}

func samples(p *plan.Program) []float64 {
	x := make([]float64, plan.Samples*p.Input.Len())
	for i := range x {
		if p.Record != nil {
			x[i] = p.Record.Fields[i%p.Input.Len()].Example(float64(plan.Hash(plan.SampleStream, i)))
			continue
		}
		x[i] = p.Example(float64(plan.Hash(plan.SampleStream, i)))
	}
	return x
}

// params are the arrays of every block, weights as the IR has them: [in, out].
func params(p *plan.Program) map[string][]float64 {
	arrays := map[string][]float64{}
	number := 0
	for _, block := range p.Params {
		if block.Weight != "" {
			w := make([]float64, block.In*block.Out)
			bound := float32(math.Sqrt(3 / float64(block.In*block.Out/block.Shape()[0])))
			for i := range w {
				w[block.OfFile(i)] = float64(plan.Hash(number, i) * bound)
			}
			arrays[block.Weight] = w
			number++
		}
		if block.Bias != "" {
			b := make([]float64, block.Out)
			for i := range b {
				b[i] = float64(plan.Hash(number, i) * 0.1)
			}
			arrays[block.Bias] = b
			number++
		}
	}
	return arrays
}

// tolerance is how far float32 may be from the interpreter. An input of an integer product that lies between two integers
// may become either.
func tolerance(p plan.Precision) float64 {
	switch {
	case p.Format == plan.Int8 && p.Ranges != nil:
		return 2e-2
	case p.Format == plan.Int8:
		return 3e-4
	}
	return 2e-5
}
