package compiler

import (
	"maps"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
)

// TestReducedPrograms takes random specs to each format: the plans are verified on the way.
func TestReducedPrograms(t *testing.T) {
	for seed := range uint64(100) {
		c := compileText(t, "random.ae", randspec.Text(seed))
		for _, f := range []plan.Format{plan.Half, plan.Bfloat16, plan.Int8} {
			p := c.Reduced(plan.Precision{Format: f}).Program
			if p.Train != nil || p.Fingerprint != c.Program.Fingerprint || p.Spec != c.Program.Spec {
				t.Errorf("seed %d, %v: training %t, fingerprint %s, want none and %s", seed, f, p.Train != nil, p.Fingerprint, c.Program.Fingerprint)
			}
		}
		if c.Program.Train == nil {
			t.Error("Reduced changed the compilation")
		}
	}
}

const tied = `model Tied
input x = vector(2) scale range(0, 10)
encoder { dense(3) relu }
bottleneck z = dense(1)
decoder mirror(encoder, tied: true)
reconstruct mse
`

// TestRanges holds the largest inputs of products against a calculation by hand.
func TestRanges(t *testing.T) {
	c := compileText(t, "tied.ae", tied)
	params := map[string][]float64{
		"encoder.0.weight":  {127, 0, 0, 0, -254, 0}, // [2, 3]: steps of 1, 2 and 0
		"encoder.0.bias":    {0, 1, 5},
		"bottleneck.weight": {127, 0, 0}, // step 1
		"bottleneck.bias":   {0},
		"decoder.0.bias":    {0, 0, 3},
		"decoder.1.bias":    {0, 0},
	}
	// Scaled, the samples are (1, 0.5) and (-2, 0); hidden (127, 0, 5) and (0, 1, 5); codes 127² and 0; decoded (127³, 0, 3).
	got := c.Ranges(params, []float32{10, 5, -20, 0})
	want := map[plan.Factor]float64{
		{Weight: "encoder.0.weight"}: 2, {Weight: "bottleneck.weight"}: 127,
		{Weight: "bottleneck.weight", Transposed: true}: 127 * 127, {Weight: "encoder.0.weight", Transposed: true}: 127 * 127 * 127,
	}
	if !maps.Equal(got, want) {
		t.Errorf("ranges %v, want %v", got, want)
	}
	text := c.Reduced(plan.Precision{Format: plan.Int8, Ranges: got}).Program.String()
	for _, line := range []string{
		"weights int8, stated error 6 %",
		"encoder0       in 2, out 3, ±1.732: encoder0 [1][1][16][4]int8, encoder0Transposed [1][1][16][4]int8, encoder0Steps [1][16]float32, encoder0Bias [1][16]float32: 256 bytes",
		"y = relu(x·encoder0 + b) int8, inputs ±127 in a range of ±2",
		"y = relu(x·bottleneckᵀ + b) int8, inputs ±127 in a range of ±16129",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the plan does not say %q:\n%s", line, text)
		}
	}
}
