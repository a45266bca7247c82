// Package randspec writes random specs of dense models for tests: small, and different in every feature.
package randspec

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Text is a spec that compiles without errors. The same seed gives the same text.
func Text(seed uint64) string {
	r := &writer{rand.New(rand.NewPCG(seed, 1))}
	noise := &writer{rand.New(rand.NewPCG(seed, 2))} // of its own: the rest of a spec does not depend on it
	return r.spec(seed, noise.noise(), record(seed))
}

type writer struct{ *rand.Rand }

func (r *writer) pick(words ...string) string { return words[r.IntN(len(words))] }

// maybe is text half of the time.
func (r *writer) maybe(text string) string {
	if r.IntN(2) == 0 {
		return ""
	}
	return text
}

func (r *writer) activation() string {
	return r.pick("", "relu", "leaky_relu(0.1)", "leaky_relu", "elu", "elu(0.5)", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus")
}

func (r *writer) spec(seed uint64, noise, record string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	n := 2 + r.IntN(40)
	scale := r.pick("", "", " scale range(-1, 3)", " scale range(0, 16)")
	line("model Random%d", seed)
	if record != "" {
		line("%s", record)
	} else {
		line("input x = vector(%d)%s", n, scale)
	}
	b.WriteString(noise)
	line("encoder {\n%s}", r.layers(r.IntN(4)))
	line("bottleneck z = dense(%d) %s", 1+r.IntN(20), r.activation())
	if r.IntN(3) == 0 {
		line("decoder {\n%sdense\n}", r.layers(r.IntN(3)))
	} else {
		line("decoder mirror(encoder%s)", r.maybe(", tied: true"))
	}
	loss := "mse"
	if scale != " scale range(-1, 3)" {
		loss = r.pick("mse", "bernoulli", "gaussian(std: 0.5)")
	}
	if record != "" {
		loss = "fields"
	}
	line("reconstruct %s", loss)
	line("train {\n%s\n%sbatch %d\nepochs 3\nseed %d\n}", "optimizer "+r.optimizer(), r.maybe(r.pick("clip norm(0.5)\n", "clip value(0.01)\n"))+r.maybe("decay l2(0.01)\n"), 1+r.IntN(24), seed)
	return b.String()
}

// noise is no line for half of the specs, else some.
func (r *writer) noise() string {
	var b strings.Builder
	for range r.IntN(2) * (1 + r.IntN(3)) {
		fmt.Fprintf(&b, "corrupt %s\n", r.pick("gaussian(0.3)", "gaussian(std: 1)", "masking(0.25)", "masking(p: 0.01)", "salt_pepper(0.3)", "uniform(0.5)"))
	}
	return b.String()
}

// layers are lines of a body whose sizes fit.
func (r *writer) layers(count int) string {
	var b strings.Builder
	for range count {
		width := 1 + r.IntN(36)
		fmt.Fprintf(&b, "dense(%d) %s\n", width, r.activation())
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "residual {\ndense(%d) %s\ndense(%d) %s\n}\n", 1+r.IntN(20), r.activation(), width, r.activation())
		}
		if r.IntN(5) == 0 {
			fmt.Fprintf(&b, "repeat 2 {\ndense(%d) %s\n}\n", width, r.activation())
		}
	}
	return b.String()
}

func (r *writer) optimizer() string {
	return r.pick("sgd(lr: 1e-3)", "sgd(lr: 1e-3, momentum: 0.9)", "sgd(lr: 1e-3, momentum: 0.9, nesterov: true)",
		"adam(lr: 0.01)", "adamw(lr: 0.01, decay: 0.1)", "rmsprop(lr: 0.01)")
}
