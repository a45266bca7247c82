package codegen_test

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// arraySamples is a file of a package whose samples are arrays: its samples by plan.Hash, and their numbers.
const arraySamples = `package %s

type Sample = Input

type Decoded = %s

func Fill(x []Sample) {
	for s := range x {
		for i := range x[s] {
			x[s][i] = %s
		}
	}
}

func Numbers(x *Sample) []float32 { return x[:] }

func Decodings(r *Decoded) []float32 { return r[:] }
`

// recordSamples is the same of a package whose samples are structs.
const recordSamples = `package %[1]s

type Sample = %[2]s

func Fill(x []Sample) {
	for s := range x {
%[3]s	}
}

func Numbers(x *Sample) []float32 {
	var row Row
	x.Row(&row)
	return row[:]
}
%[4]s`

// hashOf is plan.Hash of the stream of samples.
const hashOf = `
func hashOf(i int) float32 {
	h := uint32(i)*2654435761 + 1000*40503 + 977
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	return float32(float64(h>>8)/(1<<23) - 1)
}
`

// decodedTo is the Go type of what a program with samples that are arrays decodes to.
func decodedTo(p *plan.Program) string {
	switch {
	case p.Goal == nil:
		return "Input"
	case p.Goal.Classes > 0 || p.Goal.Labels != nil:
		return "Probabilities"
	}
	return "Target"
}

// goalOf is the statements that make the targets y of plan.Goal.Hashed, how they are passed, and how that of sample i is.
func goalOf(p *plan.Program, number int) (statements, y, one string) {
	switch g := p.Goal; {
	case g == nil:
		return "", "", ""
	case g.Classes > 0:
		return fmt.Sprintf("y := make([]m%[1]d.Class, len(x))\nfor s := range y {\ny[s] = m%[1]d.Class((float64(hash(1001, s)) + 1) / 2 * %[2]d)\n}", number, g.Classes), ", y", ", y[i]"
	default:
		value := "float32((float64(hash(1001, s*%[2]d+i)) + 1) / 2)"
		if p.Counts() {
			value = "float32(int(4 * (hash(1001, s*%[2]d+i) + 1)))"
		}
		if g.Labels != nil {
			value = fmt.Sprintf("int32((float64(hash(1001, s*%%[2]d+i)) + 1) / 2 * %d)", g.Labels.Classes)
			if g.Labels.Ignores {
				value += fmt.Sprintf("\nif (s*%%[2]d+i)%%%%5 == 4 {\ny[s][i] = %d\n}", g.Labels.Ignore)
			}
		}
		return fmt.Sprintf("y := make([]m%[1]d.Target, len(x))\nfor s := range y {\nfor i := range y[s] {\ny[s][i] = "+value+"\n}\n}", number, g.Len()), ", y", ", &y[i]"
	}
}

// samplesFile is the file of a package that knows its samples.
func samplesFile(p *plan.Program, name string) []byte {
	if p.Record == nil {
		low, width := bounds(p)
		value := fmt.Sprintf("float32(%g + %g*(float64(hashOf(s*InputSize+i))+1)/2)", low, width)
		if p.Counts() && p.Goal == nil {
			value = "float32(int(4 * (hashOf(s*InputSize+i) + 1)))"
		}
		return fmt.Appendf(nil, arraySamples+hashOf, name, decodedTo(p), value)
	}
	var fill strings.Builder
	for i, f := range p.Record.Fields {
		value := map[nn.FieldKind]string{
			nn.RealField: "float32(2 * h)", nn.LogField: "float32(4 * (h + 1))", nn.BinaryField: "h >= 0", nn.CountField: "uint32(3 * (h + 1))",
			nn.CategoryField: fmt.Sprintf("%s((h + 1) / 2 * %d)", f.GoType, len(f.Classes)),
		}[f.Kind]
		fmt.Fprintf(&fill, "{\nh := float64(hashOf(s*InputSize+%d))\nx[s].%s = %s\n}\n", i, f.GoName, value)
	}
	decoded := "\ntype Decoded = Sample\n\nfunc Decodings(r *Decoded) []float32 { return Numbers(r) }\n"
	if p.Goal != nil {
		decoded = fmt.Sprintf("\ntype Decoded = %s\n\nfunc Decodings(r *Decoded) []float32 { return r[:] }\n", decodedTo(p))
	}
	return fmt.Appendf(nil, recordSamples+hashOf, name, p.Record.Type, fill.String(), decoded)
}
