package gosrc

import (
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// test is what the template of the package's test shows.
type test struct {
	header
	Low, High string
	Tied      bool // whether the model holds transposed copies
	Copies    bool // whether a trainer does
	Noise     bool // whether training has noise
	Assembly  bool // whether there are assembly functions
	Vectors   []vector
}

// vector is the expected result of one sample, as Go source.
type vector struct{ Code, Reconstruction, Score string }

func (g *generator) test() test {
	t := test{header: g.header(), Low: "0", High: "1", Tied: g.p.Tied(), Noise: len(g.p.Train.Noises) > 0, Assembly: len(g.p.Functions) > 0}
	if g.scaled() {
		t.Low, t.High = float(g.p.Low), float(g.p.High)
	}
	for _, p := range g.p.Params {
		t.Copies = t.Copies || p.Transposed
	}
	v := g.p.Vectors
	for s := range plan.Samples {
		t.Vectors = append(t.Vectors, vector{
			Code:           numbers(v.Code[s*v.CodeKept : (s+1)*v.CodeKept]),
			Reconstruction: numbers(v.Reconstruction[s*v.OutKept : (s+1)*v.OutKept]),
			Score:          numbers(v.Scores[s : s+1]),
		})
	}
	return t
}

func numbers(v []float64) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = strconv.FormatFloat(x, 'g', -1, 32)
	}
	return strings.Join(parts, ", ")
}
