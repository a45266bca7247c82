package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// discrete prints the kernel of a step of a code of discrete units: a loop over samples.
func (g *generator) discrete(k *plan.Kernel, op *plan.Discrete) {
	g.discretes = true
	w, classes := &g.kernels, op.Relaxation.Classes
	rows := func(doc, more, call string, lists ...string) {
		w.line("// %s %s. %v", k.Name, doc, k.At)
		var conditions, heads []string
		for _, l := range lists {
			conditions, heads = append(conditions, "len("+l+") > 0"), append(heads, "&"+l+"[0]")
		}
		w.line("func %s(%s%s) {", k.Name, rowParameters(op.Width, lists), more)
		if op.Step == plan.RelaxCode || op.Step == plan.RelaxSlope {
			w.line("%s", temperatureOf(op.Relaxation))
		}
		w.line("for %s {\n%s := %s\n%s", strings.Join(conditions, " && "), strings.Join(suffixed(lists, "0"), ", "), strings.Join(heads, ", "), call)
		w.next(lists...)
	}
	switch op.Step {
	case plan.RelaxCode:
		g.random = true
		rows("sets z to a relaxed draw of "+op.Relaxation.String()+". Key is that of the step's draws, and from is the number of\n// the first sample in the batch",
			", key uint64, from int"+epochParameter(op.Relaxation),
			fmt.Sprintf("discrete.Relax(z0[:], logits0[:], %d, random.Subkey(key, from), temperature)\nfrom++", classes), "z", "logits")
	case plan.RelaxSlope:
		rows("sets d to the derivative of a relaxed draw z by the logits, times dz", epochParameter(op.Relaxation),
			fmt.Sprintf("discrete.RelaxGrad(d0[:], dz0[:], z0[:], %d, temperature)", classes), "d", "dz", "z")
	case plan.ModeOfCode:
		rows("sets z to the most probable code", "", fmt.Sprintf("discrete.Mode(z0[:], logits0[:], %d)", classes), "z", "logits")
	case plan.FixedCode:
		rows("sets z to a draw of the code that has the same numbers for all samples", ", draw int",
			fmt.Sprintf("discrete.Fixed(z0[:], logits0[:], %d, draw)", classes), "z", "logits")
	case plan.ClassDivergence:
		rows("sets kl to the divergence of the code from the uniform prior, times beta", ", beta float64",
			fmt.Sprintf("kl0[0] = float32(beta * discrete.Divergence(logits0[:], %d))", classes), "kl", "logits")
	case plan.AddClassSlope:
		rows("sets y to d and the derivative of each sample's divergence times weight", ", weight float64",
			fmt.Sprintf("discrete.AddDivergenceGrad(y0[:], d0[:], logits0[:], %d, weight)", classes), "y", "d", "logits")
	default:
		panic(fmt.Sprintf("internal error: step %d of a discrete code", op.Step))
	}
}

// discreteArguments are what such a kernel takes behind its buffers.
func discreteArguments(op *plan.Discrete, draw int) []string {
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
		return []string{fmt.Sprint(draw)}
	case plan.ClassDivergence:
		if op.Prior == nn.Bound && !op.Trains {
			return []string{"1"}
		}
		return []string{"t.beta"}
	case plan.AddClassSlope:
		return []string{"t.beta*t.share"}
	}
	return nil
}

// epochParameter is the time of the step, where the temperature depends on it.
func epochParameter(r nn.Relaxation) string {
	if r.Anneal == 0 {
		return ""
	}
	return ", epoch float64"
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
