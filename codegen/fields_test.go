package codegen_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
)

// fieldRecords are records whose functions are tested: each kind alone, all of them mixed, runs of equal ones, categories of many classes, and more
// columns than a part has.
var fieldRecords = []string{
	"a: real",
	"a: real(log)",
	"a: category(a, b)",
	"a: binary",
	"a: count",
	"a: count\nb: real\nc: category(a, b, c)\nd: binary\ne: real(log)\nf: category(a, b, c)\ng: category(a, b, c)\nh: count\ni: count\nj: real",
	fieldsOf("real", 9) + fieldsOf("count", 8) + fieldsOf("binary", 17) + fieldsOf("category(a, b, c, d, e)", 3) + fieldsOf("real(log)", 3),
	fieldsOf("category("+strings.Join(words(100), ", ")+")", 2) + fieldsOf("real", 100) + fieldsOf("count", 20) + fieldsOf("real(log)", 33),
}

// fieldsOf are n lines of fields of a type.
func fieldsOf(kind string, n int) string {
	text := ""
	for i := range n {
		text += fmt.Sprintf("%c%d%d: %s\n", kind[0], len(kind), i, kind)
	}
	return text
}

func words(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("w%d", i)
	}
	return all
}

// TestFieldFunctions holds the assembly functions on records against package nn, for numbers that are large, infinite, denormal or NaN too, by both
// sets of registers and for samples alone and together, whose bits are compared.
func TestFieldFunctions(t *testing.T) {
	program, err := os.ReadFile("testdata/fields.go")
	if err != nil {
		t.Fatal(err)
	}
	all, table := &plan.Program{File: "fields.ae"}, ""
	for i, fields := range fieldRecords {
		p := programOf(t, fields)
		names := map[string]string{}
		for _, f := range fieldFunctions(p) {
			name := "features"
			if op, ok := f.Op.(*plan.FieldLossRows); ok {
				name = fmt.Sprintf("loss %t", op.Gradient)
			}
			names[name] = f.Name
			all.Functions = append(all.Functions, &plan.Function{Name: fmt.Sprintf("%s%d", f.Name, i), Op: f.Op})
		}
		if len(names) != 3 {
			t.Fatalf("%s: functions %v, want those of features, of the loss and of its derivatives", fields, names)
		}
		var kinds strings.Builder
		standards, deviations := 0, 0
		for _, f := range p.Record.Fields {
			fmt.Fprintf(&kinds, "{Kind: %d, Classes: make([]string, %d)}, ", f.Kind, len(f.Classes))
			if f.Standardised() {
				standards++
			}
			if f.Normal() {
				deviations++
			}
		}
		blocks, logStd, e := "", "", ""
		if standards > 0 {
			blocks = ", &b.mean[0], &b.logDeviation[0]"
		}
		if deviations > 0 {
			logStd, e = ", &b.logStd[0]", "&e[0], "
		}
		table += fmt.Sprintf("{nn.Record{%s},\nfunc(u, x []float32, b blocks, n int) { %s%d(&u[0], &x[0]%s, n) },\n", kinds.String(), names["features"], i, blocks)
		table += fmt.Sprintf("func(s, o, u, x []float32, b blocks, n int) { %s%d(&s[0], &o[0], &u[0], &x[0]%s%s, n) },\n", names["loss false"], i, blocks, logStd)
		table += fmt.Sprintf("func(s, d, e, o, u, x []float32, b blocks, n int, share float32) { %s%d(&s[0], &d[0], %s&o[0], &u[0], &x[0]%s%s, n, share) }},\n",
			names["loss true"], i, e, blocks, logStd)
	}
	stubs := fmt.Sprintf("package main\n\nimport \"github.com/aegen/aegen/compiler/nn\"\n\nvar avx512 bool\n\nvar all = []functions{\n%s}\n", table)
	for _, f := range all.Functions {
		stubs += fmt.Sprintf("\n//go:noescape\nfunc %s%s\n", f.Name, strings.TrimPrefix(asm.Signature(f.Op), "func"))
	}
	out := string(runModule(t, map[string][]byte{"main.go": program, "stubs.go": []byte(stubs), "functions.s": asm.Source(all)}))
	switch {
	case out == "no processor\n":
		t.Skip("this processor cannot run the functions")
	case out != "ok\n":
		t.Error(out)
	}
}

// programOf is the program of a model of a record with some fields.
func programOf(t *testing.T, fields string) *plan.Program {
	t.Helper()
	text := fmt.Sprintf("model M\ninput x = record {\n%s\n}\nencoder { dense(2) }\nbottleneck z = dense(1)\ndecoder mirror(encoder)\nreconstruct fields\ntrain { optimizer adam\nbatch 8 }", fields)
	c := compiler.Compile(&source.File{Name: "m.ae", Text: text}, compiler.Options{})
	if c.Program == nil {
		t.Fatalf("%.100s: %v", fields, c.Diagnostics)
	}
	return c.Program
}

// fieldFunctions are the assembly functions on records of a program.
func fieldFunctions(p *plan.Program) []*plan.Function {
	return slices.DeleteFunc(slices.Clone(p.Functions), func(f *plan.Function) bool {
		switch f.Op.(type) {
		case *plan.FeatureRows, *plan.FieldLossRows:
			return false
		}
		return true
	})
}

// TestWideRecordsRunInGo counts the functions of records of many parts: those that would have too much text are left out.
func TestWideRecordsRunInGo(t *testing.T) {
	wide := fieldsOf("category("+strings.Join(words(250), ", ")+")", 30)
	for _, c := range []struct {
		name, fields string
		functions    int
	}{{"1000 numbers", fieldsOf("real", 1000), 3}, {"30 categories of 250 classes", wide, 1}} {
		if got := len(fieldFunctions(programOf(t, c.fields))); got != c.functions {
			t.Errorf("a record of %s has %d functions, want %d", c.name, got, c.functions)
		}
	}
}
