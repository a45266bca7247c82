package ir

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

var at = source.Span{File: &source.File{Name: "x.ae", Text: "model X\n"}, Start: 6, End: 7}

// small is one dense layer with its loss.
func small() *Graph {
	g := &Graph{Name: "forward"}
	x := g.Leaf(Input{Name: "x"}, Samples(3), at)
	w := g.Leaf(Param{Name: "encoder.0.weight", Bound: 0.5}, Floats(3, 2), at)
	b := g.Leaf(Param{Name: "encoder.0.bias"}, Floats(2), at)
	z := g.Add(Activate{nn.Activation{Func: nn.ReLU}}, at, g.Add(AddBias{}, at, g.Add(MatMul{}, at, x, w), b))
	r := g.Add(MatMul{TransB: true}, at, z, w)
	loss := g.Add(MeanBatch{}, at, g.Add(NLL{nn.Loss{Likelihood: nn.MSE}}, at, r, x))
	g.SetOutput(Code, z)
	g.SetOutput(Loss, loss)
	return g
}

func TestText(t *testing.T) {
	const want = `graph forward
  %0   = input x : f32[B,3]
  %1   = param encoder.0.weight ±0.5 : f32[3,2]
  %2   = param encoder.0.bias ±0 : f32[2]
  %3   = matmul %0, %1 : f32[B,2]
  %4   = add_bias %3, %2 : f32[B,2]
  %5   = relu %4 : f32[B,2]
  %6   = matmul·ᵀ %5, %1 : f32[B,3]
  %7   = nll[mse] %6, %0 : f32[B]
  %8   = mean_batch %7 : f32[]
  return code = %5
  return loss = %8
`
	if got := small().Text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if line := strings.Split(small().String(), "\n")[1]; !strings.HasSuffix(line, " // x.ae:1:7") {
		t.Errorf("%q has no place", line)
	}
}

func TestSliceKeepsWhatIsNeeded(t *testing.T) {
	g := small()
	const want = `graph decode
  %0   = param encoder.0.weight ±0.5 : f32[3,2]
  %1   = input z : f32[B,2]
  %2   = matmul·ᵀ %1, %0 : f32[B,3]
  return r = %2
`
	g.SetOutput("r", g.Values[6])
	s := Slice(g, "decode", map[*Value]string{g.Output(Code): "z"}, "r")
	if got := s.Text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if err := Verify(s); err != nil {
		t.Error(err)
	}
}

// TestVerifyNames breaks each rule once.
func TestVerifyNames(t *testing.T) {
	if err := Verify(small()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want  string
		spoil func(g *Graph)
	}{
		{"%3 = matmul: type is f32[B,9], want f32[B,2]", func(g *Graph) { g.Values[3].Type = Samples(9) }},
		{"argument 1 is f32[3,2], want f32[2]", func(g *Graph) { g.Values[4].Args[1] = g.Values[1] }},
		{"1 arguments, want 2", func(g *Graph) { g.Values[4].Args = g.Values[4].Args[:1] }},
		{"f32[B,2] times f32[B,2]", func(g *Graph) { g.Values[6].Args[1] = g.Values[3]; g.Values[6].Op = MatMul{} }},
		{"argument %5 does not come before it", func(g *Graph) { g.Values[3].Args[0] = g.Values[5] }},
		{"has number 7", func(g *Graph) { g.Values[3].ID = 7 }},
		{"has no place in the source", func(g *Graph) { g.Values[3].At = source.Span{} }},
		{`a second "x"`, func(g *Graph) { g.Values[2].Op = Input{Name: "x"} }},
		{"a second output code", func(g *Graph) { g.SetOutput(Code, g.Values[3]) }},
		{"output loss is not a value of the graph", func(g *Graph) { g.Outputs[1].Value = &Value{} }},
	} {
		g := small()
		c.spoil(g)
		if err := Verify(g); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestAddRefusesWrongArguments(t *testing.T) {
	defer func() {
		const want = "internal error: matmul in graph g: f32[B,3] times f32[B,3]"
		if got := recover(); got != want {
			t.Errorf("got %v, want %q", got, want)
		}
	}()
	g := &Graph{Name: "g"}
	x := g.Leaf(Input{Name: "x"}, Samples(3), at)
	g.Add(MatMul{}, at, x, x)
}
