package block

import (
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/weights"
)

// TestKernels moves the weights of convolutions from a file and back: input (ky·2 + kx)·channels + c of output o is where PyTorch has it.
func TestKernels(t *testing.T) {
	for _, c := range []struct {
		name    string
		kernel  Kernel
		in, out int
		shape   []int
		at      func(o, ky, kx, c int) int // in the file
	}{
		{"conv", Kernel{H: 3, W: 2, Groups: 2}, 3 * 2 * 5, 4, []int{4, 5, 3, 2}, func(o, ky, kx, c int) int { return ((o*5+c)*3+ky)*2 + kx }},
		{"deconv", Kernel{H: 3, W: 2, Groups: 2, Deconv: true}, 3 * 2 * 5, 4, []int{10, 2, 3, 2}, func(o, ky, kx, c int) int {
			return (((o/2*5+c)*2+o%2)*3+ky)*2 + kx
		}},
	} {
		data := make([]float32, c.in*c.out)
		for i := range data {
			data[i] = float32(i + 1)
		}
		b := Block{Weight: "w", Bias: "b", In: c.in, Out: c.out, Panels: make([]float32, (c.in+1)*16), Kernel: &c.kernel}
		file := weights.File{Tensors: []weights.Tensor{{Name: "w", Shape: c.shape, Data: data}, {Name: "b", Shape: []int{4}, Data: []float32{1, 2, 3, 4}}}}
		if err := Load([]Block{b}, file, ""); err != nil {
			t.Fatal(c.name, err)
		}
		for o := range c.out {
			for i := range c.in {
				tap, channel := i/5, i%5
				if got, want := b.Panels[(i+1)*16+o], data[c.at(o, tap/2, tap%2, channel)]; got != want {
					t.Fatalf("%s: input %d of output %d is %v, want %v", c.name, i, o, got, want)
				}
			}
		}
		back := Tensors([]Block{b}, "")
		if !slices.Equal(back[0].Shape, c.shape) || !slices.Equal(back[0].Data, data) {
			t.Errorf("%s comes back as %v", c.name, back[0])
		}
	}
}
