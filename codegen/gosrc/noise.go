package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// noise is a noise in generated Go: a function of a value, of bits that are uniform among all of int32, and of numbers.
type noise struct {
	name, doc  string
	parameters string   // behind x float32, bits int32
	numbers    []string // their values
	body       string
}

// goNoise is the source of a noise. The normal distribution is computed in float64 and rounded once.
func goNoise(n nn.Noise) noise {
	switch n.Kind {
	case nn.GaussianNoise:
		return noise{
			name: "gaussianNoise", doc: "is x plus a number from the normal distribution with mean 0 and deviation std", parameters: "std float32",
			numbers: []string{float(n.Amount)},
			body:    "return x + float32(std*float32(math.Sqrt2*math.Erfinv((float64(bits)+0.5)/(1<<31))))",
		}
	case nn.MaskingNoise:
		return noise{
			name: "maskingNoise", doc: "is 0 for the share of bits that are below a number, else x", parameters: "below int32",
			numbers: []string{below32(n.Amount)},
			body:    "if bits < below {\nreturn 0\n}\nreturn x",
		}
	case nn.SaltPepperNoise:
		return noise{
			name: "saltPepperNoise", doc: "is 0 for the share of bits that are below pepper, 1 for those that are below salt, else x", parameters: "pepper, salt int32",
			numbers: []string{below32(n.Amount / 2), below32(n.Amount)},
			body:    "switch {\ncase bits < pepper:\nreturn 0\ncase bits < salt:\nreturn 1\n}\nreturn x",
		}
	case nn.UniformNoise:
		return noise{
			name: "uniformNoise", doc: "is x plus a number uniform in ±2³¹·unit", parameters: "unit float32",
			numbers: []string{float(n.Amount / (1 << 32))},
			body:    "return x + float32(float32(bits)*unit)",
		}
	case nn.DropoutNoise:
		return noise{
			name: "dropoutNoise", doc: "is 0 for the share of bits that are below a number, else x times factor", parameters: "below int32, factor float32",
			numbers: []string{below32(n.Amount), float(1 / (1 - n.Amount))},
			body:    "if bits < below {\nreturn 0\n}\nreturn x * factor",
		}
	}
	panic(fmt.Sprintf("internal error: no Go source of %v", n))
}

func below32(p float64) string { return fmt.Sprint(nn.Below(p)) }

// noiseCall is the noise of v by bits, its function noted for printing.
func (g *generator) noiseCall(n nn.Noise, bits string) string {
	src := goNoise(n)
	if !g.functions[src.name] {
		g.functions[src.name] = true
		g.math = g.math || n.Kind == nn.GaussianNoise
		g.scalars.line("// %s %s.\nfunc %s(x float32, bits int32, %s) float32 {\n%s\n}\n", src.name, src.doc, src.name, src.parameters, src.body)
	}
	return fmt.Sprintf("%s(v, %s, %s)", src.name, bits, strings.Join(src.numbers, ", "))
}

// corrupt prints the kernel that spoils samples.
func (g *generator) corrupt(k *plan.Kernel, op *plan.Corrupt) {
	g.random = true
	w, name := &g.kernels, portable(k.Name, op.Fast != nil)
	parameters := fmt.Sprintf("y, x [][%d]float32, keys *[%d]uint64, from int", op.Width, len(op.Noises))
	if op.Fast != nil {
		g.fastCorrupt(k, op, parameters)
	}
	w.line("// %s sets y to x with %s.", name, noiseList(op.Noises))
	w.line("// Keys are those of the noises in the step, and from is the number of the first sample in the batch. %v", k.At)
	w.line("func %s(%s) {\nfor len(y) > 0 && len(x) > 0 {\ny0, x0 := &y[0], &x[0]", name, parameters)
	for i := range op.Noises {
		w.line("k%d := random.Subkey(keys[%d], from)", i, i)
	}
	w.line("for i := range x0 {\nv := x0[i]")
	for i, n := range op.Noises {
		w.line("v = %s", g.noiseCall(n, fmt.Sprintf("random.Bits(k%d, i)", i)))
	}
	w.line("y0[i] = v\n}\ny, x, from = y[1:], x[1:], from+1\n}\n}\n")
}

// fastCorrupt is the form of the kernel by its assembly function, sample by sample: each has keys of its own.
func (g *generator) fastCorrupt(k *plan.Kernel, op *plan.Corrupt, parameters string) {
	w := &writer{}
	keys := make([]string, len(op.Noises))
	for i := range keys {
		keys[i] = fmt.Sprintf("random.Subkey(keys[%d], from+i)", i)
	}
	w.line("for i := range min(len(y), len(x)) {\nk := [...]uint64{%s}", strings.Join(keys, ", "))
	w.line("%s(&y[i][0], &x[i][0], &k[0], %d)\n}", op.Fast.Name, op.Width)
	g.forms = append(g.forms, form{name: k.Name, parameters: parameters, arguments: "y, x, keys, from", body: w.b.String()})
}

// fastNoise reports whether noise runs by an assembly function.
func (g *generator) fastNoise() bool {
	return slices.ContainsFunc(g.p.Kernels, func(k *plan.Kernel) bool {
		op, ok := k.Op.(*plan.Corrupt)
		return ok && op.Fast != nil
	})
}

// noiseList is noises as a spec says them.
func noiseList(noises []nn.Noise) string {
	words := make([]string, len(noises))
	for i, n := range noises {
		words[i] = n.String()
	}
	return strings.Join(words, ", then ")
}

// noiseKeys are the keys of a step's noises, as Go source.
func noiseKeys(noises []plan.Noise) []string {
	keys := make([]string, len(noises))
	for i, n := range noises {
		keys[i] = fmt.Sprintf("random.Subkey(random.Key(Training().Seed, %#x), t.steps)", n.Stream)
	}
	return keys
}
