package golden

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/pass"
	"github.com/aegen/aegen/grammar/source"
)

// spatialCase is a case of torch/spatial.py.
type spatialCase struct {
	Kind                                   string
	In, Out, Kernel, Stride, Dilation, Pad []int
	Groups                                 int
	Adjoint, Bilinear                      bool
	Y, Dx, Dw, Db                          []float64
}

func (c spatialCase) window() nn.Window {
	return nn.Window{In: nn.Grid{H: c.In[0], W: c.In[1], C: c.In[2]}, Out: nn.Grid{H: c.Out[0], W: c.Out[1], C: c.Out[2]},
		KH: c.Kernel[0], KW: c.Kernel[1], SH: c.Stride[0], SW: c.Stride[1], DH: c.Dilation[0], DW: c.Dilation[1],
		Top: c.Pad[0], Left: c.Pad[1], Bottom: c.Pad[2], Right: c.Pad[3], Groups: c.Groups}
}

// TestSpatialAgreesWithTorch compares layers on grids with PyTorch's: values, and gradients by x, weight and bias, before the passes and
// after them.
func TestSpatialAgreesWithTorch(t *testing.T) {
	data, err := os.ReadFile("torch/spatial.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []spatialCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, c := range cases {
		kinds[c.Kind]++
		t.Run(c.Kind+" "+c.window().String(), c.hold)
	}
	if len(cases) != 50 || kinds["conv"] < 15 || kinds["deconv"] < 10 || len(kinds) != 6 {
		t.Fatalf("cases: %v", kinds)
	}
}

func (c spatialCase) hold(t *testing.T) {
	const samples = 2
	at := source.Span{File: &source.File{Name: "x.ae", Text: "x"}, Start: 0, End: 1}
	g := &ir.Graph{Name: "forward"}
	env := interp.Env{Batch: samples, Inputs: map[string][]float64{}, Params: map[string][]float64{}}
	leaf := func(op ir.Op, name string, stream int, dims ...int) *ir.Value {
		size := 1
		for _, d := range dims {
			if d == ir.Batch {
				d = samples
			}
			size *= d
		}
		env.Inputs[name] = float64s(fill(stream, size))
		env.Params[name] = env.Inputs[name]
		return g.Leaf(op, ir.Floats(dims...), at)
	}
	param := func(name string, stream int, dims ...int) *ir.Value {
		return leaf(ir.Param{Name: name}, name, stream, dims...)
	}
	w := c.window()
	from := w.In
	if c.Kind == "deconv" || c.Kind == "max_unpool" {
		from = w.Out
	}
	x := param("x", 0, ir.Batch, from.Len())
	weight := func(deconv bool) *ir.Value {
		if deconv {
			return param("w", 1, w.Taps()*w.Out.C/w.Groups, w.In.C)
		}
		return param("w", 1, w.Taps()*w.In.C/w.Groups, w.Out.C)
	}
	var y *ir.Value
	switch c.Kind {
	case "conv":
		y = g.Add(ir.Conv{Window: w, Adjoint: c.Adjoint}, at, x, weight(c.Adjoint))
		y = g.Add(ir.AddChannels{}, at, y, param("b", 3, w.Out.C))
	case "deconv":
		y = g.Add(ir.Deconv{Window: w, Adjoint: c.Adjoint}, at, x, weight(!c.Adjoint))
		y = g.Add(ir.AddChannels{}, at, y, param("b", 3, w.In.C))
	case "max_pool":
		y = g.Add(ir.MaxPool{Window: w}, at, x)
	case "avg_pool":
		y = g.Add(ir.AvgPool{Window: w}, at, x)
	case "max_unpool":
		y = g.Add(ir.MaxUnpool{Window: w}, at, x, leaf(ir.Input{Name: "indices"}, "indices", 1, ir.Batch, w.In.Len()))
	case "upsample":
		y = g.Add(ir.Upsample{Grid: w.In, FH: w.Out.H / w.In.H, FW: w.Out.W / w.In.W, Bilinear: c.Bilinear}, at, x)
	}
	target := leaf(ir.Input{Name: "t"}, "t", 2, y.Type.Dims...)
	g.SetOutput("y", y)
	g.SetOutput(ir.Loss, g.Add(ir.MeanBatch{}, at, g.Add(ir.NLL{Loss: nn.Loss{Likelihood: nn.MSE}}, at, y, target)))
	for _, passes := range [][]pass.Pass{nil, pass.Default} {
		forward, err := pass.Run(g, passes)
		if err != nil {
			t.Fatal(err)
		}
		gradient, err := pass.Run(grad.Differentiate(g), passes)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "value", run(t, forward, env).Outputs["y"], c.Y)
		out := run(t, gradient, env).Outputs
		for name, want := range map[string][]float64{"x": c.Dx, "w": c.Dw, "b": c.Db} {
			equal(t, "gradient of "+name, out[grad.Gradient+name], want)
		}
	}
}
