package roofline

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/runtime/job"
)

// TestLine holds the figures against arithmetic by hand. The model has a block of 1 panel of 5 rows and one of 1 panel of 3 rows:
// 4·2 and 2·4 multiply-adds, and (5 + 3)·16 floats of 4 bytes.
func TestLine(t *testing.T) {
	text := "model Small\n\ninput x = vector(4)\n\nencoder { }\n\nbottleneck z = dense(2)\n\ndecoder { dense(4) }\n\nreconstruct mse\n"
	c := compiler.Compile(&source.File{Name: "small.ae", Text: text}, compiler.Options{})
	if c.Program == nil {
		t.Fatalf("%v", c.Diagnostics)
	}
	// Forward, the loss and its derivative, the gradient of the code, and both gradients of blocks with their biases.
	const training = 2*(8+8) + 5*4 + 2*8 + 2*5*2 + 2*3*4
	if got := arithmetic(c.Program, "train"); got != training {
		t.Errorf("a step takes %d operations a sample, want %d", got, training)
	}
	machine := job.Machine{Threads: 2, Peak: 64e9, Read: 256e9, AVX2: true}
	for _, l := range []struct {
		mode    string
		batch   int
		us      float64
		figures string
	}{
		{"infer", 1, 0.004, `"gflops":8,"peak_share":0.125,"bandwidth":128,"bandwidth_share":0.5,"roofline_us":0.002`},
		{"infer", 10, 0.04, `"gflops":8,"peak_share":0.125,"roofline_us":0.005`},
		{"train", 10, 0.112, `"gflops":10,"peak_share":0.15625,"roofline_us":0.0175`},
	} {
		text, err := json.Marshal(New(c.Program, machine, job.Measured{Mode: l.mode, Batch: l.batch, Threads: 2, Median: l.us, Min: l.us / 2, N: 7}))
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf(`{"peer":"aegen","model":"small","mode":"%s","batch":%d,"threads":2,"us_median":%v,"us_min":%v,"n":7,%s,"kernels":"assembly"}`,
			l.mode, l.batch, l.us, l.us/2, l.figures)
		if string(text) != want {
			t.Errorf("got  %s\nwant %s", text, want)
		}
	}
	if got := Kernels(c.Program, job.Machine{}); got != "portable" {
		t.Errorf("kernels on a machine without AVX2 are %s, want portable", got)
	}
	c.Program.Functions = nil
	if got := Kernels(c.Program, machine); got != "portable" {
		t.Errorf("kernels without functions are %s, want portable", got)
	}
}
