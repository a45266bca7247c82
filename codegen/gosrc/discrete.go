package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// discreteKernel is the text of the kernel of a step of a code of discrete units: a loop over samples.
type discreteKernel struct {
	lists  []string // rows of values
	doc    string
	before string    // the loop, lines
	call   string    // of package discrete, for a sample
	more   [3]string // further parameters, their names, and what of them a call of its assembly function takes behind the count
	fast   string    // what this needs before the loop
}

// discrete prints the kernel of a step of a code of discrete units.
func (g *generator) discrete(k *plan.Kernel, op *plan.Discrete) {
	g.discretes = true
	d, w, name := g.discreteKernel(op), &g.kernels, portable(k.Name, op.Fast != nil)
	w.line("// %s %s. %v", name, d.doc, k.At)
	var conditions, heads []string
	for _, l := range d.lists {
		conditions, heads = append(conditions, "len("+l+") > 0"), append(heads, "&"+l+"[0]")
	}
	w.line("func %s(%s%s) {\n%s", name, rowParameters(op.Width, d.lists), d.more[0], d.before)
	w.line("for %s {\n%s := %s\n%s", strings.Join(conditions, " && "), strings.Join(suffixed(d.lists, "0"), ", "), strings.Join(heads, ", "), d.call)
	w.next(d.lists...)
	if op.Step == plan.FixedCode {
		w.line("// draws are what the draws of a score add to the logits, the same for all samples.")
		w.line("var draws = func() (d [%d][%d]float64) {\nfor k := range d {\ndiscrete.Noise(d[k][:], %d, k)\n}\nreturn d\n}()\n", nn.Draws, op.Width, op.Relaxation.Classes)
	}
	if op.Fast != nil {
		g.fastDiscrete(k, op, d)
	}
}

// fastDiscrete is the form of such a kernel by assembly functions.
func (g *generator) fastDiscrete(k *plan.Kernel, op *plan.Discrete, d discreteKernel) {
	w, units := &writer{}, op.Width/op.Relaxation.Classes
	count, samples := op.Width, 1 // of a call, and what it counts of a sample
	switch op.Step {
	case plan.FixedCode:
		count = units
	case plan.ClassDivergence:
		count, samples = 1, op.Fast.Most
	case plan.AddClassSlope:
		count, samples = units, op.Fast.Most/units
	}
	var lens, heads []string
	for _, l := range d.lists {
		lens, heads = append(lens, fmt.Sprintf("len(%s)", l)), append(heads, address(l, "i", 0))
	}
	w.line("%s\nn := min(%s)", d.fast, strings.Join(lens, ", "))
	arguments := fmt.Sprint(count)
	if samples == 1 {
		w.line("for i := range n {")
	} else {
		w.line("for i := 0; i < n; i += %d {", samples)
		arguments = fmt.Sprintf("%d*min(%d, n-i)", count, samples)
		if count == 1 {
			arguments = fmt.Sprintf("min(%d, n-i)", samples)
		}
	}
	w.line("%s(%s, %s)", op.Fast.Name, strings.Join(heads, ", "), strings.Replace(d.more[2], "#", arguments, 1))
	if op.Softmax != nil {
		w.line("%s(&z[i][0], &z[i][0], %d)", op.Softmax.Name, units)
	}
	w.line("}")
	g.forms = append(g.forms, form{name: k.Name, parameters: rowParameters(op.Width, d.lists) + d.more[0], arguments: strings.Join(d.lists, ", ") + d.more[1], body: w.b.String()})
}

func (g *generator) discreteKernel(op *plan.Discrete) discreteKernel {
	classes := op.Relaxation.Classes
	epoch, time := "", ""
	if op.Relaxation.Anneal > 0 {
		epoch, time = ", epoch float64", ", epoch"
	}
	switch op.Step {
	case plan.RelaxCode:
		g.random = true
		if op.Fast != nil {
			g.fastRandom, g.fastDiscretes = true, g.fastDiscretes || epoch != ""
		}
		return discreteKernel{
			lists:  []string{"z", "logits"},
			doc:    "sets z to a relaxed draw of " + op.Relaxation.String() + ". Key is that of the step's draws, and from is the number of\n// the first sample in the batch",
			before: temperatureOf(op.Relaxation), fast: temperatureOf(op.Relaxation),
			call: fmt.Sprintf("discrete.Relax(z0[:], logits0[:], %d, random.Subkey(key, from), temperature)\nfrom++", classes),
			more: [3]string{", key uint64, from int" + epoch, ", key, from" + time, "random.Subkey(key, from+i), #, float32(1/temperature)"},
		}
	case plan.RelaxSlope:
		return discreteKernel{
			lists: []string{"d", "dz", "z"}, doc: "sets d to the derivative of a relaxed draw z by the logits, times dz", before: temperatureOf(op.Relaxation),
			call: fmt.Sprintf("discrete.RelaxGrad(d0[:], dz0[:], z0[:], %d, temperature)", classes), more: [3]string{epoch, time},
		}
	case plan.ModeOfCode:
		return discreteKernel{lists: []string{"z", "logits"}, doc: "sets z to the most probable code", call: fmt.Sprintf("discrete.Mode(z0[:], logits0[:], %d)", classes)}
	case plan.FixedCode:
		return discreteKernel{
			lists: []string{"z", "logits"}, doc: "sets z to a draw of the code that has the same numbers for all samples",
			call: fmt.Sprintf("discrete.Choose(z0[:], logits0[:], noise[:], %d)", classes),
			more: [3]string{fmt.Sprintf(", noise *[%d]float64", op.Width), ", noise", "&noise[0], #"},
		}
	case plan.ClassDivergence:
		return discreteKernel{
			lists: []string{"kl", "logits"}, doc: "sets kl to the divergence of the code from the uniform prior, times beta",
			call: fmt.Sprintf("kl0[0] = float32(beta * discrete.Divergence(logits0[:], %d))", classes),
			more: [3]string{", beta float64", ", beta", "#, float32(beta)"},
		}
	case plan.AddClassSlope:
		return discreteKernel{
			lists: []string{"y", "d", "logits"}, doc: "sets y to d and the derivative of each sample's divergence times weight",
			call: fmt.Sprintf("discrete.AddDivergenceGrad(y0[:], d0[:], logits0[:], %d, weight)", classes),
			more: [3]string{", weight float64", ", weight", "#, float32(weight)"},
		}
	}
	panic(fmt.Sprintf("internal error: step %d of a discrete code", op.Step))
}

// discreteArguments are what such a kernel takes behind its buffers.
func discreteArguments(op *plan.Discrete, s *plan.Step) []string {
	epoch := func(args ...string) []string {
		if op.Relaxation.Anneal > 0 {
			args = append(args, "t.epoch")
		}
		return args
	}
	switch op.Step {
	case plan.RelaxCode:
		return epoch(fmt.Sprintf("t.draws[%d]", op.Key), "from")
	case plan.RelaxSlope:
		return epoch()
	case plan.FixedCode:
		return []string{fmt.Sprintf("&draws[%d]", s.Draw)}
	case plan.ClassDivergence:
		if s.Trains {
			return []string{"t.beta"}
		}
		return []string{"1"}
	case plan.AddClassSlope:
		return []string{"t.beta*t.share"}
	}
	return nil
}

// temperatureOf declares the temperature of a step, as Go source.
func temperatureOf(r nn.Relaxation) string {
	if r.Anneal == 0 {
		return "const temperature = " + float(r.Temperature)
	}
	return fmt.Sprintf("temperature := discrete.Temperature(%s, %s, epoch/%s)", float(r.Temperature), float(r.Floor), float(r.Anneal))
}

// classesDoc says what the values of a discrete code are.
func (g *generator) classesDoc() string {
	if n := g.p.Classes(); n > 1 {
		return fmt.Sprintf("%d units of %d classes each: the values of a unit are 1 in the place of its class, and 0 elsewhere", g.p.Code.Len()/n, n)
	}
	return fmt.Sprintf("%d units, each 0 or 1", g.p.Code.Len())
}
