package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aegen/aegen/codegen"
	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// borrowing is a classifier whose encoder and code are those of another spec.
const borrowing = `model Borrowing
input x = vector(19)
target y = class(9)
corrupt masking(0.2)
encoder from "%s" %s
decoder {
dense(12) relu
dense
}
reconstruct categorical
train {
optimizer adam(lr: 0.01)
clip norm(0.5)
batch 11
}
`

// tiedFrozen decodes by the transposed weights of a frozen encoder.
const tiedFrozen = `model TiedFrozen
input x = vector(19)
encoder from "lender.ae" { freeze true }
decoder mirror(encoder, tied: true)
reconstruct mse
train {
optimizer sgd(lr: 0.01)
batch 11
}
`

// lender opens the spec whose encoder those take.
func lender(name string, _ *source.File) (*source.File, error) {
	return &source.File{Name: name, Text: `model Lender
input x = vector(19)
encoder { dense(17) tanh dropout(0.5) }
bottleneck z = dense(5) sigmoid
decoder mirror(encoder)
reconstruct mse
`}, nil
}

// borrowed trains a model whose encoder is another's, frozen or not, and says what has moved.
const borrowed = `package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"random/lender"
	"random/%[1]s"
)

func main() {
	m := lender.New(7)
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		panic(err)
	}
	text := file.Bytes()
	b, err := %[1]s.NewFrom(3, bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	x, y := make([]%[1]s.Input, %[1]s.Batch), make([]%[1]s.Class, %[1]s.Batch)
	for s := range x {
		for i := range x[s] {
			x[s][i] = float32((s*31+i*7)%%13)/13 - 0.5
		}
		y[s] = %[1]s.Class(s %% %[1]s.Classes)
	}
	same := func(b *%[1]s.Model) bool {
		for i := range x {
			var z %[1]s.Code
			var want lender.Code
			b.Encode(&z, &x[i])
			from := lender.Input(x[i])
			m.Encode(&want, &from)
			if !slices.Equal(z[:], want[:]) {
				return false
			}
		}
		return true
	}
	fmt.Println("before", same(b))
	t := %[1]s.NewTrainer(b, 2)
	first := t.Step(x, y)
	last := first
	for range 50 {
		last = t.Step(x, y)
	}
	fmt.Println("after", same(t.Model()), last < first)
	slots := 0
	for _, tensor := range t.State().Tensors {
		if strings.HasPrefix(tensor.Name, "adam.m.") {
			slots++
		}
	}
	fmt.Println("slots", slots)
	_, err = %[1]s.NewFrom(3, bytes.NewReader(bytes.ReplaceAll(text, []byte(lender.Fingerprint), []byte("0123456789abcdef"))))
	fmt.Println(err != nil && strings.Contains(err.Error(), lender.Fingerprint))
	defer func() { fmt.Println(recover()) }()
	y[4] = %[1]s.Classes
	t.Step(x, y)
}
`

// TestEncoderOfAnotherSpec holds that a borrowed encoder begins with the lender's weights, and that training moves it unless it is frozen.
func TestEncoderOfAnotherSpec(t *testing.T) {
	lend, _ := lender("lender.ae", nil)
	for name, c := range map[string]struct{ settings, want string }{
		"frozen":    {"{ freeze true }", "before true|after true true|slots 4|true|frozen: class 9 of sample 4, want 0 to 8"},
		"finetuned": {"{ freeze false }", "before true|after false true|slots 8|true|finetuned: class 9 of sample 4, want 0 to 8"},
	} {
		t.Run(name, func(t *testing.T) {
			module := map[string][]byte{"main.go": fmt.Appendf(nil, borrowed, name)}
			for pkg, src := range map[string]*source.File{"lender": lend, name: {Name: name + ".ae", Text: fmt.Sprintf(borrowing, "lender.ae", c.settings)}} {
				compiled := compiler.Compile(src, compiler.Options{Open: lender, Vectors: true})
				if compiled.Program == nil {
					t.Fatal(compiled.Diagnostics)
				}
				files, err := codegen.Package(compiled.Program, codegen.Options{Package: pkg})
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range files {
					if !strings.HasSuffix(f.Name, "_test.go") {
						module[pkg+"/"+f.Name] = f.Data
					}
				}
			}
			got := strings.ReplaceAll(strings.TrimSpace(string(runModule(t, module))), "\n", "|")
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
