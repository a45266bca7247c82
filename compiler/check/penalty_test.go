package check

import "testing"

// TestSparseGraph: the graph of training adds the penalty to a sample's loss and not to its score; the threshold of `proximal` is a
// part of the code in both graphs.
func TestSparseGraph(t *testing.T) {
	const head, tail = "model M\ninput x = vector(6)\nencoder { }\nbottleneck z = dense(2) ", "decoder { dense }\nreconstruct mse"
	m := checked(t, head+"{ sparsity l1(0.25, proximal: true) }\n"+tail, nil)
	const want = `graph forward
  %0   = input x : f32[B,6]
  %1   = param bottleneck.weight ±0.8660254037844386 : f32[6,2]
  %2   = matmul %0, %1 : f32[B,2]
  %3   = param bottleneck.bias ±0 : f32[2]
  %4   = add_bias %2, %3 : f32[B,2]
  %5   = softshrink(0.25) %4 : f32[B,2]
  %6   = penalize[l1(0.25)] %5 : f32[B]
  %7   = param decoder.0.weight ±0.8660254037844386 : f32[2,6]
  %8   = matmul %5, %7 : f32[B,6]
  %9   = param decoder.0.bias ±0 : f32[6]
  %10  = add_bias %8, %9 : f32[B,6]
  %11  = nll[mse] %10, %0 : f32[B]
  %12  = add %11, %6 : f32[B]
  %13  = mean_batch %12 : f32[]
  return code = %5
  return reconstruction = %10
  return score = %11
  return loss = %13
`
	if got := m.Objective.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	shrunk := checked(t, head+"softshrink(0.25)\n"+tail, nil)
	if got := m.Forward.Text(); got != shrunk.Forward.Text() {
		t.Errorf("the graph of the entry points is\n%s", got)
	}
	plain, penalised := checked(t, head+"\n"+tail, nil), checked(t, head+"{ sparsity l1(0.25) }\n"+tail, nil)
	if got := penalised.Forward.Text(); got != plain.Forward.Text() {
		t.Errorf("with a penalty alone, the graph of the entry points is\n%s", got)
	}
}
