package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/plan"
)

// quantize prints the replacement of values by vectors of a codebook.
func (g *generator) quantize(k *plan.Kernel, op *plan.Quantize) {
	g.codebooks = true
	w, dim, codes, name := &g.kernels, op.Book.In, op.Book.Out, portable(k.Name, op.Fast != nil)
	parameters, also, numbers := fmt.Sprintf("z, h [][%d]float32, book []float32", op.Width), "", "nil"
	if op.Numbers {
		parameters = fmt.Sprintf("z [][%d]float32, numbers [][%d]float32, h [][%d]float32, book []float32", op.Width, op.Groups(), op.Width)
		also = ", and numbers to the vectors' numbers"
	}
	if f := op.Fast; f != nil {
		arguments, n, body := "z, h, book", "n := min(len(z), len(h))", &writer{}
		if op.Numbers {
			arguments, n, numbers = "z, numbers, h, book", "n := min(len(z), len(numbers), len(h))", "numbers[i][:]"
		}
		body.line("var lanes [2][16]float32\n%s\nfor i := range n {\nz0, h0 := &z[i], &h[i]\nfor g := range %d {", n, op.Groups())
		body.line("%s(&lanes[0][0], &h0[g*%d], &book[0], %d)", f.Name, dim, op.Full())
		body.line("codebook.Put(z0[g*%d:(g+1)*%d], %s, g, codebook.Least(&lanes, h0[g*%d:(g+1)*%d], book, %d), book)\n}\n}", dim, dim, numbers, dim, dim, codes)
		g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: arguments, body: body.b.String()})
	}
	if op.Numbers {
		numbers = "numbers[0][:]"
	}
	w.line("// %s sets each %d values of z to those of the nearest of %d vectors of the codebook%s. %v", name, dim, codes, also, k.At)
	w.line("func %s(%s) {\nfor len(z) > 0 && len(h) > 0%s {", name, parameters, map[bool]string{true: " && len(numbers) > 0"}[op.Numbers])
	w.line("codebook.Quantize(z[0][:], %s, h[0][:], book, %d, %d)\nz, h = z[1:], h[1:]", numbers, dim, codes)
	if op.Numbers {
		w.line("numbers = numbers[1:]")
	}
	w.line("}\n}\n")
}

// fastBook reports whether the nearest vectors are found by assembly functions.
func (g *generator) fastBook() bool {
	op := g.p.Quantized()
	return op != nil && op.Fast != nil
}

// bookArguments are what such a kernel takes behind its buffers. Blocks are fields of the variable w.
func bookArguments(op *plan.Quantize, w string) []string {
	return []string{fmt.Sprintf("arena.Flat(&%s.%s)", w, op.Book.Field)}
}

// commit prints what keeps the encoder near the codebook.
func (g *generator) commit(k *plan.Kernel, op *plan.Commit) {
	g.codebooks = true
	w := &g.kernels
	w.line("// %s sets s[0] to %s·Σ(h - z)² of each sample. %v", k.Name, float(op.Beta), k.At)
	w.line("func %s(s [][1]float32, h, z [][%d]float32) {\nfor len(s) > 0 && len(h) > 0 && len(z) > 0 {", k.Name, op.Width)
	w.line("s[0][0] = float32(%s * codebook.Commitment(h[0][:], z[0][:]))\ns, h, z = s[1:], h[1:], z[1:]\n}\n}\n", float(op.Beta))
}

// commitGrad prints the sum of a gradient and the derivative of the same.
func (g *generator) commitGrad(k *plan.Kernel, op *plan.CommitGrad) {
	w := &g.kernels
	w.line("// %s sets y to d plus share times %s·(h - z). %v", k.Name, float(2*op.Beta), k.At)
	w.line("func %s(y, d, h, z [][%d]float32, share float64) {\nby := float32(share * %s)", k.Name, op.Width, float(2*op.Beta))
	w.line("for len(y) > 0 && len(d) > 0 && len(h) > 0 && len(z) > 0 {\ny0, d0, h0, z0 := &y[0], &d[0], &h[0], &z[0]")
	w.line("for i := range y0 {\ny0[i] = d0[i] + by*(h0[i]-z0[i])\n}\ny, d, h, z = y[1:], d[1:], h[1:], z[1:]\n}\n}\n")
}

// bookTraining prints how the codebook moves after a step.
func (g *generator) bookTraining(k *keptTraining) {
	u := g.p.Train.Book
	if u == nil {
		return
	}
	k.Imports = append(k.Imports, "codebook")
	k.Fields += "averages *codebook.Averages // of the codebook\nbook func(from, to int) // task, bound once\n"
	k.Start += fmt.Sprintf("t.averages = codebook.NewAverages(Codes, VectorSize, %s, %s)\nt.book = t.bookTask\n", float(u.Decay), float(u.Revive))
	k.After += fmt.Sprintf("t.averages.Begin(len(t.x) * Groups)\nt.team.workers.Run(Codes, %s, t.book)\n", split(u.Split))
	for _, state := range []struct{ name, field, shape string }{{"uses", "Uses", "Codes"}, {"sums", "Sums", "Codes, VectorSize"}} {
		k.Saved += fmt.Sprintf("file.Tensors = append(file.Tensors, weights.Tensor{Name: \"codebook.%s\", Shape: []int{%s}, Data: append([]float32{}, t.averages.%s...)})\n", state.name, state.shape, state.field)
		k.Loaded += fmt.Sprintf("%s, err := file.Tensor(\"codebook.%s\", %s)\nif err != nil {\nreturn err\n}\n", state.name, state.name, state.shape)
		k.Restored += fmt.Sprintf("copy(t.averages.%s, %s)\n", state.field, state.name)
	}
	w := &writer{}
	buffer := func(b *plan.Buffer) string {
		return fmt.Sprintf("t.a[Batch*%d:Batch*%d+n*%d]", b.Offset, b.Offset, b.Width)
	}
	w.line("// bookTask moves vectors of the codebook towards what they replaced in the step.\nfunc (t *Trainer) bookTask(from, to int) {\nn := len(t.x)")
	w.line("t.averages.Learn(arena.Flat(&t.w.%s), %s, %s, t.draws[%d], from, to)\n}\n", u.Book.Field, buffer(u.H), buffer(u.Numbers), u.Key)
	k.Methods += w.b.String()
}

// codebook is what the template of a model with a codebook shows.
type codebook struct {
	header
	Codes, Dim, Groups, Bits int
	Field                    string // of the codebook
	PoolOne                  bool   // whether Decode takes its arena from a pool
}

func (g *generator) codebook() codebook {
	op := g.p.Quantized()
	c := codebook{header: g.header(), Codes: op.Book.Out, Dim: op.Book.In, Groups: op.Groups(), Field: op.Book.Field}
	for c.Bits = 1; 1<<c.Bits < c.Codes; c.Bits++ {
	}
	for _, r := range g.p.Routines {
		c.PoolOne = c.PoolOne || r.Name == "Decode" && r.Single == plan.Pool
	}
	return c
}
