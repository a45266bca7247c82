package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// matrixType is the Go type of a reduced weight.
func matrixType(m *plan.Matrix) string {
	switch {
	case m.ByRow && m.Format == plan.Int8:
		return fmt.Sprintf("[%d][%d]int8", m.In, m.Out)
	case m.ByRow:
		return fmt.Sprintf("[%d][%d]uint16", m.In, m.Out)
	}
	switch m.Format {
	case plan.Float32:
		return fmt.Sprintf("[%d][%d][%d]float32", m.Panels(), m.In, plan.Panel)
	case plan.Half:
		return fmt.Sprintf("[%d][%d][%d]uint16", m.Panels(), m.In, plan.Panel)
	case plan.Bfloat16:
		return fmt.Sprintf("[%d][%d][%d][2]uint16", m.Panels(), m.In, plan.Panel/2)
	case plan.Int8:
		return fmt.Sprintf("[%d][%d][%d][%d]int8", m.Panels(), m.Rows(), plan.Panel, m.Group)
	}
	panic(fmt.Sprintf("internal error: no Go type of %v", m.Format))
}

// panelsOf is a reduced weight for package reduced: an expression on the parameters w.
func panelsOf(m *plan.Matrix) string {
	if m.ByRow {
		name, of := map[plan.Format]string{plan.Half: "HalfRows", plan.Bfloat16: "BfloatRows", plan.Int8: "IntegerRows"}[m.Format], "uint16"
		if m.Format == plan.Int8 {
			of = "int8"
		}
		return fmt.Sprintf("reduced.%s{Values: reduced.Flat[%s](&w.%s), Out: %d}", name, of, m.Field, m.Out)
	}
	switch m.Format {
	case plan.Float32:
		return fmt.Sprintf("reduced.Floats(arena.Flat(&w.%s))", m.Field)
	case plan.Half:
		return fmt.Sprintf("reduced.Halves(reduced.Flat[uint16](&w.%s))", m.Field)
	case plan.Bfloat16:
		return fmt.Sprintf("reduced.Bfloats(reduced.Flat[uint16](&w.%s))", m.Field)
	case plan.Int8:
		return fmt.Sprintf("reduced.Integers{Values: reduced.Flat[int8](&w.%s), Group: %d}", m.Field, m.Group)
	}
	panic(fmt.Sprintf("internal error: no panels of %v", m.Format))
}

// rowsType is the Go type of what a block holds for each output.
func rowsType(p *plan.Param) string {
	return fmt.Sprintf("[%d][%d]float32", p.OutPanels(), plan.Panel)
}

// integerType is the Go type of rounded inputs.
func integerType(in plan.Inputs) string { return fmt.Sprintf("int%d", 8*in.Bytes()) }

// reducedProduct is a kernel with a weight in a reduced format, printed to its writer.
type reducedProduct struct {
	*writer
	*plan.ReducedProduct
	name  string
	m     *plan.Matrix
	value string // function applied to each sum, or ""
}

func (g *generator) reducedProduct(k *plan.Kernel, op *plan.ReducedProduct) {
	p := &reducedProduct{writer: &g.kernels, ReducedProduct: op, name: portable(k.Name, op.Fast != nil), m: op.Matrix(), value: g.value(op.Activation)}
	g.reduced = true
	formula := fmt.Sprintf("y = %s(x·W + b)", op.Activation.Func.Name())
	if op.Activation.Func == nn.Identity {
		formula = "y = x·W + b"
	}
	p.line("// %s computes %s for each sample, up to the shortest argument. %v", p.name, formula, k.At)
	if p.m.Format == plan.Int8 {
		p.integers()
	} else {
		p.floats()
	}
	if op.Fast != nil {
		g.fastReduced(k, p)
	}
}

// parameters are those of the kernel; steps are of the outputs' weights, or by Wᵀ of the inputs'.
func (k *reducedProduct) parameters() string {
	text := fmt.Sprintf("y [][%d]float32, x [][%d]float32, w *%s, b *%s", k.m.Out, k.m.In, matrixType(k.m), rowsType(k.Bias))
	if k.m.Format == plan.Int8 {
		text += ", steps *" + rowsType(k.Weights)
	}
	return text
}

func (k *reducedProduct) arguments() string {
	if k.m.Format == plan.Int8 {
		return "y, x, w, b, steps"
	}
	return "y, x, w, b"
}

// reducedArguments are the arguments of a step after its buffers. Blocks are fields of the variable w.
func reducedArguments(op *plan.ReducedProduct, w string) []string {
	args := []string{fmt.Sprintf("&%s.%s", w, op.Matrix().Field), fmt.Sprintf("&%s.%s", w, op.Bias.Reduced.Bias)}
	if op.Matrix().Format == plan.Int8 {
		args = append(args, fmt.Sprintf("&%s.%s", w, op.Weights.Reduced.Steps))
	}
	return args
}

// floats prints the kernel in Go: some rows of a panel are widened, then taken by all samples, whose sums wait in y.
func (k *reducedProduct) floats() {
	k.line("// Each sum starts from the bias and takes the values of x in order.")
	k.line("func %s(%s) {", k.name, k.parameters())
	k.line("var rows [%d][%d]float32 // of weights, in float32", k.Widened, plan.Panel)
	k.line("y = y[:min(len(y), len(x))]\nx = x[:len(y)]")
	k.line("for p := range w {\nfirst := %d * p", plan.Panel)
	k.line("for j := range y {\ncopy(y[j][first:], b[p][:])\n}")
	k.line("for from := 0; from < %d; from += %d {\nto := min(from+%d, %d)", k.m.In, k.Widened, k.Widened, k.m.In)
	k.line("part := w[p][from:to]\nfor i := 0; i < len(part) && i < len(rows); i++ {\nrow := &rows[i]")
	if k.m.Format == plan.Half {
		k.line("for c, v := range &part[i] {\nrow[c] = reduced.FromHalf(v)\n}\n}")
	} else {
		k.line("for c, v := range &part[i] {\nrow[c], row[%d+c] = reduced.FromBfloat16(v[0]), reduced.FromBfloat16(v[1])\n}\n}", plan.Panel/2)
	}
	k.line("for j := range y {\nvar sums [%d]float32\ncopy(sums[:], y[j][first:])", plan.Panel)
	k.line("values := x[j][from:to]\nfor i := 0; i < len(values) && i < len(rows); i++ {\nv := values[i]")
	k.line("for c, weight := range &rows[i] {\nsums[c] += v * weight\n}\n}")
	k.line("copy(y[j][first:], sums[:])\n}\n}\n}")
	if k.value != "" {
		k.line("for j := range y {\ny0 := &y[j]\nfor o, v := range y0 {\ny0[o] = %s(v)\n}\n}", k.value)
	}
	k.line("}\n")
}

// rounding is the call that rounds the inputs of sample j to q.
func (k *reducedProduct) rounding() string {
	factors := "nil"
	if k.Transposed {
		factors = fmt.Sprintf("arena.Flat(steps)[:%d]", k.m.In)
	}
	if k.Inputs.Range == 0 {
		return fmt.Sprintf("reduced.ByLargest(q[:%d], x[j][:], %s, %d)", k.m.In, factors, k.Inputs.Most)
	}
	return fmt.Sprintf("reduced.ByRange(q[:%d], x[j][:], %s, %s, %d)", k.m.In, factors, float(k.Inputs.Range), k.Inputs.Most)
}

// integers prints the kernel in Go.
func (k *reducedProduct) integers() {
	k.line("// Inputs are rounded to integers; their products with the weights' are summed exactly and multiplied by the steps of both.")
	k.line("func %s(%s) {", k.name, k.parameters())
	k.line("var q [%d]%s", k.m.Rows()*k.m.Group, integerType(k.Inputs))
	k.line("for j := range min(len(y), len(x)) {\nstep := %s", k.rounding())
	k.line("for p := range w {\nvar sums [%d]int64", plan.Panel)
	k.line("for i := range w[p] {\ngroup := (*[%d]%s)(q[%d*i:])", k.m.Group, integerType(k.Inputs), k.m.Group)
	k.line("for c, weights := range &w[p][i] {\nfor n, v := range weights {\nsums[c] += int64(group[n]) * int64(v)\n}\n}\n}")
	k.line("out := y[j][%d*p:]\nfor c := 0; c < len(sums) && c < len(out); c++ {", plan.Panel)
	step := "step"
	if !k.Transposed {
		step = "float32(step*steps[p][c])"
	}
	sum := fmt.Sprintf("b[p][c] + float32(float32(sums[c])*%s)", step)
	if k.value != "" {
		sum = fmt.Sprintf("%s(%s)", k.value, sum)
	}
	k.line("out[c] = %s\n}\n}\n}\n}\n", sum)
}

// reducedImports are the packages of the runtime that reduced products in Go use.
func (g *generator) reducedImports() []string {
	if !g.reduced {
		return nil
	}
	for _, k := range g.p.Kernels {
		if op, ok := k.Op.(*plan.ReducedProduct); ok && op.Transposed && op.Matrix().Format == plan.Int8 {
			return []string{"arena", "reduced"}
		}
	}
	return []string{"reduced"}
}

// precisionDoc says in the package comment what weights are held as.
func (g *generator) precisionDoc(line func(string, ...any)) {
	p := g.p.Precision
	line("Its weights are %s; biases are float32.", map[plan.Format]string{
		plan.Half:     "IEEE halves (f16), 2 bytes each",
		plan.Bfloat16: "the upper halves of float32 (bf16), 2 bytes each",
		plan.Int8:     "integers of 8 bits (int8), in steps of a 127th of the largest weight of their output",
	}[p.Format])
	if p.Format == plan.Int8 {
		how := "by the largest of each sample"
		if p.Ranges != nil {
			how = "in ranges that were taken from samples when the package was made"
		}
		line("Products round their inputs to integers too, %s, and sum exactly.", how)
	}
	line("Reconstructions of the models that aegen is tested with differ from those of float32 weights by a root mean square of")
	line("less than %.3g %% of their own; `aegen eval -precision %v` says it of trained weights. The package only infers.", 100*g.p.RoundingError(), p.Format)
	line("")
}
