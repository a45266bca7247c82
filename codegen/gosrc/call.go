package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// routineSteps prints the method that takes a chunk through all steps.
func (g *generator) routineSteps(r *plan.Routine, method string) string {
	w := &writer{}
	w.line("// %s is %s of a chunk of samples%s.", method, r.Name, map[bool]string{true: "; a holds its activations"}[r.Arena > 0])
	var buffers []string
	for _, b := range slices.Concat([]*plan.Buffer{r.Out}, r.More, r.In) {
		buffers = append(buffers, fmt.Sprintf("%s []%s", b.Name, rowType(b)))
	}
	list := strings.Join(buffers, ", ")
	if r.Arena > 0 {
		list = "a []float32, " + list
	}
	if g.p.Tied() {
		list = "wt *transposed, " + list
	}
	w.line("func (w *parameters) %s(%s) {", method, list)
	routineBody(w, r, func(*plan.Step) {})
	w.line("}")
	return w.b.String()
}

// routineBody prints the steps of a routine, each followed by what after prints, and the buffers of its arena a before them. What a network covers is
// followed by nothing.
func routineBody(w *writer, r *plan.Routine, after func(*plan.Step)) {
	if r.Arena > 0 {
		w.line("n := len(%s)", r.In[0].Name)
	}
	for _, b := range r.Buffers {
		if b.External == "" && (!partly(r) || b.Last >= r.Covered) { // the caller's, or what a network leaves
			w.line("%s := arena.Rows[%s](a, %s, n)", b.Name, rowType(b), placeBehind("", "n", b.Offset))
		}
	}
	steps := r.Steps
	if partly(r) {
		steps = networkCall(w, r)
	}
	for _, s := range steps {
		w.line("%s", call(s, "w", "wt"))
		after(s)
	}
}

// call is the call of a step's kernel. Blocks are fields of the variable w, their transposed copies of wt.
func call(s *plan.Step, w, wt string) string {
	var args []string
	for _, b := range s.Args {
		args = append(args, b.Name)
	}
	weights := func(p *plan.Param, transposed bool) string {
		if transposed {
			return fmt.Sprintf("&%s.%s", wt, p.Field)
		}
		return fmt.Sprintf("&%s.%s", w, p.Field)
	}
	switch op := s.Kernel.Op.(type) {
	case *plan.Product:
		if op.Bias != nil {
			args = append(args, fmt.Sprintf("&%s.%s", w, op.Bias.Field))
		}
		args = append(args, weights(op.Weights, op.Transposed))
	case *plan.TapProduct:
		if op.Bias != nil && (op.Bias != op.Weights || op.Transposed) {
			args = append(args, fmt.Sprintf("&%s.%s", w, op.Bias.Field))
		}
		args = append(args, weights(op.Weights, op.Transposed))
	case *plan.ReducedProduct:
		args = append(args, reducedArguments(op, w)...)
	case *plan.Standardise:
		args = append(args, fieldArguments(w, blocksOf(op.Standardised, nil))...)
	case *plan.Features:
		args = append(args, fieldArguments(w, blocksOf(op.Standardised, nil))...)
	case *plan.Likeliest:
		args = append(args, fieldArguments(w, blocksOf(op.Standardised, nil))...)
	case *plan.FieldLoss:
		args = append(args, fieldArguments(w, blocksOf(op.Standardised, op.LogStd))...)
		if op.Gradient {
			args = append(args, "t.share")
		}
	case *plan.BackProduct:
		args = append(args, weights(op.Weights, !op.Transposed))
	case *plan.Above:
		if op.Threshold != nil {
			args = append(args, keptArguments(op, w)...)
		}
	case *plan.DeadTopK:
		args = append(args, "&t.idle")
	case *plan.RowsProduct, *plan.RowsGrad, *plan.SubBias:
		args = append(args, keptArguments(op, w)...)
	case *plan.LossGrad, *plan.PenalizeGrad, *plan.CommitGrad, *plan.AddRow, *plan.ContractGrad, *plan.Squares:
		args = append(args, "t.share")
	case *plan.Corrupt:
		args = append(args, fmt.Sprintf("(*[%d]uint64)(t.noise[%d:])", len(op.Noises), s.Noise), "from")
	case *plan.GaussianLoss:
		args = append(args, fieldArguments(w, []*plan.Param{op.LogStd})...)
		if op.Gradient {
			args = append(args, "t.share")
		}
	case *plan.UnitSlope, *plan.UnitSlopeGrad:
		args = append(args, fmt.Sprint(s.Draw))
	case *plan.Discrete:
		args = append(args, discreteArguments(op, s)...)
	case *plan.Quantize:
		args = append(args, bookArguments(op, w)...)
	case *plan.DrawFixed:
		args = append(args, fmt.Sprintf("&draws[%d]", s.Draw))
	case *plan.Posterior:
		args = append(args, fmt.Sprintf("t.draws[%d]", op.Key), "from", "t.beta")
	case *plan.PosteriorGrad:
		args = append(args, "t.beta*t.share")
	}
	return fmt.Sprintf("%s(%s)", s.Kernel.Name, strings.Join(args, ", "))
}
