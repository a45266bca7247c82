package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// elementwise prints a kernel that computes each value of a row from the values at its place in other rows.
// Args are the names of the rows read; expression uses them as name0. Fast is the kernel's assembly function, or nil.
func (g *generator) elementwise(k *plan.Kernel, fast *plan.Function, width int, formula, expression string, args ...string) {
	w, name := &g.kernels, portable(k.Name, fast != nil)
	rows := append([]string{"y"}, args...)
	if fast != nil {
		g.fastElementwise(k, fast, width, rows)
	}
	var lens, heads, tails []string
	for _, a := range rows {
		lens = append(lens, fmt.Sprintf("len(%s) > 0", a))
		heads = append(heads, "&"+a+"[0]")
		tails = append(tails, a+"[1:]")
	}
	list := strings.Join(rows, ", ")
	w.line("// %s computes %s for each value. %v", name, formula, k.At)
	w.line("func %s(%s [][%d]float32) {", name, list, width)
	w.line("for %s {", strings.Join(lens, " && "))
	w.line("%s := %s", strings.Join(suffixed(rows, "0"), ", "), strings.Join(heads, ", "))
	w.line("for i := range %s0 {\ny0[i] = %s\n}", args[0], expression)
	w.line("%s = %s", list, strings.Join(tails, ", "))
	w.line("}\n}\n")
}

// fastElementwise is the form of an elementwise kernel by its assembly function.
func (g *generator) fastElementwise(k *plan.Kernel, f *plan.Function, width int, rows []string) {
	w, list := &writer{}, strings.Join(rows, ", ")
	var heads []string
	for _, r := range rows {
		heads = append(heads, address(r, "i", 0))
	}
	samples := f.Most / width
	w.line("n := min(len(%s))\nfor i := 0; i < n; i += %d {\n%s(%s, %d*min(%d, n-i))\n}", strings.Join(rows, "), len("), samples, f.Name,
		strings.Join(heads, ", "), width, samples)
	g.forms = append(g.forms, form{name: k.Name, parameters: fmt.Sprintf("%s [][%d]float32", list, width), arguments: list, body: w.b.String()})
}

func suffixed(names []string, suffix string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n + suffix
	}
	return out
}

func (g *generator) kernel(k *plan.Kernel) {
	switch op := k.Op.(type) {
	case *plan.Product:
		g.product(k, op)
	case *plan.ReducedProduct:
		g.reducedProduct(k, op)
	case *plan.BackProduct:
		g.backProduct(k, op)
	case *plan.TapProduct:
		g.tapProduct(k, op)
	case *plan.Halo:
		g.halo(k, op)
	case *plan.Affine:
		scale, shift := float(op.Scale), float(op.Shift)
		g.elementwise(k, op.Fast, op.Width, fmt.Sprintf("y = %s·x + %s", scale, shift), fmt.Sprintf("%s * x0[i] + %s", scale, shift), "x")
	case *plan.Standardise:
		g.standardise(k, op)
	case *plan.Features:
		g.features(k, op)
	case *plan.Likeliest:
		g.likeliest(k, op)
	case *plan.FieldLoss:
		g.fieldLoss(k, op)
	case *plan.Corrupt:
		g.corrupt(k, op)
	case *plan.GaussianLoss:
		g.gaussianLoss(k, op)
	case *plan.Discrete:
		g.discrete(k, op)
	case *plan.Quantize:
		g.quantize(k, op)
	case *plan.Pooling:
		g.pool(k, op)
	case *plan.Upsample:
		g.upsample(k, op)
	case *plan.Concat:
		g.concat(k, op)
	case *plan.Channels:
		g.channels(k, op)
	case *plan.Commit:
		g.commit(k, op)
	case *plan.CommitGrad:
		g.commitGrad(k, op)
	case *plan.DrawFixed:
		g.drawFixed(k, op)
	case *plan.Divergence:
		g.divergence(k, op)
	case *plan.Posterior:
		g.posterior(k, op)
	case *plan.PosteriorGrad:
		g.posteriorGrad(k, op)
	case *plan.Activate:
		g.elementwise(k, op.Fast, op.Width, "y = "+op.Activation.String()+" of x", g.value(op.Activation)+"(x0[i])", "x")
	case *plan.ActivateGrad:
		g.elementwise(k, op.Fast, op.Width, "y = d ⊙ "+op.Activation.String()+"'(at)", fmt.Sprintf("d0[i] * %s(at0[i])", g.slope(op.Activation)), "d", "at")
	case *plan.TopK:
		g.topK(k, op)
	case *plan.RowsProduct:
		g.rowsProduct(k, op)
	case *plan.RowsGrad:
		g.rowsGrad(k, op)
	case *plan.SubBias:
		g.subBias(k, op)
	case *plan.Sub:
		g.elementwise(k, nil, op.Width, "y = a - b", "a0[i] - b0[i]", "a", "b")
	case *plan.BatchBound:
		g.batchBound(k, op)
	case *plan.Above:
		g.above(k, op)
	case *plan.DeadTopK:
		g.deadTopK(k, op)
	case *plan.KeptGrad:
		g.uses("kept", "if y == 0 {\nreturn 0\n}\nreturn d", false, "kept is d where y is not 0, else 0.", "d, y")
		g.elementwise(k, nil, op.Width, "y = d where at is not 0, else 0", "kept(d0[i], at0[i])", "d", "at")
	case *plan.Add:
		g.elementwise(k, op.Fast, op.Width, "y = a + b", "a0[i] + b0[i]", "a", "b")
	case *plan.ColumnMeans:
		g.columnMeans(k, op)
	case *plan.PenalizeMeans:
		g.penalizeMeans(k, op)
	case *plan.AddRow:
		g.addRow(k, op)
	case *plan.ColumnSquares:
		g.columnSquares(k, op)
	case *plan.Contract:
		g.contract(k, op)
	case *plan.ContractGrad:
		g.contractGrad(k, op)
	case *plan.UnitSlope:
		g.unitSlope(k, op)
	case *plan.UnitSlopeGrad:
		g.unitSlopeGrad(k, op)
	case *plan.ActivateCurve:
		g.activateCurve(k, op)
	case *plan.Squares:
		g.squares(k, op)
	case *plan.ContractNorms:
		g.contractNorms(k, op)
	case *plan.Unpack:
		g.unpack(k, op)
	case *plan.Gram:
		g.gram(k, op)
	case *plan.Penalize:
		g.penalize(k, op)
	case *plan.PenalizeGrad:
		g.penalizeGrad(k, op)
	case *plan.Softmax:
		g.softmax(k, op)
	case *plan.Score:
		if op.Loss.Labels != nil {
			g.labelsLoss(k, op.Loss.Labels, op.Width, op.Fast, false)
			return
		}
		g.lossOf(k, plan.LossRows{Width: op.Width, Loss: op.Loss, Classes: op.Classes}, op.Fast)
	case *plan.LossGrad:
		if op.Loss.Labels != nil {
			g.labelsLoss(k, op.Loss.Labels, op.Width, op.Fast, true)
			return
		}
		g.lossOf(k, plan.LossRows{Width: op.Width, Loss: op.Loss, Classes: op.Classes, Gradient: true}, op.Fast)
	default:
		panic(fmt.Sprintf("internal error: no emitter of %T", k.Op))
	}
}

// value is the name of an activation function, noted for printing; "" for the identity.
func (g *generator) value(a nn.Activation) string {
	if a.Func == nn.Identity {
		return ""
	}
	f := goActivation(a)
	g.uses(f.name, f.value, f.math, fmt.Sprintf("%s is the activation %v.", f.name, a), "x")
	return f.name
}

// slope is the name of the derivative of an activation, noted for printing; "" for the identity.
func (g *generator) slope(a nn.Activation) string {
	if a.Func == nn.Identity {
		return ""
	}
	f := goActivation(a)
	name, of := f.name+"Slope", "input"
	if a.FromOutput() {
		of = "output"
	}
	g.uses(name, f.slope, strings.Contains(f.slope, "math."), fmt.Sprintf("%s is the derivative of %v at the point with %s a.", name, a, of), "a")
	return name
}

// uses notes a scalar function of the kernels file, printed once.
func (g *generator) uses(name, body string, math bool, doc, argument string) {
	if g.functions[name] {
		return
	}
	g.functions[name] = true
	g.math = g.math || math && strings.Contains(body, "math.")
	g.scalars.line("// %s\nfunc %s(%s float32) float32 {\n%s\n}\n", doc, name, argument, body)
}
