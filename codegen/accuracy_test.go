package codegen_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// most is the largest error of an activation in ulp, and of a derivative, a loss or gaussian noise in ulp of the larger of 1 and the value, of a count
// also of the terms of its loss.
const most = 3

// TestAccuracy measures all activations, their derivatives, the losses that are no squares, softmax and gaussian noise against float64, over the whole
// range of float32 or of random bits, and compares the bodies for AVX-512 with those for AVX2 bit for bit.
func TestAccuracy(t *testing.T) {
	p, stubs := accuracyFunctions()
	module := map[string][]byte{"stubs.go": []byte(stubs), "functions.s": asm.Source(p)}
	for _, name := range []string{"accuracy.go", "accuracy_losses.go"} {
		program, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		module[name] = program
	}
	out := runModule(t, module)
	var measures []struct {
		Name, At string
		Error    float64
		Wrong    []string
	}
	if err := json.Unmarshal(out, &measures); err != nil {
		t.Fatal(err)
	}
	if len(measures) == 0 {
		t.Skip("this processor cannot run the functions")
	}
	for _, m := range measures {
		t.Logf("%-32s %.3f ulp: %s", m.Name, m.Error, m.At)
		if m.Error > most || len(m.Wrong) > 0 {
			t.Errorf("%s is %.3f ulp off, want at most %v: %s\n%s", m.Name, m.Error, float64(most), m.At, strings.Join(m.Wrong, "\n"))
		}
	}
}

// accuracyFunctions are the functions that are measured, and the Go source that declares them for the program.
func accuracyFunctions() (*plan.Program, string) {
	p, table := &plan.Program{File: "accuracy.ae"}, ""
	add := func(name string, op plan.FunctionOp) {
		p.Functions = append(p.Functions, &plan.Function{Name: name, Op: op})
	}
	activations := append(nn.Activations()[1:], nn.Activation{Func: nn.ELU, Alpha: 0.75}, nn.Activation{Func: nn.LeakyReLU, Alpha: 0.25})
	for i, a := range activations {
		add(fmt.Sprintf("apply%d", i), &plan.Apply{Activation: a})
		add(fmt.Sprintf("slope%d", i), &plan.ApplySlope{Activation: a})
		curve := "nil"
		if a.Curved() && a.Func.IsWord() {
			curve = fmt.Sprintf("curve%d", i)
			add(curve, &plan.ApplyCurve{Activation: a})
		}
		table += fmt.Sprintf("{nn.Activation{nn.Func(%d), %v}, apply%d, slope%d, %s},\n", a.Func, a.Alpha, i, i, curve)
	}
	add("normal", &plan.CorruptValues{Noises: []nn.Noise{{Kind: nn.GaussianNoise, Amount: 1}}})
	loss := plan.LossRows{Width: 16, Loss: nn.Loss{Likelihood: nn.Bernoulli}}
	gradient := loss
	gradient.Gradient = true
	add("lossRows", &loss)
	add("lossGradientRows", &gradient)
	count := plan.LossRows{Width: 16, Loss: nn.Loss{Likelihood: nn.Poisson}}
	countGradient := count
	countGradient.Gradient = true
	add("countRows", &count)
	add("countGradientRows", &countGradient)
	class := plan.LossRows{Width: 11, Loss: nn.Loss{Likelihood: nn.Categorical}, Classes: true}
	classGradient := class
	classGradient.Gradient = true
	add("classRows", &class)
	add("classGradientRows", &classGradient)
	add("softmaxRows", &plan.SoftmaxRows{Width: 11})
	stubs := fmt.Sprintf("package main\n\nimport \"github.com/aegen/aegen/compiler/nn\"\n\nvar avx512 bool\n\nvar functions = []function{\n%s}\n", table)
	for _, f := range p.Functions {
		stubs += fmt.Sprintf("\n//go:noescape\nfunc %s%s\n", f.Name, strings.TrimPrefix(asm.Signature(f.Op), "func"))
	}
	return p, stubs
}
