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
	CountsIn  bool // whether samples are counts
	CountsOut bool // whether targets are
	Large     bool // whether tests that hold several trainers are left out of short runs
	Tied      bool // whether the model holds transposed copies
	Copies    bool // whether a trainer does
	Quantized bool // whether the code is
	Unpools   bool // whether values move where the encoder's largest ones do
	Noise     bool // whether training draws random numbers
	Objective bool // whether training minimises something else than the mean score
	Trains    bool // whether there is a trainer
	Integers  bool // whether weights are integers
	Format    string
	Exact     bool   // whether assembly functions give the bits of the kernels in Go, losses aside
	Tolerance string // of golden vectors, in parts of the largest value
	Between   string // bound of what assembly functions and kernels in Go differ by, in parts of the largest value
	Rounding  string // bound of what rounding changes: an expression on want and bound, the largest weight
	Beyond    string // a number that is too large for a weight
	Vectors   []vector
	Fields    []field // of a record
	LastBias  string  // of the layer that the decoder ends in
}

// vector is the expected result of one sample, as Go source.
type vector struct{ Code, Reconstruction, Score string }

// large is the bytes of weights beyond which a package's tests take long.
const large = 32 << 20

func (g *generator) test() test {
	t := test{header: g.header(), Low: "0", High: "1", Tied: g.p.Tied(), Quantized: g.p.Quantized() != nil, Unpools: g.p.Unpools(), Noise: g.p.Random(), Objective: g.p.Random() || g.p.Train != nil && len(g.p.Train.Penalties) > 0, Trains: g.p.Train != nil,
		Integers: g.p.Precision.Format == plan.Int8, Format: g.p.Precision.Format.String(), Exact: g.p.Exact(), Tolerance: strings.Replace(float(g.p.Vectors.Tolerance), "e-0", "e-", 1)}
	t.Between = "1e-4"
	if t.Integers || t.Unpools { // an activation that differs in its last bit may become the next integer, or send a value to another place
		t.Between = "2e-3"
	}
	switch g.p.Precision.Format {
	case plan.Half:
		t.Rounding, t.Beyond = "math.Abs(float64(want))/2048+0x1p-25", "65520"
	case plan.Bfloat16:
		t.Rounding, t.Beyond = "math.Abs(float64(want))/256", "math.MaxFloat32"
	case plan.Int8:
		t.Rounding, t.Beyond = "float64(bound)/253", "math.MaxFloat32"
	}
	t.CountsIn, t.CountsOut = g.p.Counts() && g.p.Goal == nil, g.p.Counts() && g.p.Goal != nil
	t.Large = g.p.WeightBytes() > large
	if g.scaled() {
		t.Low, t.High = float(g.p.Low), float(g.p.High)
	}
	for _, p := range g.p.Params {
		t.Copies = t.Copies || p.Transposed
		if strings.HasPrefix(p.Bias, "decoder.") {
			t.LastBias = p.Bias
		}
	}
	if g.p.Record != nil {
		t.Fields = g.record().Fields
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
