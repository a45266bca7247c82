package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

const variational = `model V
input x = vector(6)
encoder { dense(5) relu }
bottleneck z = gaussian(3) { prior normal(beta: 2, free_bits: 0.1, warmup: 4) }
decoder mirror(encoder)
reconstruct bernoulli
`

// TestSampledCode holds the two graphs of a sampled code: their parameters, what is drawn, and how divergences are weighed.
func TestSampledCode(t *testing.T) {
	m := checked(t, variational, nil)
	want := []string{"encoder.0.weight 6 5", "encoder.0.bias 5", "bottleneck.mean.weight 5 3", "bottleneck.mean.bias 3", "bottleneck.logvar.weight 5 3",
		"bottleneck.logvar.bias 3", "decoder.0.weight 3 5", "decoder.0.bias 5", "decoder.1.weight 5 6", "decoder.1.bias 6"}
	for _, g := range []*ir.Graph{m.Forward, m.Objective} {
		if got := params(g); !slices.Equal(got, want) {
			t.Errorf("parameters %q, want %q", got, want)
		}
	}
	if n := parameters(m); n != 6*5+5+2*(5*3+3)+3*5+5+5*6+6 || len(m.Layers) != 5 {
		t.Errorf("%d layers with %d parameters", len(m.Layers), n)
	}
	for k := range nn.Draws {
		if text := (nn.Draw{Kind: nn.FixedDraw, Index: k}).String(); strings.Count(m.Forward.Text(), "sample["+text+"]") != 1 {
			t.Errorf("the bound has not the draw %s once", text)
		}
	}
	if !strings.Contains(m.Forward.Text(), "kl[normal(beta: 1)]") || strings.Contains(m.Forward.Text(), "stream") {
		t.Errorf("the bound does not weigh the divergence by 1, or draws from a stream:\n%s", m.Forward)
	}
	if text := m.Objective.Text(); !strings.Contains(text, "kl[normal(beta: 2, free_bits: 0.1, warmup: 4)]") || strings.Count(text, "sample[stream 0x1000000000]") != 1 {
		t.Errorf("the objective has not the spec's prior and one draw:\n%s", text)
	}
	if _, mean := m.Forward.Output(ir.Code).Op.(ir.AddBias); !mean {
		t.Error("the code is not the mean")
	}
}

// TestTiedDecoderOfASampledCode: the decoder begins with the weights of the mean.
func TestTiedDecoderOfASampledCode(t *testing.T) {
	m := checked(t, strings.Replace(variational, "mirror(encoder)", "mirror(encoder, tied: true)", 1), nil)
	if tied := m.Layers[3].Tied; tied != "bottleneck.mean" {
		t.Errorf("the decoder begins with the weights of %q", tied)
	}
}
