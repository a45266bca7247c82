package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// fieldsKernel is the printing of a kernel on records.
type fieldsKernel struct {
	*writer
	g *generator
	k *plan.Kernel
	plan.Standardised
	record nn.Record
	std    *plan.Param
}

// entry is number i of a block whose argument has a name.
func (k *fieldsKernel) entry(name string, p *plan.Param, i int) string {
	if p.Reduced != nil {
		return fmt.Sprintf("float64(%s[%d][%d])", name, i/plan.Panel, i%plan.Panel)
	}
	return fmt.Sprintf("float64(%s[%d][0][%d])", name, i/plan.Panel, i%plan.Panel)
}

// blocksOf are the blocks that a kernel on records takes, in the order of its arguments.
func blocksOf(s plan.Standardised, std *plan.Param) []*plan.Param {
	var blocks []*plan.Param
	for _, p := range []*plan.Param{s.Mean, s.LogDeviation, std} {
		if p != nil {
			blocks = append(blocks, p)
		}
	}
	return blocks
}

// fieldArguments are the blocks of a step on records as arguments.
func fieldArguments(w string, blocks []*plan.Param) []string {
	var args []string
	for _, p := range blocks {
		name := p.Field
		if p.Reduced != nil {
			name = p.Reduced.Bias
		}
		args = append(args, fmt.Sprintf("&%s.%s", w, name))
	}
	return args
}

// A fieldsBlock is a block that the kernel takes, with the name of its parameter.
type fieldsBlock struct {
	name  string
	block *plan.Param
}

func (k *fieldsKernel) blocks() []fieldsBlock {
	all := []fieldsBlock{{"mean", k.Mean}, {"logDeviation", k.LogDeviation}, {"logStd", k.std}}
	return slices.DeleteFunc(all, func(b fieldsBlock) bool { return b.block == nil })
}

// parameters are the blocks of the kernel as parameters.
func (k *fieldsKernel) parameters() string {
	text := ""
	for _, p := range k.blocks() {
		switch {
		case p.block.Reduced != nil:
			text += fmt.Sprintf(", %s *%s", p.name, rowsType(p.block))
		default:
			text += fmt.Sprintf(", %s *%s", p.name, blockType(p.block))
		}
	}
	return text
}

// standards prints m and f of each standardised field: its mean, and its deviation or with inverse one divided by it.
func (k *fieldsKernel) standards(only func(nn.Field) bool, inverse bool) {
	sign := ""
	if inverse {
		sign = "-"
	}
	for _, s := range k.record.Slots() {
		if s.Standardised() && only(s.Field) {
			k.g.math = true
			k.line("m%d, f%d := %s, math.Exp(%s%s) // %s", s.Standard, s.Standard, k.entry("mean", k.Mean, s.Standard), sign, k.entry("logDeviation", k.LogDeviation, s.Standard), s.Name)
		}
	}
}

// standardise prints the kernel panel by panel: the deviations of one are computed once for all samples.
func (g *generator) standardise(k *plan.Kernel, op *plan.Standardise) {
	f := &fieldsKernel{writer: &g.kernels, g: g, k: k, Standardised: op.Standardised}
	sign, formula, value := "-", "(x - mean) / deviation", "(x0[i] - m[i]) * f[i]"
	if op.Back {
		sign, formula, value = "", "mean + deviation·x", "m[i] + f[i]*x0[i]"
	}
	row := "[p][0]"
	if op.Mean.Reduced != nil {
		row = "[p]"
	}
	g.math = true
	name, parameters := portable(k.Name, op.Fast != nil), fmt.Sprintf("y, x [][%d]float32%s", op.Width, f.parameters())
	if op.Fast != nil {
		body, first := &writer{}, strings.Replace(row, "p", "0", 1)
		body.line("n := min(len(y), len(x))\nfor i := 0; i < n; i += %d {", op.Fast.Most)
		body.line("%s(&y[i][0], &x[i][0], &mean%s[0], &logDeviation%s[0], min(%d, n-i))\n}", op.Fast.Name, first, first, op.Fast.Most)
		g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "y, x, mean, logDeviation", body: body.b.String()})
	}
	f.line("// %s sets y to %s for each value. %v", name, formula, k.At)
	f.line("func %s(%s) {\ny = y[:min(len(y), len(x))]\nx = x[:len(y)]", name, parameters)
	f.line("for p := range mean {\nm := &mean%s\nvar f [%d]float32", row, plan.Panel)
	f.line("for i, v := range logDeviation%s {\nf[i] = float32(math.Exp(%sfloat64(v)))\n}", row, sign)
	f.line("first := %d * p\nlast := min(first+%d, %d)\nfor s := range y {", plan.Panel, plan.Panel, op.Width)
	f.line("y0, x0 := y[s][first:last], x[s][first:last]\nfor i := range min(len(x0), %d) {\nif i >= len(y0) {\nbreak\n}\ny0[i] = %s\n}\n}\n}\n}\n", plan.Panel, value)
}

// fast is the form of the kernel by its assembly function, if there is one: it takes rows, the kernel's blocks, and a share.
func (k *fieldsKernel) fast(f *plan.Function, parameters string, rows []string, share bool) {
	if f == nil {
		return
	}
	var arguments, lens, heads []string
	for _, r := range rows {
		arguments, lens, heads = append(arguments, r), append(lens, fmt.Sprintf("len(%s)", r)), append(heads, address(r, "i", 0))
	}
	for _, b := range k.blocks() {
		arguments = append(arguments, b.name)
		if b.block.Reduced != nil {
			heads = append(heads, address(b.name, 0, 0))
		} else {
			heads = append(heads, address(b.name, 0, 0, 0))
		}
	}
	heads = append(heads, fmt.Sprintf("min(%d, n-i)", f.Most))
	if share {
		arguments, heads = append(arguments, "share"), append(heads, "float32(share)")
	}
	w := &writer{}
	w.line("n := min(%s)\nfor i := 0; i < n; i += %d {\n%s(%s)\n}", strings.Join(lens, ", "), f.Most, f.Name, strings.Join(heads, ", "))
	k.g.forms = append(k.g.forms, form{name: k.k.Name, parameters: parameters, arguments: strings.Join(arguments, ", "), body: w.b.String()})
}

func (g *generator) features(k *plan.Kernel, op *plan.Features) {
	f := &fieldsKernel{writer: &g.kernels, g: g, k: k, Standardised: op.Standardised, record: op.Record}
	name := portable(k.Name, op.Fast != nil)
	f.line("// %s sets u to what the network sees of each row x: numbers less their mean by their deviation, 1 for a row's class. %v", name, k.At)
	parameters := fmt.Sprintf("u [][%d]float32, x [][%d]float32%s", op.Record.Width(), len(op.Record), f.parameters())
	f.line("func %s(%s) {", name, parameters)
	f.fast(op.Fast, parameters, []string{"u", "x"}, false)
	f.standards(func(nn.Field) bool { return true }, true)
	f.line("for len(u) > 0 && len(x) > 0 {\nu0, x0 := &u[0], &x[0]")
	for i, s := range op.Record.Slots() {
		f.line("// %v", s.Field)
		switch s.Kind {
		case nn.RealField:
			f.line("u0[%d] = float32((float64(x0[%d]) - m%d) * f%d)", s.At, i, s.Standard, s.Standard)
		case nn.LogField, nn.CountField:
			f.line("u0[%d] = float32((math.Log1p(float64(x0[%d])) - m%d) * f%d)", s.At, i, s.Standard, s.Standard)
		case nn.CategoryField:
			f.line("for c := range %d {\nu0[%d+c] = x0[%d] - x0[%d] // 0, or NaN\nif x0[%d] == float32(c) {\nu0[%d+c] = 1\n}\n}", len(s.Classes), s.At, i, i, i, s.At)
		case nn.BinaryField:
			f.line("u0[%d] = x0[%d]", s.At, i)
		}
	}
	f.line("u, x = u[1:], x[1:]\n}\n}\n")
}

func (g *generator) likeliest(k *plan.Kernel, op *plan.Likeliest) {
	f := &fieldsKernel{writer: &g.kernels, g: g, k: k, Standardised: op.Standardised, record: op.Record}
	f.line("// %s sets x to the rows that o stands for: means, the most probable classes, rounded rates. %v", k.Name, k.At)
	f.line("func %s(x [][%d]float32, o [][%d]float32%s) {", k.Name, len(op.Record), op.Record.Width(), f.parameters())
	f.standards(func(nn.Field) bool { return true }, false)
	f.line("for len(x) > 0 && len(o) > 0 {\nx0, o0 := &x[0], &o[0]")
	for i, s := range op.Record.Slots() {
		f.line("// %v", s.Field)
		a := fmt.Sprintf("m%d+f%d*float64(o0[%d])", s.Standard, s.Standard, s.At)
		switch s.Kind {
		case nn.RealField:
			f.line("x0[%d] = float32(%s)", i, a)
		case nn.LogField:
			f.line("x0[%d] = float32(min(max(math.Expm1(%s), 0), math.MaxFloat32))", i, a)
		case nn.CategoryField:
			f.line("{\nbest, top := 0, o0[%d]\nfor c, v := range o0[%d:%d] {\nif v > top {\nbest, top = c, v\n}\n}\nx0[%d] = float32(best)\n}", s.At, s.At, s.At+s.Width(), i)
		case nn.BinaryField:
			f.line("x0[%d] = 0\nif o0[%d] > 0 {\nx0[%d] = 1\n}", i, s.At, i)
		case nn.CountField:
			g.poissonRate()
			f.line("x0[%d] = float32(min(math.Floor(poissonRate(%s)+0.5), %d))", i, a, nn.MaxCount)
		}
	}
	f.line("x, o = x[1:], o[1:]\n}\n}\n")
}

func (g *generator) fieldLoss(k *plan.Kernel, op *plan.FieldLoss) {
	f := &fieldsKernel{writer: &g.kernels, g: g, k: k, Standardised: op.Standardised, record: op.Record, std: op.LogStd}
	n, rows, name := op.Record.Width(), []string{"s", "o", "u", "x"}, portable(k.Name, op.Fast != nil)
	f.line("// %s sets s[0] to the negative log-likelihood of each row x, with features u, under the numbers o that the decoder ends in.", name)
	list := fmt.Sprintf("s [][1]float32, o, u [][%d]float32, x [][%d]float32%s", n, len(op.Record), f.parameters())
	if op.Gradient {
		rows = []string{"s", "d", "o", "u", "x"}
		list = strings.Replace(list, "float32, o", fmt.Sprintf("float32, d [][%d]float32, o", n), 1) + ", share float64"
		f.line("// It sets d to its derivative by o, times share.")
		if op.LogStd != nil {
			rows = []string{"s", "d", "e", "o", "u", "x"}
			list = strings.Replace(list, "float32, o", fmt.Sprintf("float32, e [][%d]float32, o", op.Record.Deviations()), 1)
			f.line("// It sets e to that by logStd.")
		}
	}
	f.line("// Fields are added in order, in float64. %v\nfunc %s(%s) {", k.At, name, list)
	f.fast(op.Fast, list, rows, op.Gradient)
	f.standards(func(field nn.Field) bool { return field.Logarithmic() }, false)
	f.variances(op.Gradient)
	var lens, names, heads, tails []string
	for _, r := range rows {
		lens, tails = append(lens, fmt.Sprintf("len(%s) > 0", r)), append(tails, r+"[1:]")
		if r != "s" {
			names, heads = append(names, r+"0"), append(heads, "&"+r+"[0]")
		}
	}
	f.line("for %s {\n%s := %s\nsum := 0.0", strings.Join(lens, " && "), strings.Join(names, ", "), strings.Join(heads, ", "))
	unread, counts := true, true
	for i, s := range op.Record.Slots() {
		f.line("{ // %v", s.Field)
		unread, counts = unread && s.Kind != nn.CountField, counts && s.Kind == nn.CountField
		f.fieldTerm(s, i, op.Gradient)
		f.line("}")
	}
	if unread {
		f.line("_ = x0")
	}
	if counts {
		f.line("_ = u0")
	}
	f.line("s[0][0] = float32(sum)\n%s = %s\n}\n}\n", strings.Join(rows, ", "), strings.Join(tails, ", "))
}
