package gosrc

import "github.com/aegen/aegen/compiler/plan"

// topK prints the kernel that keeps the largest values of samples.
func (g *generator) topK(k *plan.Kernel, op *plan.TopK) {
	w := &g.kernels
	g.topk = true
	w.line("// %s sets y to the %d largest values of each sample, of equal ones the first, and 0 for the others. Y and x may be the same. %v", k.Name, op.K, k.At)
	w.line("func %s(y, x [][%d]float32) {\nvar index [%d]uint32\nvar kept [%d]float32", k.Name, op.Width, op.K, op.K)
	w.line("for len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]\ntopk.Select(index[:], x0[:])")
	w.line("for i, at := range index {\nkept[i] = x0[at]\n}\n*y0 = [%d]float32{}\nfor i, at := range index {\ny0[at] = kept[i]\n}", op.Width)
	w.line("y, x = y[1:], x[1:]\n}\n}\n")
}
