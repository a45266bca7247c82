package codegen_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/compiler/vectors"
)

// compare holds a report against the interpreter: forward, gradients, and weights after one and so many steps.
func compare(c *compiler.Compilation, r report, steps int) error {
	env := environment(c)
	forward, err := interp.Run(c.Model.Forward, env)
	if err != nil {
		return err
	}
	noisy, err := interp.Run(c.Model.Objective, env)
	if err != nil {
		return err
	}
	for _, o := range []struct {
		name      string
		got, want []float64
	}{
		{ir.Code, r.Code, forward.Outputs[ir.Code]}, {ir.Reconstruction, r.Reconstruction, forward.Outputs[ir.Reconstruction]},
		{ir.Score, r.Scores, forward.Outputs[ir.Score]}, {ir.Loss, []float64{r.Loss}, noisy.Outputs[ir.Loss]},
	} {
		if err := near(o.name, o.got, o.want, 2e-5, 1e-6); err != nil {
			return err
		}
	}
	if classes := c.Program.Classes(); classes > 0 {
		if err := near(ir.Logits, r.Probabilities, probabilities(forward.Outputs[ir.Logits], classes), 2e-5, 1e-6); err != nil {
			return err
		}
	} else if c.Program.Sampled() {
		if err := near(ir.LogVariance, r.LogVar, forward.Outputs[ir.LogVariance], 2e-5, 1e-6); err != nil {
			return err
		}
	} else if err := compareParts(c, env, r.Parts, forward.Outputs[ir.Reconstruction], env.Inputs[c.Model.Input.Name]); err != nil {
		return err
	}
	g, err := interp.Run(grad.Differentiate(c.Model.Objective), env)
	if err != nil {
		return err
	}
	for name, got := range r.Gradients {
		if err := near("gradient of "+name, got, outIn(c, name, g.Outputs[grad.Gradient+name]), 1e-4, 1e-6); err != nil {
			return err
		}
	}
	start := env.Params
	for step := 1; step <= steps; step++ {
		next, err := interp.Run(c.Train, env)
		if err != nil {
			return err
		}
		env.Params, env.State, env.Step = next.Params, next.State, step
		for name, got := range map[int]map[string][]float64{1: r.One, 10: r.Ten}[step] {
			what, want := fmt.Sprintf("%s after %d steps", name, step), outIn(c, name, env.Params[name])
			if step == 1 {
				if got, err = determined(c, what, got, want, outIn(c, name, g.Outputs[grad.Gradient+name])); err != nil {
					return err
				}
			}
			if err := moved(c, what, got, want, outIn(c, name, start[name]), step); err != nil {
				return err
			}
		}
	}
	return nil
}

// steady reports whether ten steps of a model make little of the last bits of its weights: of the interpreter's own runs, one from
// weights that are 3 parts in 10 million off ends near the other. Some deep models do not.
func steady(t *testing.T, c *compiler.Compilation) bool {
	t.Helper()
	exact, off := environment(c), environment(c)
	start := exact.Params
	for _, values := range off.Params {
		for i := range values {
			values[i] *= 1 + 3e-7*float64(i%3-1)
		}
	}
	for step := 1; step <= 10; step++ {
		for _, env := range []*interp.Env{&exact, &off} {
			next, err := interp.Run(c.Train, *env)
			if err != nil {
				t.Fatal(err)
			}
			env.Params, env.State, env.Step = next.Params, next.State, step
		}
	}
	for name, want := range exact.Params {
		if moved(c, name, off.Params[name], want, start[name], 10) != nil {
			return false
		}
	}
	return true
}

// determined is got with what a step of adam or rmsprop leaves to rounding replaced by want: where a gradient is not 0 and less than a hundred
// thousandth of the array's largest, float32 knows it to a percent at best, and near the optimiser's eps the step depends on it. Such numbers
// are held to a tenth of the step: rmsprop's first is 1/√(1-α) rates.
func determined(c *compiler.Compilation, what string, got, want, gradient []float64) ([]float64, error) {
	o := c.Program.Train.Config.Optimizer
	if o.Method == nn.SGD || len(gradient) != len(want) || len(got) != len(want) {
		return got, nil
	}
	step, largest := o.Rate, 0.0
	if o.Method == nn.RMSProp {
		step /= math.Sqrt(1 - o.Alpha)
	}
	for _, d := range gradient {
		largest = max(largest, math.Abs(d))
	}
	got = slices.Clone(got)
	for i, d := range gradient {
		if d == 0 || math.Abs(d) >= 1e-5*largest {
			continue
		}
		if !(math.Abs(got[i]-want[i]) <= 0.1*step+5e-7*math.Abs(want[i])) {
			return nil, fmt.Errorf("%s[%d] is %v, want %v", what, i, got[i], want[i])
		}
		got[i] = want[i]
	}
	return got, nil
}

// moved compares weights after some steps. A step of sgd is proportional to the gradient, so its error is a small part of the
// way that the weights went. The sign of a tiny gradient decides a whole step of adam and rmsprop: there, a single number may
// be off by a tenth of a learning rate a step, and the mean of an array by a thousandth.
func moved(c *compiler.Compilation, what string, got, want, start []float64, steps int) error {
	way, weight, sum := 0.0, 0.0, 0.0
	for i, v := range want {
		way, weight = max(way, math.Abs(v-start[i])), max(weight, math.Abs(v))
		sum += math.Abs(got[i] - v)
	}
	o := c.Program.Train.Config.Optimizer
	if o.Method == nn.SGD {
		return near(what, got, want, 0, 1e-3*way+5e-7*weight)
	}
	if mean, bound := sum/float64(len(want)), 1e-3*o.Rate*float64(steps)+5e-7*weight; !(mean <= bound) {
		return fmt.Errorf("%s: mean error %v, want at most %v", what, mean, bound)
	}
	return near(what, got, want, 0, 0.1*o.Rate*float64(steps)+5e-7*weight)
}

// near bounds the error by a part of the array's largest value plus a constant.
func near(what string, got, want []float64, relative, absolute float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%s: %d values, want %d", what, len(got), len(want))
	}
	bound := 0.0
	for _, v := range want {
		bound = max(bound, math.Abs(v))
	}
	bound = relative*bound + absolute
	for i, v := range want {
		if d := math.Abs(got[i] - v); !(d <= bound) {
			return fmt.Errorf("%s[%d] is %v, want %v", what, i, got[i], v)
		}
	}
	return nil
}

// epoch is the time of all steps that are compared.
const epoch = 0.75

// environment is the samples and weights of the program, for the interpreter.
func environment(c *compiler.Compilation) interp.Env {
	p := c.Program
	x := make([]float64, samples(c)*p.Input.Len())
	for i := range x {
		if p.Record != nil {
			x[i] = p.Record.Fields[i%p.Input.Len()].Example(float64(plan.Hash(plan.SampleStream, i)))
			continue
		}
		x[i] = p.Example(float64(plan.Hash(plan.SampleStream, i)))
	}
	env := interp.Env{Batch: samples(c), Inputs: map[string][]float64{p.Input.Name: x}, Params: map[string][]float64{}, Rate: c.Model.Training.Optimizer.Rate, Seed: c.Model.Training.Seed, Epoch: epoch}
	if p.Goal != nil {
		env.Inputs[p.Goal.Name] = p.Targets(samples(c))
	}
	number := 0
	for _, b := range p.Params {
		if b.Weight != "" {
			bound := float32(math.Sqrt(3 / float64(b.In*b.Out/b.Shape()[0])))
			w := make([]float64, b.In*b.Out)
			for i := range w {
				w[b.OfFile(i)] = float64(plan.Hash(number, i) * bound)
			}
			env.Params[b.Weight] = w
			number++
		}
		if b.Bias == "" {
			continue
		}
		bias := make([]float64, b.Out)
		for i := range bias {
			bias[i] = float64(plan.Hash(number, i) * 0.1)
		}
		env.Params[b.Bias] = bias
		number++
	}
	return env
}

// outIn turns a weight of the IR, [in, out], into safetensors' [out, in].
func outIn(c *compiler.Compilation, name string, v []float64) []float64 {
	for _, b := range c.Program.Params {
		if b.Weight == name {
			w := make([]float64, len(v))
			for i := range v {
				w[i] = v[b.OfFile(i)]
			}
			return w
		}
	}
	return v
}

// compareParts holds the parts of scores against the loss of each value of the reconstructions.
func compareParts(c *compiler.Compilation, env interp.Env, got, reconstructions, x []float64) error {
	p := c.Program
	if p.Explain == nil {
		return near("parts of scores", got, nil, 0, 0)
	}
	if p.Explain.Divergence != nil {
		return near("parts of scores", got, vectors.DrawContributions(c.Model, env), 5e-5, 1e-6)
	}
	if p.Record != nil {
		return near("parts of scores", got, vectors.FieldContributions(c.Model, env), 5e-5, 1e-6)
	}
	if p.Standard {
		reconstructions, x = vectors.Standardised(reconstructions, env), vectors.Standardised(x, env)
	}
	low, width := 0.0, 1.0
	if p.Low != p.High {
		low, width = p.Low, p.High-p.Low
	}
	loss := p.Loss
	if loss.Learned {
		loss.Std = math.Exp(env.Params["reconstruct.log_std"][0])
	}
	want := make([]float64, len(x))
	for i := range x {
		want[i] = loss.Value((reconstructions[i]-low)/width, (x[i]-low)/width, p.Input.Len())
	}
	return near("parts of scores", got, want, 5e-5, 1e-6)
}

// probabilities are those of a code of discrete units by its logits.
func probabilities(logits []float64, classes int) []float64 {
	var q []float64
	for unit := range slices.Chunk(logits, classes) {
		if classes == 1 {
			unit = append([]float64{0}, unit...) // a coin is two classes, one with the logit 0
		}
		p, _ := nn.Softmax(unit)
		q = append(q, p[len(p)-classes:]...)
	}
	return q
}
