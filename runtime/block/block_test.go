package block

import (
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

// blocks are a layer of 3 inputs and 18 outputs, one without a bias, and a bias alone.
func blocks() []Block {
	return []Block{
		{Weight: "a.weight", Bias: "a.bias", In: 3, Out: 18, Bound: 0.5, Panels: make([]float32, 2*4*16)},
		{Weight: "b.weight", In: 2, Out: 1, Bound: 0.25, Panels: make([]float32, 2*16)},
		{Bias: "c.bias", Out: 5, Panels: make([]float32, 16)},
	}
}

func TestInitIsUniformWithoutBiases(t *testing.T) {
	all := blocks()
	Init(all, 1)
	tensors := Tensors(all, "")
	for _, x := range tensors[0].Data {
		if x == 0 || x < -0.5 || x > 0.5 {
			t.Errorf("a weight is %g, want one within ±0.5", x)
		}
	}
	for _, bias := range []weights.Tensor{tensors[1], tensors[3]} {
		if slices.Max(bias.Data) != 0 || slices.Min(bias.Data) != 0 {
			t.Errorf("%s is %v, want zeros", bias.Name, bias.Data)
		}
	}
}

func TestLoadIsTheInverseOfTensors(t *testing.T) {
	from, to := blocks(), blocks()
	Init(from, 1)
	from[2].Panels[4] = 7
	tensors := Tensors(from, "adam.m.")
	if err := Load(to, weights.File{Tensors: tensors}, "adam.m."); err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range from {
		if !slices.Equal(from[i].Panels, to[i].Panels) {
			t.Errorf("block %d is %v, want %v", i, to[i].Panels, from[i].Panels)
		}
	}
	for _, tensor := range tensors {
		names = append(names, tensor.Name)
	}
	want := []string{"adam.m.a.weight", "adam.m.a.bias", "adam.m.b.weight", "adam.m.c.bias"}
	if !slices.Equal(names, want) || !slices.Equal(Names(from, "adam.m."), want) {
		t.Errorf("names %v and %v, want %v", names, Names(from, "adam.m."), want)
	}
}

func TestAFailedLoadChangesNothing(t *testing.T) {
	from, to := blocks(), blocks()
	Init(from, 1)
	tensors := Tensors(from, "")
	tensors[3].Shape = []int{5, 1}
	err := Load(to, weights.File{Tensors: tensors}, "")
	if want := "weights: c.bias: shape [5] expected, [5 1] found"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if slices.Max(to[0].Panels) != 0 {
		t.Errorf("the first block was set to %v", to[0].Panels)
	}
}
