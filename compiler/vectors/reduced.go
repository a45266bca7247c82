package vectors

import (
	"math"

	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/plan"
)

// reduce rounds the parameters of an environment as a package of the program does, and with Int8 the inputs of products too.
func reduce(env *interp.Env, p *plan.Program) {
	steps := map[string][]float64{}
	for _, b := range p.Params {
		if b.Weight == "" || b.Reduced.Values != nil && b.Reduced.Values.Format == plan.Float32 {
			continue
		}
		w := env.Params[b.Weight]
		switch p.Precision.Format {
		case plan.Half:
			env.Params[b.Weight] = mapped(w, func(v float64) float64 { return digits(v, 11, -24) })
		case plan.Bfloat16:
			env.Params[b.Weight] = mapped(w, func(v float64) float64 { return digits(v, 8, -133) })
		case plan.Int8:
			env.Params[b.Weight], steps[b.Weight] = integers(w, b.Out)
		}
	}
	if p.Precision.Format != plan.Int8 {
		return
	}
	inputs := map[plan.Factor]plan.Inputs{}
	for _, k := range p.Kernels {
		if op, ok := k.Op.(*plan.ReducedProduct); ok {
			inputs[plan.Factor{Weight: op.Weights.Weight, Transposed: op.Transposed}] = op.Inputs
		}
	}
	env.Input = func(parameter string, transposed bool, x []float64) []float64 {
		in, rounded := inputs[plan.Factor{Weight: parameter, Transposed: transposed}]
		if !rounded {
			return x
		}
		var factors []float64
		if transposed {
			factors = steps[parameter]
		}
		return roundInputs(x, len(x)/env.Batch, factors, in)
	}
}

func mapped(x []float64, f func(float64) float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = f(v)
	}
	return y
}

// digits rounds to a number of binary digits, but to no place below 2^lowest.
func digits(v float64, n, lowest int) float64 {
	_, exponent := math.Frexp(v)
	place := math.Ldexp(1, max(exponent-n, lowest))
	return math.RoundToEven(v/place) * place
}

// integers rounds a weight [in, out] to whole steps of each output, and returns the steps: a 127th of the largest
// magnitude, rounded up to 16 binary digits.
func integers(w []float64, out int) (rounded, steps []float64) {
	steps = make([]float64, out)
	for i, v := range w {
		steps[i%out] = max(steps[i%out], math.Abs(v)/127)
	}
	for o, v := range steps {
		_, exponent := math.Frexp(v)
		steps[o] = math.Ldexp(math.Ceil(math.Ldexp(v, 16-exponent)), exponent-16)
	}
	rounded = make([]float64, len(w))
	for i, v := range w {
		if step := steps[i%out]; step > 0 {
			rounded[i] = math.RoundToEven(v/step) * step
		}
	}
	return rounded, steps
}

// roundInputs rounds rows of inputs, each multiplied by its factor where there are any, to whole steps.
func roundInputs(x []float64, width int, factors []float64, in plan.Inputs) []float64 {
	most := float64(in.Most)
	factor := func(i int) float64 {
		if factors == nil {
			return 1
		}
		return factors[i%width]
	}
	y := make([]float64, len(x))
	for from := 0; from < len(x); from += width {
		bound := in.Range
		for i := from; i < from+width && in.Range == 0; i++ {
			bound = max(bound, math.Abs(x[i]*factor(i)))
		}
		for i := from; i < from+width; i++ {
			if f := factor(i); f != 0 && bound != 0 {
				q := math.RoundToEven(x[i] * f / bound * most)
				y[i] = max(-most, min(q, most)) * bound / most / f
			}
		}
	}
	return y
}
