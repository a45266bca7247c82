package pass

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/golden/randspec"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

func model(t *testing.T, text string) *ir.Model {
	t.Helper()
	file, diagnostics := grammar.Parse(&source.File{Name: "x.ae", Text: text})
	m, more := check.Model(file, check.Options{})
	for _, d := range append(diagnostics, more...) {
		if d.Severity == source.Error {
			t.Fatalf("%v: %s\n%s", d.Span, d.Message, text)
		}
	}
	return m
}

// random is a random spec: every third one of layers on images.
func random(seed uint64) string {
	if seed%3 == 2 {
		return randspec.Image(seed)
	}
	return randspec.Text(seed)
}

// env draws parameters and a batch for a model.
func env(m *ir.Model, seed uint64) interp.Env {
	r := rand.New(rand.NewPCG(seed, 2))
	uniform := func(n int, low, high float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = low + (high-low)*r.Float64()
		}
		return v
	}
	e := interp.Env{Batch: 3, Params: map[string][]float64{}, Rate: 0.02, Epoch: 0.75}
	high := 1.0
	if m.Scale.High != 0 {
		high = m.Scale.High
	}
	width := 1
	for _, d := range m.Input.Dims {
		width *= d
	}
	x := uniform(3*width, max(0, m.Scale.Low), high)
	for i := range x {
		if m.Record != nil {
			x[i] = m.Record[i%width].Example(2*x[i] - 1)
		}
	}
	counts := m.Loss.Likelihood == nn.Poisson
	if counts && m.Target == nil {
		x = uniform(3*width, 0, 1)
		for i, u := range x {
			x[i] = nn.ExampleCount(u)
		}
	}
	e.Inputs = map[string][]float64{m.Input.Name: x}
	if t := m.Target; t != nil && t.Classes > 0 {
		y := make([]float64, 3)
		for i := range y {
			y[i] = float64(r.IntN(t.Classes))
		}
		e.Inputs[t.Name] = y
	} else if t != nil && t.Labels != nil {
		y := make([]float64, 3*t.Dims[0]*t.Dims[1])
		for i := range y {
			if y[i] = float64(r.IntN(t.Labels.Classes)); t.Labels.Ignores && r.IntN(4) == 0 {
				y[i] = float64(t.Labels.Ignore)
			}
		}
		e.Inputs[t.Name] = y
	} else if t != nil {
		y := uniform(3*t.Dims[0], 0, 1)
		for i, u := range y {
			if counts {
				y[i] = nn.ExampleCount(u)
			}
		}
		e.Inputs[t.Name] = y
	}
	for _, p := range m.Forward.Params() {
		size := 1
		for _, d := range p.Type.Dims {
			size *= d
		}
		bound := 0.2
		if len(p.Type.Dims) == 2 {
			bound = 1 / math.Sqrt(float64(p.Type.Dims[0]))
		}
		e.Params[p.Op.(ir.Param).Name] = uniform(size, -bound, bound)
	}
	return e
}

func run(t *testing.T, g *ir.Graph, e interp.Env) interp.Result {
	t.Helper()
	r, err := interp.Run(g, e)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(a, b map[string][]float64) error {
	for name, v := range a {
		w := b[name]
		if len(v) != len(w) {
			return fmt.Errorf("%s: %d values and %d", name, len(v), len(w))
		}
		for i := range v {
			if d := math.Abs(v[i] - w[i]); !(d <= 1e-9*max(1, math.Abs(v[i]))) {
				return fmt.Errorf("%s[%d]: %v and %v", name, i, v[i], w[i])
			}
		}
	}
	return nil
}

// TestEveryPassKeepsTheMeaning runs random models before and after each pass: outputs, and two training steps.
func TestEveryPassKeepsTheMeaning(t *testing.T) {
	for seed := range uint64(180) {
		text := random(seed)
		m := model(t, text)
		e := env(m, seed)
		for _, g := range []*ir.Graph{m.Forward, m.Objective, grad.Differentiate(m.Objective), grad.Train(m.Objective, m.Training)} {
			want := run(t, g, e)
			for _, p := range Default {
				next, err := Run(g, []Pass{p})
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				g = next
				got := run(t, g, e)
				for _, err := range []error{near(want.Outputs, got.Outputs), near(want.Params, got.Params), near(want.State, got.State)} {
					if err != nil {
						t.Fatalf("graph %s after %s: %v\n%s", g.Name, p.Name, err, text)
					}
				}
			}
		}
	}
}

// TestNothingIsLeftUnfused holds the graphs that lower gets against the operations that it knows.
func TestNothingIsLeftUnfused(t *testing.T) {
	for seed := range uint64(180) {
		m := model(t, random(seed))
		g, err := Run(grad.Train(m.Objective, m.Training), Default)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range g.Values {
			switch op := v.Op.(type) {
			case ir.FieldsNLLGrad:
				if !op.Mean {
					t.Errorf("seed %d: %s is left\n%s", seed, ir.Word(op), g)
				}
			case ir.MatMul, ir.AddBias, ir.NLL, ir.NLLGrad, ir.MeanBatchGrad, ir.Fill, ir.SampleGrad, ir.KLGrad, ir.CommitGrad, ir.SquaresGrad,
				ir.Conv, ir.Deconv, ir.ConvWeightGrad, ir.AddChannels:
				t.Errorf("seed %d: %s is left\n%s", seed, ir.Word(v.Op), g)
			}
		}
	}
}

// TestGradients holds the interpreter's gradients against central differences of its loss, under the same noise.
func TestGradients(t *testing.T) {
	for seed := range uint64(90) {
		m := model(t, random(seed))
		e := env(m, seed)
		g := grad.Differentiate(m.Objective)
		outputs := run(t, g, e).Outputs
		g = straight(t, g, e)
		r := rand.New(rand.NewPCG(seed, 3))
		for _, p := range m.Forward.Trained() {
			name := p.Op.(ir.Param).Name
			w := e.Params[name]
			i := r.IntN(len(w))
			got, want := outputs["grad."+name][i], byDifferences(t, g, e, w, i, 1e-5)
			if !agree(got, want) {
				want = byDifferences(t, g, e, w, i, 3e-7) // a kink of relu or elu may lie within the first step
			}
			if !agree(got, want) {
				t.Errorf("seed %d: d loss / d %s[%d] = %v, by differences %v", seed, name, i, got, want)
			}
		}
	}
}

// straight is the loss of g with the derivative that counts: a quantised code becomes what it replaces plus their difference at e, so that
// derivatives pass through, and the commitment compares with the code at e. What both are is noted in e's inputs.
func straight(t *testing.T, g *ir.Graph, e interp.Env) *ir.Graph {
	t.Helper()
	g = ir.Slice(g, g.Name, nil, ir.Loss)
	for _, v := range g.Values {
		if _, ok := v.Op.(ir.QuantizeBatch); ok {
			g.SetOutput("values", v.Args[0])
			g.SetOutput("vectors", v)
		}
	}
	outputs := run(t, g, e).Outputs
	var differences []float64
	for i, v := range outputs["vectors"] {
		differences = append(differences, v-outputs["values"][i])
	}
	e.Inputs["differences"], e.Inputs["vectors"] = differences, outputs["vectors"]
	g = rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch v.Op.(type) {
		case ir.QuantizeBatch:
			return r.out.Add(ir.Add{}, v.At, r.to[v.Args[0]], r.out.Leaf(ir.Input{Name: "differences"}, v.Type, v.At))
		case ir.Commit:
			return r.out.Add(v.Op, v.At, r.to[v.Args[0]], r.out.Leaf(ir.Input{Name: "vectors"}, v.Args[1].Type, v.At))
		}
		return nil
	})
	return ir.Slice(g, g.Name, nil, ir.Loss)
}

// agree reports whether a is b to 1e-6, relative to b or to 0.01 if that is larger: below, differences round.
func agree(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1e-2, math.Abs(b)) }

// TestTiedWeightsGetOneUpdate looks at the fused training graph of a tied model.
func TestTiedWeightsGetOneUpdate(t *testing.T) {
	m := model(t, "model M\ninput x = vector(6)\nencoder { dense(4) tanh }\nbottleneck z = dense(2)\ndecoder mirror(encoder, tied: true)\nreconstruct mse\n")
	g, err := Run(grad.Train(m.Forward, m.Training), Default)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(g.Text(), "weight_update[adam, bias]"); n != 2 {
		t.Errorf("%d weight updates with bias, want 2\n%s", n, g)
	}
	if n := strings.Count(g.Text(), " update[adam]"); n != 2 {
		t.Errorf("%d updates of decoder biases, want 2\n%s", n, g)
	}
}

// TestSlopesGoIntoProducts looks for derivatives of activations that are steps of their own, and counts the steps that have one.
func TestSlopesGoIntoProducts(t *testing.T) {
	for _, c := range []struct {
		name, lines string
		want        int
	}{
		{"dropout", "encoder { dense(5) sigmoid dropout(0.2) }\nbottleneck z = dense(2)\ndecoder mirror(encoder)\nreconstruct mse\n", 2},
		{"two heads", "encoder { dense(5) tanh }\nbottleneck z = gaussian(2)\ndecoder mirror(encoder)\nreconstruct bernoulli\n", 3},
		{"sparse", "encoder { dense(5) relu }\nbottleneck z = dense(4) sigmoid {\nsparsity kl(rho: 0.1, beta: 2)\n}\ndecoder { dense }\nreconstruct mse\n", 2},
		{"absolute", "encoder { dense(5) relu }\nbottleneck z = dense(4) tanh {\nsparsity l1(0.1)\n}\ndecoder { dense }\nreconstruct mse\n", 2},
		{"contractive", "encoder { }\nbottleneck z = dense(4) sigmoid {\ncontractive(0.1)\n}\ndecoder { dense }\nreconstruct mse\n", 1},
	} {
		m := model(t, "model M\ninput x = vector(6)\n"+c.lines)
		g, err := Run(grad.Train(m.Objective, m.Training), Default)
		if err != nil {
			t.Fatal(err)
		}
		slopes := 0
		note := func(a nn.Activation) {
			if a.Func != nn.Identity {
				slopes++
			}
		}
		for _, v := range g.Values {
			switch op := v.Op.(type) {
			case ir.ActivateGrad:
				t.Errorf("%s: %s is left\n%s", c.name, ir.Word(op), g)
			case ir.DenseGrad:
				note(op.Activation)
			case ir.AddPenalizeGrad:
				note(op.Slope)
			case ir.AddMeanGrad:
				note(op.Slope)
			case ir.AddContractGrad:
				note(op.Slope)
			}
		}
		if slopes != c.want {
			t.Errorf("%s: %d steps have a derivative, want %d\n%s", c.name, slopes, c.want, g)
		}
	}
}
