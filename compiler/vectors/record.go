package vectors

import (
	"math"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// FieldContributions are the parts of the scores of records.
func FieldContributions(m *ir.Model, env interp.Env) []float64 {
	g := ir.Slice(m.Forward, "explain", nil, ir.Score)
	nll := g.Output(ir.Score)
	for i, name := range []string{"o", "u", "x"} {
		g.SetOutput(name, nll.Args[i])
	}
	r, err := interp.Run(g, env)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	var by nn.Standard
	var rho []float64
	param := func(i int) []float64 { return env.Params[nll.Args[i].Op.(ir.Param).Name] }
	if m.Record.Standards() > 0 {
		by = nn.Standard{Mean: param(3), LogDeviation: param(4)}
	}
	if m.Record.Deviations() > 0 {
		rho = param(5)
	}
	var parts []float64
	row := func(name string, sample int) []float64 {
		all := r.Outputs[name]
		return all[sample*len(all)/env.Batch : (sample+1)*len(all)/env.Batch]
	}
	for s := range env.Batch {
		for i, f := range m.Record.Slots() {
			parts = append(parts, f.FieldNLL(row("o", s), row("u", s), row("x", s)[i], by, rho))
		}
	}
	return parts
}

// Standardised are values of the data in the units that a network sees which standardises them.
func Standardised(x []float64, env interp.Env) []float64 {
	mean, log := env.Params["input.mean"], env.Params["input.log_deviation"]
	u := make([]float64, len(x))
	for i, v := range x {
		u[i] = (v - mean[i%len(mean)]) * math.Exp(-log[i%len(mean)])
	}
	return u
}
