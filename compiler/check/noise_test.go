package check

import "testing"

// TestNoisyGraph: only the graph of training has noise, all `corrupt` lines in order, between the scaled input and the encoder. The loss
// compares with the scaled input. Weights do not depend on noise: the other graph is that of the spec without it.
func TestNoisyGraph(t *testing.T) {
	const head, tail = "model M\ninput x = vector(6) scale range(0, 2)\n", "encoder { }\nbottleneck z = dense(2)\ndecoder { dense }\nreconstruct mse"
	m := checked(t, head+"corrupt masking(0.25)\ncorrupt gaussian(std: 0.5)\n"+tail, nil)
	const want = `graph forward
  %0   = input x : f32[B,6]
  %1   = affine[0.5, 0] %0 : f32[B,6]
  %2   = corrupt[masking(p: 0.25) gaussian(std: 0.5)] %1 : f32[B,6]
  %3   = param bottleneck.weight ±0.8660254037844386 : f32[6,2]
  %4   = matmul %2, %3 : f32[B,2]
  %5   = param bottleneck.bias ±0 : f32[2]
  %6   = add_bias %4, %5 : f32[B,2]
  %7   = param decoder.0.weight ±0.8660254037844386 : f32[2,6]
  %8   = matmul %6, %7 : f32[B,6]
  %9   = param decoder.0.bias ±0 : f32[6]
  %10  = add_bias %8, %9 : f32[B,6]
  %11  = nll[mse] %10, %1 : f32[B]
  %12  = mean_batch %11 : f32[]
  %13  = affine[2, 0] %10 : f32[B,6]
  return code = %6
  return reconstruction = %13
  return score = %11
  return loss = %12
`
	if got := m.Objective.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	clean := checked(t, head+tail, nil)
	if got := m.Forward.Text(); got != clean.Forward.Text() {
		t.Errorf("with noise, the graph of the entry points is\n%s", got)
	}
	if clean.Objective != clean.Forward {
		t.Error("without noise, training has a graph of its own")
	}
}
