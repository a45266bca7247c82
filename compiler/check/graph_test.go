package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
)

// ops writes a graph as lines such as `3 MatMul{false false} 0 1 : 4 2`. The batch dimension is -1.
func ops(g *ir.Graph) []string {
	var lines []string
	for _, v := range g.Values {
		line := fmt.Sprintf("%d %s", v.ID, strings.TrimPrefix(fmt.Sprintf("%T%v", v.Op, v.Op), "ir."))
		for _, a := range v.Args {
			line += fmt.Sprintf(" %d", a.ID)
		}
		lines = append(lines, line+" :"+dimsText(v.Type.Dims))
	}
	return lines
}

func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestForwardGraph(t *testing.T) {
	m := checked(t, `model M
input x = vector(6) scale range(0, 2)
encoder { dense(4) relu }
bottleneck z = dense(2)
decoder mirror(encoder, tied: true)
reconstruct bernoulli`, nil)
	sameLines(t, ops(m.Forward), []string{
		"0 Input{x} : -1 6",
		"1 Affine{0.5 0} 0 : -1 6",
		"2 Param{encoder.0.weight 1} : 6 4",
		"3 MatMul{false false} 1 2 : -1 4",
		"4 Param{encoder.0.bias 0} : 4",
		"5 AddBias{} 3 4 : -1 4",
		"6 Activate{relu} 5 : -1 4",
		"7 Param{bottleneck.weight 1} : 4 2",
		"8 MatMul{false false} 6 7 : -1 2",
		"9 Param{bottleneck.bias 0} : 2",
		"10 AddBias{} 8 9 : -1 2",
		"11 MatMul{false true} 10 7 : -1 4",
		"12 Param{decoder.0.bias 0} : 4",
		"13 AddBias{} 11 12 : -1 4",
		"14 Activate{relu} 13 : -1 4",
		"15 MatMul{false true} 14 2 : -1 6",
		"16 Param{decoder.1.bias 0} : 6",
		"17 AddBias{} 15 16 : -1 6",
		"18 Activate{sigmoid} 17 : -1 6",
		"19 NLL{bernoulli} 18 1 : -1",
		"20 MeanBatch{} 19 :",
		"21 Affine{2 0} 18 : -1 6",
	})
	var outputs []string
	for _, o := range m.Forward.Outputs {
		outputs = append(outputs, fmt.Sprintf("%s %d", o.Name, o.Value.ID))
	}
	sameLines(t, outputs, []string{"code 10", "reconstruction 21", "score 19", "loss 20"})
}

// TestMirror compares a mirrored decoder with the one it stands for.
func TestMirror(t *testing.T) {
	const spec = `model M
block stage(w) { dense(w) silu }
input x = vector(12)
encoder {
    dense(10) elu(0.5)
    repeat 2 { stage(9) }
    residual {
        dense(7) relu
        dense(9)
    } 
    tanh
    dense(6) leaky_relu
}
bottleneck z = dense(3) tanh
decoder %s
reconstruct mse`
	mirror := checked(t, fmt.Sprintf(spec, "mirror(encoder)"), nil)
	// Reversed, the activation that followed the second stage stands behind the residual's mirror.
	want := checked(t, fmt.Sprintf(spec, `{
    dense(6) leaky_relu
    dense(9) tanh
    residual {
        dense(7) relu
        dense(9)
    } 
    silu
    dense(9) silu
    dense(10) elu(0.5)
    dense
}`), nil)
	sameLines(t, ops(mirror.Forward), ops(want.Forward))
	tied := checked(t, fmt.Sprintf(spec, "mirror(encoder, tied: true)"), nil)
	sameLines(t, params(tied.Forward)[12:], []string{
		"bottleneck.weight 6 3", "bottleneck.bias 3",
		"decoder.0.bias 6", "decoder.1.bias 9", "decoder.2.bias 7", "decoder.3.bias 9",
		"decoder.4.bias 9", "decoder.5.bias 10", "decoder.6.bias 12",
	})
	var shared []string
	for _, l := range tied.Layers {
		if l.Kind == "dense" && l.Section == ir.Decoder {
			shared = append(shared, fmt.Sprintf("%s %s %d", l.Name, l.Tied, l.Params))
		}
	}
	sameLines(t, shared, []string{
		"decoder.0 bottleneck 6", "decoder.1 encoder.5 9", "decoder.2 encoder.4 7", "decoder.3 encoder.3 9",
		"decoder.4 encoder.2 9", "decoder.5 encoder.1 10", "decoder.6 encoder.0 12",
	})
}

func TestLayers(t *testing.T) {
	m := checked(t, `model M
input x = image(2, 3)
encoder {
    relu
    dense(5) elu
    residual { dense(5) tanh }
    gelu
}
bottleneck z = dense(2) identity
decoder { dense leaky_relu(0.2) tanh }
reconstruct gaussian(std: 0.5)`, nil)
	var rows []string
	for _, l := range m.Layers {
		rows = append(rows, fmt.Sprintf("%d %s %s %d→%d %v %d %d", l.Section, l.Kind, l.Name, l.In, l.Out, l.Activation, l.Params, l.MultiplyAdds))
	}
	sameLines(t, rows, []string{
		"0 activation  6→6 relu 0 0",
		"0 dense encoder.0 6→5 elu(1) 35 30",
		"0 dense encoder.1 5→5 tanh 30 25",
		"0 residual  5→5 identity 0 0",
		"0 activation  5→5 gelu 0 0",
		"1 dense bottleneck 5→2 identity 12 10",
		"2 dense decoder.0 2→6 leaky_relu(0.2) 18 12",
		"2 activation  6→6 tanh 0 0",
	})
	if got := fmt.Sprintf("%v %v %s %v", m.Input.Dims, m.Code.Dims, m.Code.Name, m.Loss); got != "[2 3] [2] z gaussian(std: 0.5)" {
		t.Errorf("input, code and loss: %s", got)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		activation string
		bound      float64 // of a weight [24, 8]
	}{
		{"", 0.4330127018922193}, {"identity", 0.4330127018922193}, {"sigmoid", 0.4330127018922193},
		{"tanh", 0.4330127018922193}, {"softplus", 0.4330127018922193},
		{"relu", 0.5}, {"leaky_relu", 0.5}, {"elu", 0.5}, {"gelu", 0.5}, {"silu", 0.5}, {"selu", 0.3535533905932738},
	} {
		m := checked(t, "model M\ninput x = vector(24)\nencoder { dense(8) "+c.activation+` }
bottleneck z = dense(2)
decoder { dense }
reconstruct mse`, nil)
		if got := m.Forward.Values[1].Op.(ir.Param).Bound; got != c.bound {
			t.Errorf("%q: bound %v, want %v", c.activation, got, c.bound)
		}
	}
}
