package codegen_test

import (
	"fmt"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// deep are models whose encoders have several layers and a penalty on the Jacobian: with every activation, a residual, dropout, a bias that
// is taken away before, weights that the decoder shares, and the weights of the code at norm 1.
var deep = []string{
	`model Smooth
input x = vector(21) scale range(-1, 3)
corrupt gaussian(0.1)
encoder {
dense(19) tanh dropout(0.25)
dense(17) gelu
residual {
dense(9) silu
dense(17) selu
}
}
bottleneck z = dense(5) softplus { contractive(0.1) }
decoder { dense }
reconstruct gaussian(std: 0.5)
train {
optimizer sgd(lr: 1e-3)
batch 13
}
`, `model Tied
input x = vector(40)
encoder { dense(24) elu(0.5) }
bottleneck z = dense(18) sigmoid {
contractive(0.05)
sparsity kl(rho: 0.1, beta: 0.2)
}
decoder mirror(encoder, tied: true)
reconstruct bernoulli
train {
optimizer adam(lr: 1e-3)
clip norm(0.5)
batch 20
}
`, `model Corners
input x = vector(33)
encoder { dense(24) relu dense(7) leaky_relu }
bottleneck z = dense(6) relu {
sparsity l1(0.05, proximal: true)
contractive(0.2)
orthogonal(0.1)
unit_norm
pre_bias
}
decoder { dense }
reconstruct mse
train {
optimizer sgd(lr: 1e-2, momentum: 0.5)
decay l2(0.01)
batch 9
}
`, `model Linear
input r = record {
a: real
b: count
c: category(u, v)
}
encoder { dense(8) sigmoid }
bottleneck z = dense(1) { contractive(1) }
decoder { dense }
reconstruct fields
train {
optimizer rmsprop(lr: 1e-3)
batch 5
}
`}

// TestJacobiansAreTheInterpreters compares what training makes of a Jacobian of several layers with the interpreter: loss, gradients and
// weights after steps.
func TestJacobiansAreTheInterpreters(t *testing.T) {
	var all []*compiler.Compilation
	for i, text := range deep {
		c := compiler.Compile(&source.File{Name: fmt.Sprintf("m%d.ae", i), Text: text}, compiler.Options{})
		if c.Program == nil {
			t.Fatalf("model %d: %v\n%s", i, c.Diagnostics, text)
		}
		all = append(all, c)
	}
	compareAll(t, all, deep)
}
