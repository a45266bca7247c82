package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
)

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
	const want = `graph forward
  %0   = input x : f32[B,6]
  %1   = affine[0.5, 0] %0 : f32[B,6]
  %2   = param encoder.0.weight ±1 : f32[6,4]
  %3   = matmul %1, %2 : f32[B,4]
  %4   = param encoder.0.bias ±0 : f32[4]
  %5   = add_bias %3, %4 : f32[B,4]
  %6   = relu %5 : f32[B,4]
  %7   = param bottleneck.weight ±1 : f32[4,2]
  %8   = matmul %6, %7 : f32[B,2]
  %9   = param bottleneck.bias ±0 : f32[2]
  %10  = add_bias %8, %9 : f32[B,2]
  %11  = matmul·ᵀ %10, %7 : f32[B,4]
  %12  = param decoder.0.bias ±0 : f32[4]
  %13  = add_bias %11, %12 : f32[B,4]
  %14  = relu %13 : f32[B,4]
  %15  = matmul·ᵀ %14, %2 : f32[B,6]
  %16  = param decoder.1.bias ±0 : f32[6]
  %17  = add_bias %15, %16 : f32[B,6]
  %18  = sigmoid %17 : f32[B,6]
  %19  = nll[bernoulli] %18, %1 : f32[B]
  %20  = mean_batch %19 : f32[]
  %21  = affine[2, 0] %18 : f32[B,6]
  return code = %10
  return reconstruction = %21
  return score = %19
  return loss = %20
`
	if got := m.Forward.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
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
	if mirror.Forward.Text() != want.Forward.Text() {
		t.Errorf("got\n%s\nwant\n%s", mirror.Forward.Text(), want.Forward.Text())
	}
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
