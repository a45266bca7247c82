package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// packageDoc is the package comment: the spec, the table of the model, and what it costs.
func (g *generator) packageDoc() string {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(strings.TrimRight("// "+fmt.Sprintf(format, args...), " ") + "\n")
	}
	line("Package %s is the %s %s, compiled from %s:", g.pkg, g.kind(), g.p.Name, g.p.File)
	line("")
	for _, text := range strings.Split(strings.TrimRight(g.p.Spec, "\n"), "\n") {
		line("\t%s", strings.ReplaceAll(text, "\t", "    "))
	}
	line("")
	if f := g.p.From; f != nil {
		how := "trains on with the others"
		if f.Frozen {
			how = "stays as it is when the others are trained"
		}
		line("Its encoder and bottleneck are those of %s; what they have learned %s: see NewFrom.", f.File, how)
		line("")
	}
	line("Its layers:")
	line("")
	names, kinds := 14, 10 // the widths of their columns
	for _, l := range g.p.Layers {
		names, kinds = max(names, len(l.Name)), max(kinds, len(l.Kind))
	}
	line("\t%-*s %-*s %6s %6s  %-16s %10s %13s", names, "layer", kinds, "", "in", "out", "activation", "parameters", "multiply-adds")
	for _, l := range g.p.Layers {
		kind := l.Kind
		if l.Tied != "" {
			kind += ", tied"
		}
		line("\t%-*s %-*s %6d %6d  %-16s %10d %13d", names, l.Name, kinds, kind, l.In, l.Out, l.Activation, l.Params, l.MultiplyAdds)
	}
	line("\t%-*s %-*s %6s %6s  %-16s %10d %13d", names, "total", kinds, "", "", "", "", g.p.ParamCount(), g.p.MultiplyAdds())
	line("")
	if g.p.Precision.Format != plan.Float32 {
		g.precisionDoc(line)
	}
	g.pretrainingDoc(line)
	methods := "Encode, Decode, Reconstruct, Score"
	if !g.p.Decodes() {
		methods = "Encode, Reconstruct, Score"
		line("The decoder reads values of the encoder beside the code, so there is no Decode: Reconstruct decodes the code of a sample.")
		line("")
	}
	line("A Model takes %s of memory. %s and their batch forms allocate nothing;", bytes(g.p.WeightBytes()), methods)
	line("activations of a sample take at most %s%s.", bytes(4*g.widestArena()), g.where())
	return b.String()
}

// kind is what the model is.
func (g *generator) kind() string {
	switch t := g.p.Goal; {
	case t == nil && g.p.Sampled():
		return "variational autoencoder"
	case t == nil && g.p.Quantized() != nil:
		return "vector-quantised autoencoder"
	case t == nil:
		return "autoencoder"
	case t.Labels != nil:
		return "model for segmentation"
	case t.Classes > 0:
		return "classifier"
	}
	return "encoder and decoder"
}

// codeDoc says what the values of a code are, where that is more than numbers: the end of a sentence.
func (g *generator) codeDoc() string {
	if g.p.Quantized() != nil {
		return ": Groups vectors of the codebook, VectorSize values each"
	}
	if g.p.Classes() > 0 {
		return ": " + g.classesDoc()
	}
	if g.p.Sampled() {
		return ": the means of its units, which have normal distributions, or what is drawn from these"
	}
	for _, k := range g.p.Kernels {
		if top, ok := k.Op.(*plan.TopK); ok {
			return fmt.Sprintf(". At most %d of its values are not 0", top.K)
		}
	}
	return ""
}

// valuesDoc says which values what the decoder is compared with must have for scores and training, where not all numbers will do.
func (g *generator) valuesDoc(compared bool) string {
	switch l := g.p.Loss.Likelihood; {
	case !compared:
		return ""
	case l == nn.Bernoulli && g.scaled():
		return fmt.Sprintf("Scores and training are for values from %s to %s.", float(g.p.Low), float(g.p.High))
	case l == nn.Bernoulli:
		return "Scores and training are for values from 0 to 1."
	case l == nn.Categorical:
		return "Scores and training are for distributions: no value is below 0, and their sum is 1."
	case l == nn.Poisson:
		return fmt.Sprintf("Values are counts, whole numbers from 0 to %d.", nn.MaxCount)
	}
	return ""
}

// pretrainingDoc says who does the pretraining that a spec asks for, and how a trainer begins with what it gives.
func (g *generator) pretrainingDoc(line func(string, ...any)) {
	if g.p.Train == nil || len(g.p.Train.Stages) == 0 {
		return
	}
	line("The spec has each layer trained on its own, one after the other, before all are trained together (Hinton and Salakhutdinov, Science, 2006;")
	line("with noise Vincent et al., JMLR, 2010). The command aegen train does that; this package has no code for it, and a Trainer trains all")
	line("layers together. To begin where pretraining ends, Load the file that aegen train -pretrained FILE writes and give the Model to NewTrainer.")
	line("")
}

func (g *generator) widestArena() int {
	widest := 0
	for _, r := range g.p.All() {
		widest = max(widest, r.Arena)
	}
	return widest
}

func (g *generator) where() string {
	for _, r := range g.p.All() {
		if r.Single == plan.Pool {
			return " of a pooled block"
		}
	}
	return " of the stack"
}

func bytes(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
