package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// TestLikelihoodsAgreeWithTorch compares every likelihood of values with the distribution of PyTorch: scores, reconstructions and all
// gradients, before the passes and after them.
func TestLikelihoodsAgreeWithTorch(t *testing.T) {
	data, err := os.ReadFile("torch/likelihoods.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]crossEntropy
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 6 {
		t.Fatalf("%d cases", len(cases))
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			by, _, _ := strings.Cut(name, " of ")
			text := fmt.Sprintf("model M\ninput x = vector(12)\nencoder { dense(9) tanh }\nbottleneck z = dense(5)\ndecoder { dense }\nreconstruct %s\n", by)
			c := compiler.Compile(&source.File{Name: "m.ae", Text: text}, compiler.Options{})
			if c.Program == nil {
				t.Fatal(c.Diagnostics)
			}
			want.hold(t, c)
		})
	}
}
