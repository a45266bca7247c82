package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// rows begins a kernel that goes through samples: rows of a width, and those called kl of one number.
func (w *writer) rows(name string, width int, more string, lists ...string) {
	var conditions, heads []string
	for _, a := range lists {
		conditions, heads = append(conditions, fmt.Sprintf("len(%s) > 0", a)), append(heads, "&"+a+"[0]")
	}
	w.line("func %s(%s%s) {\nfor %s {", name, rowParameters(width, lists), more, strings.Join(conditions, " && "))
	w.line("%s := %s", strings.Join(suffixed(lists, "0"), ", "), strings.Join(heads, ", "))
}

// rowParameters declares rows.
func rowParameters(width int, lists []string) string {
	var parameters []string
	for _, a := range lists {
		n := width
		if a == "kl" {
			n = 1
		}
		parameters = append(parameters, fmt.Sprintf("%s [][%d]float32", a, n))
	}
	return strings.Join(parameters, ", ")
}

// fastSamples is the form of such a kernel by its assembly function, so many samples a call. More are further parameters, their names, and what
// of them a call takes behind the count.
func (g *generator) fastSamples(k *plan.Kernel, f *plan.Function, width, samples int, more [3]string, lists ...string) {
	w := &writer{}
	var lens, heads []string
	for _, a := range lists {
		lens, heads = append(lens, fmt.Sprintf("len(%s)", a)), append(heads, address(a, "i", 0))
	}
	count := fmt.Sprint(width)
	w.line("n := min(%s)", strings.Join(lens, ", "))
	if samples == 1 {
		w.line("for i := range n {")
	} else {
		w.line("for i := 0; i < n; i += %d {", samples)
		count = fmt.Sprintf("%d*min(%d, n-i)", width, samples)
	}
	w.line("%s(%s, %s)\n}", f.Name, strings.Join(heads, ", "), strings.Replace(more[2], "#", count, 1))
	g.forms = append(g.forms, form{name: k.Name, parameters: rowParameters(width, lists) + more[0], arguments: strings.Join(lists, ", ") + more[1], body: w.b.String()})
}

// next ends the loop of rows.
func (w *writer) next(lists ...string) {
	var tails []string
	for _, a := range lists {
		tails = append(tails, a+"[1:]")
	}
	w.line("%s = %s\n}\n}\n", strings.Join(lists, ", "), strings.Join(tails, ", "))
}

// unit is the divergence of one unit from a prior, of float64 numbers m and v.
func unit(p nn.Prior) string {
	return fmt.Sprintf("max(%s, (m*m+math.Expm1(v)-v)/2)", float(p.FreeBits))
}

// drawFixed prints the kernel that draws codes by the same deviates for every sample.
func (g *generator) drawFixed(k *plan.Kernel, op *plan.DrawFixed) {
	g.math, g.random = true, true
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	if op.Fast != nil {
		g.fastSamples(k, op.Fast, op.Width, 1, [3]string{fmt.Sprintf(", deviates *[%d]float32", op.Width), ", deviates", "&deviates[0], #"}, "z", "mean", "logvar")
	}
	w.line("// draws are the deviates of the codes that a score decodes, of mean 0 and variance 1 in each unit: columns of a Hadamard matrix.")
	w.line("var draws = func() (d [%d][%d]float32) {\nfor k := range d {\nfor i := range d[k] {\nd[k][i] = random.Deviate(k, i)\n}\n}\nreturn d\n}()\n", nn.Draws, op.Width)
	w.line("// %s sets z to mean + exp(logvar/2)·ε. %v", name, k.At)
	w.rows(name, op.Width, fmt.Sprintf(", deviates *[%d]float32", op.Width), "z", "mean", "logvar")
	w.line("for i := range z0 {\nz0[i] = float32(float64(mean0[i]) + math.Exp(float64(logvar0[i])/2)*float64(deviates[i]))\n}")
	w.next("z", "mean", "logvar")
}

// divergence prints the kernel of the bound's divergence.
func (g *generator) divergence(k *plan.Kernel, op *plan.Divergence) {
	g.math = true
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	if op.Fast != nil {
		g.fastSamples(k, op.Fast, op.Width, 1, [3]string{"", "", "#"}, "kl", "mean", "logvar")
	}
	w.line("// %s sets kl to the divergence of N(mean, exp(logvar)) from N(0, 1), summed over the units in order, in float64. %v", name, k.At)
	w.rows(name, op.Width, "", "kl", "mean", "logvar")
	w.line("sum := 0.0\nfor i := range mean0 {\nm, v := float64(mean0[i]), float64(logvar0[i])\nsum += %s\n}\nkl0[0] = float32(sum)", unit(nn.Bound))
	w.next("mean", "logvar", "kl")
}

// posterior prints the kernel that draws codes in training.
func (g *generator) posterior(k *plan.Kernel, op *plan.Posterior) {
	g.math, g.random = true, true
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	if op.Fast != nil {
		g.fastRandom = true
		g.fastSamples(k, op.Fast, op.Width, 1, [3]string{", key uint64, from int, beta float64", ", key, from, beta", "random.Subkey(key, from+i), #, float32(beta)"}, "z", "d", "kl", "mean", "logvar")
	}
	w.line("// %s draws z from N(mean, exp(logvar)), sets d to z - mean, and kl to the divergence from %v.", name, op.Prior)
	w.line("// Key is that of the step's draws, and from is the number of the first sample in the batch. %v", k.At)
	w.rows(name, op.Width, ", key uint64, from int, beta float64", "z", "d", "kl", "mean", "logvar")
	w.line("k, sum := random.Subkey(key, from), 0.0")
	w.line("for i := range z0 {\nm, v := float64(mean0[i]), float64(logvar0[i])\nx := math.Exp(v/2) * random.Normal(random.Bits(k, i))")
	w.line("z0[i], d0[i] = float32(m+x), float32(x)\nsum += %s\n}\nkl0[0] = float32(beta * sum)\nfrom++", unit(op.Prior))
	w.next("z", "d", "mean", "logvar", "kl")
}

// posteriorGrad prints the kernel of the way back.
func (g *generator) posteriorGrad(k *plan.Kernel, op *plan.PosteriorGrad) {
	g.math = true
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	if op.Fast != nil {
		g.fastSamples(k, op.Fast, op.Width, op.Fast.Most/op.Width, [3]string{", weight float64", ", weight", "#, float32(weight)"}, "dmean", "dlogvar", "dz", "d", "mean", "logvar")
	}
	w.line("// %s sets dmean and dlogvar to the derivatives by way of z, whose derivative is dz, and of each sample's divergence times weight.", name)
	w.line("// D is z - mean. %v", k.At)
	w.rows(name, op.Width, ", weight float64", "dmean", "dlogvar", "dz", "d", "mean", "logvar")
	w.line("for i := range dz0 {\nm, v, dm := float64(mean0[i]), float64(logvar0[i]), float64(dz0[i])\ndv := dm * float64(d0[i]) / 2")
	slopes := "dm += weight * m\ndv += weight * math.Expm1(v) / 2"
	if op.Prior.FreeBits > 0 {
		slopes = fmt.Sprintf("if (m*m+math.Expm1(v)-v)/2 > %s {\n%s\n}", float(op.Prior.FreeBits), slopes)
	}
	w.line("%s\ndmean0[i], dlogvar0[i] = float32(dm), float32(dv)\n}", slopes)
	w.next("dmean", "dlogvar", "dz", "d", "mean", "logvar")
}

// drawKeys are the keys of a step's draws of the code, as Go source.
func drawKeys(streams []uint64) []string {
	keys := make([]string, len(streams))
	for i, s := range streams {
		keys[i] = fmt.Sprintf("random.Subkey(random.Key(Training().Seed, %#x), t.steps)", s)
	}
	return keys
}

// betaOf is β in a step, as Go source.
func betaOf(p nn.Prior) string {
	if p.Warmup == 0 {
		return float(p.Beta)
	}
	return fmt.Sprintf("%s * min(1, t.epoch/%s)", float(p.Beta), float(p.Warmup))
}
