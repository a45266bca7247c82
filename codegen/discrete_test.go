package codegen_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/compiler/plan"
)

// TestDiscreteFunctions holds the assembly functions of discrete codes against the runtime's package discrete, for units of several sizes and
// logits that are large, infinite, denormal, -0 or NaN, by both sets of registers, whose bits are compared.
func TestDiscreteFunctions(t *testing.T) {
	program, err := os.ReadFile("testdata/discrete.go")
	if err != nil {
		t.Fatal(err)
	}
	p, table := &plan.Program{File: "discrete.ae"}, ""
	add := func(name string, op plan.FunctionOp) {
		p.Functions = append(p.Functions, &plan.Function{Name: name, Op: op})
	}
	add("relaxBits", &plan.RelaxValues{Logistic: true})
	add("relaxClasses", &plan.RelaxValues{})
	for _, classes := range []int{1, 2, 3, 4, 7, 8, 11, 16, 21, 32, 37} {
		width := 5 * classes
		choose := "nil"
		if classes >= 4 {
			choose = fmt.Sprintf("choose%d", classes)
			add(choose, &plan.ChooseClasses{Classes: classes})
		}
		add(fmt.Sprintf("divergences%d", classes), &plan.ClassDivergences{Width: width, Classes: classes})
		add(fmt.Sprintf("slopes%d", classes), &plan.ClassSlopes{Classes: classes})
		softmax := "nil"
		if classes > 1 {
			softmax = fmt.Sprintf("softmax%d", classes)
			add(softmax, &plan.SoftmaxRows{Width: classes})
		}
		table += fmt.Sprintf("{%d, %s, divergences%d, slopes%d, %s},\n", classes, choose, classes, classes, softmax)
	}
	stubs := fmt.Sprintf("package main\n\nvar avx512 bool\n\nvar all = []functions{\n%s}\n", table)
	for _, f := range p.Functions {
		stubs += fmt.Sprintf("\n//go:noescape\nfunc %s%s\n", f.Name, strings.TrimPrefix(asm.Signature(f.Op), "func"))
	}
	out := string(runModule(t, map[string][]byte{"main.go": program, "stubs.go": []byte(stubs), "functions.s": asm.Source(p)}))
	switch {
	case out == "no processor\n":
		t.Skip("this processor cannot run the functions")
	case out != "ok\n":
		t.Error(out)
	}
}
