// Package randspec writes random specs for tests: small, and different in every feature.
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
	dropout := &writer{rand.New(rand.NewPCG(seed, 5))}
	penalties := &writer{rand.New(rand.NewPCG(seed, 3))}
	f := features{dropout: dropout, drops: dropout.IntN(4) == 0, noise: noise.noise(), decay: penalties.pick("l2", "l2", "l1"), record: record(seed)}
	f.sparse = &writer{rand.New(rand.NewPCG(seed, 7))}
	penalties.penalise(&f)
	code := &writer{rand.New(rand.NewPCG(seed, 4))}
	f.sampled = code.sampled()
	targets := &writer{rand.New(rand.NewPCG(seed, 6))}
	if f.target = targets.target(); f.record != "" && f.line == "" { // a record is its own target
		f.target = target{mirrored: true}
	}
	labels := &writer{rand.New(rand.NewPCG(seed, 14))}
	if line := labels.labels(); line != "" && f.line != "" {
		f.target = target{line: line, loss: "categorical"}
	}
	books := &writer{rand.New(rand.NewPCG(seed, 10))}
	if f.quantized = books.quantized(); f.sampled != "" || f.alone {
		f.quantized = ""
	}
	f.learned = code.IntN(2) == 0
	counts := &writer{rand.New(rand.NewPCG(seed, 12))}
	f.counts = counts.IntN(4) == 0
	alarms := &writer{rand.New(rand.NewPCG(seed, 9))}
	alarm := alarms.alarm()
	if f.line != "" { // whose score is not that of an input alone
		alarm = ""
	}
	text := r.spec(seed, f) + alarm
	if f.sampled != "" || f.quantized != "" {
		return text
	}
	return pretrained(text, seed)
}

// features are parts of a spec that have random numbers of their own.
type features struct {
	target
	record  string // the line of the input, if that is a record
	noise   string // lines
	drops   bool   // whether some layers are followed by dropout, as dropout says
	dropout *writer
	code    string  // lines of the bottleneck's body
	end     string  // the bottleneck's last activation
	alone   bool    // whether the bottleneck is the only layer of the encoder, and not wider than the input
	all     bool    // whether the code has to have all of its values
	decay   string  // the word
	sparse  *writer // of what keeps some values of the code
	learned bool    // whether a deviation is learned
	counts  bool    // whether what the decoder is compared with is counts, where it may be
	sampled string  // a code that is sampled, without its width, or ""
	// quantized is a code of vectors of a codebook with its body, or "".
	quantized string
}

// A target is what the decoder is compared with: the line, the likelihood, whether the decoder has the input's size; all empty for
// the input under a likelihood of the spec's own choice.
type target struct {
	line, loss string
	mirrored   bool
}

// target is another than the input for a quarter of the specs, and now and then the input as a distribution.
func (r *writer) target() target {
	switch r.IntN(8) {
	case 0:
		return target{line: fmt.Sprintf("target y = class(%d)\n", 2+r.IntN(40)), loss: "categorical"}
	case 1:
		return target{line: fmt.Sprintf("target y = vector(%d)\n", 2+r.IntN(40)), loss: r.pick("categorical", "categorical", "mse", "bernoulli", "gaussian(std: 0.5)")}
	case 2:
		return target{loss: "categorical", mirrored: true}
	}
	return target{mirrored: true}
}

// labels is a target of the classes of places for a third of the specs that have a target of their own, else empty.
func (r *writer) labels() string {
	if r.IntN(3) > 0 {
		return ""
	}
	classes, weights := 2+r.IntN(5), ""
	if r.IntN(2) == 0 {
		for range classes {
			weights += fmt.Sprintf("%v, ", r.pick("0", "0.5", "1", "3"))
		}
		weights = ", weights: each(" + weights + "2)"
		classes++
	}
	return fmt.Sprintf("target y = labels(%d, %d, classes: %d%s%s)\n", 1+r.IntN(12), 2+r.IntN(8), classes, weights, r.maybe(r.pick(", ignore: 255", ", ignore: -1")))
}

// plain reports whether a spec may have a bias that the encoder subtracts: its decoder ends in values of a vector.
func (f features) plain() bool {
	return f.record == "" && f.line == "" && f.loss == "" && f.sampled == "" && f.quantized == ""
}

// body is the end of the bottleneck's line, and its body if it has any lines.
func (f features) body() string {
	if f.code == "" {
		return f.end
	}
	return f.end + " {\n" + f.code + "}"
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

func (r *writer) spec(seed uint64, f features) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	n := 2 + r.IntN(40)
	scale := r.pick("", "", " scale range(-1, 3)", " scale range(0, 16)")
	shown := scale
	if f.loss == "" || f.target.line != "" {
		shown = learned(seed, scale)
	}
	line("model Random%d", seed)
	if f.record != "" {
		line("%s", f.record)
	} else {
		line("input x = vector(%d)%s", n, shown)
	}
	b.WriteString(f.target.line)
	b.WriteString(f.noise)
	encoder := f.dropped() + r.layers(r.IntN(4), f)
	width, activation := 1+r.IntN(20), r.activation()
	if f.record != "" {
		n = strings.Count(f.record, ":") // fields, each of at least one value
	}
	if f.alone {
		encoder, width = "\n", min(width, n)
		if f.end != "" {
			activation = ""
		}
	}
	if scale == " scale range(-1, 3)" && f.sparse.IntN(2) == 0 && f.plain() { // else the likelihood may be another
		f.code += "pre_bias\n"
	}
	line("encoder {\n%s}", encoder)
	switch {
	case f.sampled != "":
		line("bottleneck z = "+f.sampled, width)
	case f.quantized != "":
		line("bottleneck z = %s", f.quantized)
	case f.alone || f.all:
		line("bottleneck z = dense(%d) %s %s", width, activation, f.body())
	default:
		line("bottleneck z = dense(%d) %s %s %s", width, activation, f.sparse.keep(width), f.body())
	}
	if r.IntN(3) == 0 {
		line("decoder {\n%s%sdense\n}", f.dropped(), r.layers(r.IntN(3), f))
	} else if tied := r.maybe(", tied: true"); f.mirrored {
		line("decoder mirror(encoder%s)", tied)
	} else {
		line("decoder { dense }")
	}
	loss := "mse"
	if scale != " scale range(-1, 3)" {
		loss = r.pick("mse", "bernoulli", "gaussian(std: 0.5)")
	}
	if shown == " scale standard" && loss == "bernoulli" {
		loss = "gaussian(std: 0.5)"
	}
	if f.record != "" && f.line == "" {
		loss = "fields"
	}
	if f.loss != "" {
		loss = f.loss
	}
	if f.counts && (f.plain() || f.sampled != "" && f.record+f.line+f.loss == "") && shown == "" || f.counts && strings.Contains(f.line, "vector") {
		loss = "poisson"
	}
	if f.sampled != "" && loss == "mse" {
		loss = "gaussian(std: 0.7)"
	}
	if f.learned && strings.HasPrefix(loss, "gaussian") {
		loss = "gaussian(std: learned)"
	}
	line("reconstruct %s", loss)
	line("train {\n%s\n%sbatch %d\nepochs 3\nseed %d\n}", "optimizer "+r.optimizer(), r.maybe(r.pick("clip norm(0.5)\n", "clip value(0.01)\n"))+r.maybe("decay "+f.decay+"(0.01)\n"), 1+r.IntN(24), seed)
	return b.String()
}

// keep is what keeps some values of a code of a width, for a quarter of the specs.
func (r *writer) keep(width int) string {
	if r.IntN(4) > 0 {
		return ""
	}
	k := 1 + r.IntN(width)
	return r.pick(fmt.Sprintf("topk(%d)", k), fmt.Sprintf("topk(%d)", (k+3)/4), "jumprelu", "jumprelu(0.2)", fmt.Sprintf("batch_topk(%d)", (k+1)/2))
}

// noise is no line for half of the specs, else some.
func (r *writer) noise() string {
	var b strings.Builder
	for range r.IntN(2) * (1 + r.IntN(3)) {
		fmt.Fprintf(&b, "corrupt %s\n", r.pick("gaussian(0.3)", "gaussian(std: 1)", "masking(0.25)", "masking(p: 0.01)", "salt_pepper(0.3)", "uniform(0.5)"))
	}
	return b.String()
}

// sampled is empty for three quarters of the specs, else a code that is sampled, without its width.
func (r *writer) sampled() string {
	if r.IntN(4) > 0 {
		return ""
	}
	if r.IntN(3) == 0 {
		code := r.pick("bernoulli(%d)", "bernoulli(%d, temperature: 0.5)", "categorical(%d, classes: 3)", "categorical(%d, classes: 2, temperature: 2, floor: 0.7, anneal: 3)")
		return code + r.pick("", " { prior uniform(beta: 0.5) }", " { prior uniform(warmup: 2) }")
	}
	prior := r.pick("", "prior normal", "prior normal(beta: 0.5)", "prior normal(beta: 4, warmup: 2)", "prior normal(free_bits: 0.05)", "prior normal(free_bits: 0.02, warmup: 1)")
	if prior == "" {
		return "gaussian(%d)"
	}
	return "gaussian(%d) { " + prior + " }"
}

// quantized is empty for three quarters of the specs, else a code of vectors of a codebook.
func (r *writer) quantized() string {
	if r.IntN(4) > 0 {
		return ""
	}
	return fmt.Sprintf("quantize(%d, dim: %d, groups: %d)%s", 2+r.IntN(40), 1+r.IntN(5), 1+r.IntN(4),
		r.pick("", " { commitment(beta: 0) }", " {\ncommitment(beta: 1)\nema(decay: 0.5)\n}", " { ema(decay: 0.9, revive: 0) }", " { ema(revive: 0.5) }"))
}

// dropped is the end of a line: dropout after some layers of some specs.
func (f features) dropped() string {
	if !f.drops || f.dropout.IntN(2) == 0 {
		return "\n"
	}
	return f.dropout.pick("dropout(0.1)", "dropout(p: 0.5)", "dropout(0.25)") + "\n"
}

// alarm is a line for a quarter of the specs.
func (r *writer) alarm() string {
	if r.IntN(4) > 0 {
		return ""
	}
	return fmt.Sprintf("alarm %d per %d\n", 1+r.IntN(3), 4+r.IntN(100))
}

// layers are lines of a body whose sizes fit.
func (r *writer) layers(count int, f features) string {
	var b strings.Builder
	for range count {
		width := 1 + r.IntN(36)
		fmt.Fprintf(&b, "dense(%d) %s %s", width, r.activation(), f.dropped())
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "residual {\ndense(%d) %s\ndense(%d) %s %s}\n", 1+r.IntN(20), r.activation(), width, r.activation(), f.dropped())
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
