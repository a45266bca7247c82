package block

import (
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

// TestByRow moves a block by rows from a file and back: input i's row holds column i of the weight.
func TestByRow(t *testing.T) {
	const in, out = 37, 32
	weight := make([]float32, in*out)
	for i := range weight {
		weight[i] = float32(i)
	}
	b := Block{Weight: "w", In: in, Out: out, Panels: make([]float32, 48*out), ByRow: true}
	if err := Load([]Block{b}, weights.File{Tensors: []weights.Tensor{{Name: "w", Shape: []int{out, in}, Data: weight}}}, ""); err != nil {
		t.Fatal(err)
	}
	for i := range in {
		for o := range out {
			if got, want := b.Panels[i*out+o], weight[o*in+i]; got != want {
				t.Fatalf("row %d, output %d: %v, want %v", i, o, got, want)
			}
		}
	}
	tensors := Tensors([]Block{b}, "")
	if len(tensors) != 1 || !slices.Equal(tensors[0].Data, weight) {
		t.Error("the weight comes back as another")
	}
	if rest := b.Panels[in*out:]; slices.ContainsFunc(rest, func(v float32) bool { return v != 0 }) {
		t.Error("rows without an input are not 0")
	}
}
