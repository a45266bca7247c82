package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// pictured compiles a text of layers of images, which must have no errors.
func pictured(t *testing.T, text string) *ir.Model {
	t.Helper()
	file, mistakes := grammar.Parse(&source.File{Name: "test.ae", Text: text})
	m, list := Model(file, Options{})
	if list = append(mistakes, list...); source.HasErrors(list) {
		t.Fatalf("%s\n%s", text, source.Render(list, false))
	}
	for _, g := range []*ir.Graph{m.Forward, m.Objective} {
		if err := ir.Verify(g); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// operations lists the operations of a graph, without parameters and what judges the reconstruction.
func operations(g *ir.Graph) []string {
	var list []string
	for _, v := range g.Values {
		switch v.Op.(type) {
		case ir.Param, ir.Input, ir.NLL, ir.MeanBatch:
		default:
			list = append(list, ir.Word(v.Op))
		}
	}
	return list
}

const convolutional28 = `model Conv
input x = image(28, 28)
encoder {
    conv(16, kernel: 3, stride: 2) relu
    conv(32, kernel: 3, stride: 2) relu
}
bottleneck z = dense(32)
decoder mirror(encoder%s)
reconstruct bernoulli`

// TestConvolutionalGraph: the mirror has the same windows the other way round, and a dense layer takes an image as its values.
func TestConvolutionalGraph(t *testing.T) {
	m := pictured(t, fmt.Sprintf(convolutional28, ""))
	const first, second = "28×28×1→14×14×16 kernel 3×3 stride 2×2 pad 1,1,1,1", "14×14×16→7×7×32 kernel 3×3 stride 2×2 pad 1,1,1,1"
	sameLines(t, operations(m.Forward), []string{
		"conv[" + first + "]", "add_channels", "relu", "conv[" + second + "]", "add_channels", "relu", "matmul", "add_bias",
		"matmul", "add_bias", "relu", "deconv[" + second + "]", "add_channels", "relu", "deconv[" + first + "]", "add_channels", "sigmoid",
	})
	sameLines(t, params(m.Forward), []string{
		"encoder.0.weight 9 16", "encoder.0.bias 16", "encoder.1.weight 144 32", "encoder.1.bias 32",
		"bottleneck.weight 1568 32", "bottleneck.bias 32", "decoder.0.weight 32 1568", "decoder.0.bias 1568",
		"decoder.1.weight 288 16", "decoder.1.bias 16", "decoder.2.weight 144 1", "decoder.2.bias 1",
	})
	if n := parameters(m); n != 111_521 {
		t.Errorf("%d parameters", n)
	}
	var rows []string
	for _, l := range m.Layers {
		rows = append(rows, fmt.Sprintf("%s %s %v→%v %d→%d %v %d %d", l.Name, l.Kind, l.From, l.To, l.In, l.Out, l.Activation, l.Weights, l.MultiplyAdds))
	}
	sameLines(t, rows, []string{
		"encoder.0 conv 3×3 stride 2 28×28×1→14×14×16 784→3136 relu 144 28224",
		"encoder.1 conv 3×3 stride 2 14×14×16→7×7×32 3136→1568 relu 4608 225792",
		"bottleneck dense 0×0×0→0×0×0 1568→32 identity 50176 50176",
		"decoder.0 dense 0×0×0→0×0×0 32→1568 relu 50176 50176",
		"decoder.1 deconv 3×3 stride 2 7×7×32→14×14×16 1568→3136 relu 4608 225792",
		"decoder.2 deconv 3×3 stride 2 14×14×16→28×28×1 3136→784 identity 144 28224",
	})
}

// TestTiedConvolutions: a tied mirror has the encoder's weights, and biases of its own.
func TestTiedConvolutions(t *testing.T) {
	m := pictured(t, fmt.Sprintf(convolutional28, ", tied: true"))
	want := []string{"encoder.0.weight 9 16", "encoder.0.bias 16", "encoder.1.weight 144 32", "encoder.1.bias 32", "bottleneck.weight 1568 32", "bottleneck.bias 32",
		"decoder.0.bias 1568", "decoder.1.bias 16", "decoder.2.bias 1"}
	sameLines(t, params(m.Forward), want)
	n := 0
	for _, v := range m.Forward.Values {
		if d, ok := v.Op.(ir.Deconv); ok {
			n++
			name := v.Args[1].Op.(ir.Param).Name
			if want := fmt.Sprintf("encoder.%d.weight", 2-n); !d.Adjoint || name != want {
				t.Errorf("%s with %s, want %s", ir.Word(d), name, want)
			}
		}
	}
	var tied []string
	for _, l := range m.Layers[3:] {
		tied = append(tied, l.Tied)
	}
	if !slices.Equal(tied, []string{"bottleneck", "encoder.1", "encoder.0"}) {
		t.Errorf("tied to %q", tied)
	}
}

// TestWindows holds the windows of layers against sizes worked out by hand.
func TestWindows(t *testing.T) {
	for _, c := range []struct{ input, layer, want string }{
		{"image(29, 28)", "conv(4, kernel: 3)", "29×28×1→29×28×4 kernel 3×3 pad 1,1,1,1"},
		{"image(29, 28)", "conv(4, kernel: 4)", "29×28×1→29×28×4 kernel 4×4 pad 1,1,2,2"},
		{"image(29, 28)", "conv(4, kernel: 3, stride: 2)", "29×28×1→15×14×4 kernel 3×3 stride 2×2 pad 1,1,1,1"},
		{"image(29, 28)", "conv(4, kernel: 3, stride: 2, pad: 0)", "29×28×1→14×13×4 kernel 3×3 stride 2×2"},
		{"image(29, 28)", "conv(4, kernel: 3, dilation: 3)", "29×28×1→29×28×4 kernel 3×3 dilation 3×3 pad 3,3,3,3"},
		{"image(29, 28, 6)", "conv(12, kernel: 5, pad: 1, groups: 3)", "29×28×6→27×26×12 kernel 5×5 pad 1,1,1,1 groups 3"},
		{"image(7, 6)", "deconv(4, kernel: 3, stride: 2)", "14×12×4→7×6×1 kernel 3×3 stride 2×2 pad 1,1,1,1"},
		{"image(7, 6)", "deconv(4, kernel: 4, stride: 2, pad: 0)", "16×14×4→7×6×1 kernel 4×4 stride 2×2"},
		{"image(7, 6)", "deconv(4, kernel: 3, stride: 2, pad: 1)", "13×11×4→7×6×1 kernel 3×3 stride 2×2 pad 1,1,1,1"},
		{"image(7, 6)", "pool(2)", "7×6×1→3×3×1 kernel 2×2 stride 2×2"},
		{"image(7, 6)", "pool(3, avg, stride: 2, pad: 1)", "7×6×1→4×3×1 kernel 3×3 stride 2×2 pad 1,1,1,1"},
		{"image(7, 6, 5)", "global_pool", "7×6×5→1×1×5 kernel 7×6"},
		{"sequence(100, 3)", "conv(8, kernel: 5, stride: 2)", "100×1×3→50×1×8 kernel 5×1 stride 2×1 pad 2,0,2,0"},
		{"sequence(100)", "deconv(8, kernel: 4, stride: 3)", "300×1×8→100×1×1 kernel 4×1 stride 3×1 pad 1,0,2,0"},
		{"sequence(100, 3)", "pool(4)", "100×1×3→25×1×3 kernel 4×1 stride 4×1"},
	} {
		m := pictured(t, "model M\ninput x = "+c.input+"\nencoder { "+c.layer+" }\nbottleneck z = dense(2)\ndecoder { dense }\nreconstruct mse")
		var w nn.Window
		for _, v := range m.Forward.Values {
			switch op := v.Op.(type) {
			case ir.Conv:
				w = op.Window
			case ir.Deconv:
				w = op.Window
			case ir.MaxPool:
				w = op.Window
			case ir.AvgPool:
				w = op.Window
			}
		}
		if got := strings.ReplaceAll(w.String(), "\n", ""); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.layer, c.input, got, c.want)
		}
	}
}

// TestMirrorsOfImages: activations stay behind their layer, where values are fewest, and pools are led back as the mirror says.
func TestMirrorsOfImages(t *testing.T) {
	const spec = `model M
input x = image(8, 12)
encoder {
    dropout(0.1)
    conv(4, kernel: 3) relu pool(2)
    residual {
        conv(2, kernel: 1) tanh
        conv(4, kernel: 3)
    }
    conv(8, kernel: 3) as s
    silu
    pool(2, %s)
    upsample(3)
    global_pool
    flatten
}
bottleneck z = dense(2)
decoder mirror(encoder%s)
reconstruct mse`
	words := func(text string) []string {
		var list []string
		for _, w := range operations(pictured(t, text).Forward) {
			word, _, _ := strings.Cut(w, "[")
			list = append(list, word)
		}
		return list[slices.Index(list, "matmul")+2:]
	}
	sameLines(t, words(fmt.Sprintf(spec, "avg", "")), strings.Fields(`matmul add_bias upsample avg_pool silu upsample deconv add_channels
		deconv add_channels tanh deconv add_channels add relu upsample deconv add_channels`))
	sameLines(t, words(fmt.Sprintf(spec, "max", ", unpool: true")), strings.Fields(`matmul add_bias upsample avg_pool silu max_unpool deconv add_channels
		deconv add_channels tanh deconv add_channels add relu max_unpool deconv add_channels`))
}

// TestSkips: which value a name stands for, and that a decoder which reads the encoder is marked.
func TestSkips(t *testing.T) {
	const spec = `model M
input x = image(8, 8)
corrupt masking(0.1)
block twice(n) {
    conv(n, kernel: 3) relu as s
    conv(n, kernel: 3) tanh
    %s
}
encoder {
    twice(2) twice(4) pool(2) as p
}
bottleneck z = conv(4, kernel: 1)
decoder {
    %s
    conv(kernel: 3)
}
reconstruct mse`
	m := pictured(t, fmt.Sprintf(spec, "concat(s)", "conv(8, kernel: 1)\n    unpool(p)"))
	var joined []string
	for _, v := range m.Forward.Values {
		switch op := v.Op.(type) {
		case ir.Concat:
			joined = append(joined, fmt.Sprintf("%s %s %d", ir.Word(v.Args[0].Op), ir.Word(v.Args[1].Op), v.Args[1].Type.Dims[1]))
		case ir.MaxUnpool:
			joined = append(joined, ir.Word(v.Args[1].Op)+" "+op.Window.In.String())
		}
	}
	sameLines(t, joined, []string{"tanh relu 128", "tanh relu 256", "concat 8×8×8"})
	if !m.Skips.Valid() {
		t.Error("the decoder reads the places of a pool, and that is not marked")
	}
	if m := pictured(t, fmt.Sprintf(spec, "add(s)", "upsample(2)")); m.Skips.Valid() {
		t.Error("a skip within the encoder is taken for one to the decoder")
	}
	if m := pictured(t, fmt.Sprintf(spec, "add(s)", "upsample(2) as u\n    conv(4, kernel: 1)\n    add(u)")); m.Skips.Valid() {
		t.Error("a skip within the decoder is taken for one from the encoder")
	}
	if dims := fmt.Sprint(m.Code.Dims); dims != "[4 4 4]" {
		t.Errorf("the code has dimensions %s", dims)
	}
}

// TestBoundsOfConvolutions: weights start by the values that each value is made of, and that each goes to.
func TestBoundsOfConvolutions(t *testing.T) {
	for _, c := range []struct {
		layer string
		bound string
	}{
		{"conv(8, kernel: 5, groups: 4) relu", "0.2449"},                // √(6/(25·16/4))
		{"conv(8, kernel: 5, groups: 4) as s\n    relu", "0.2449"},      // a name between them does not count
		{"conv(8, kernel: 5, groups: 4)", "0.2"},                        // √(6/(25·16/4 + 25·8/4))
		{"deconv(8, kernel: 5, groups: 4) dropout(0.1) selu", "0.1732"}, // √(3/(25·16/4))
	} {
		m := pictured(t, "model M\ninput x = image(4, 4, 16)\nencoder { \n    "+c.layer+"\n}\nbottleneck z = dense(2)\ndecoder { dense }\nreconstruct mse")
		if got := fmt.Sprintf("%.4g", m.Forward.Params()[0].Op.(ir.Param).Bound); got != c.bound {
			t.Errorf("%s: bound %s, want %s", c.layer, got, c.bound)
		}
	}
}
