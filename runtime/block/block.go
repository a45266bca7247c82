// Package block moves a model's parameters between the layout of kernels and safetensors.
package block

import (
	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/weights"
)

// A Block is a weight [Out, In] and a bias [Out] in one array of panels: [ceil(Out/16)][rows][16],
// row 0 the bias, row 1+k input k, padded columns 0. A block with In 0 is a bias alone.
type Block struct {
	Weight, Bias string // names in safetensors; "" where there is none
	In, Out      int
	Bound        float64 // weights start uniform in ±Bound, biases at 0
	Panels       []float32
	// ByRow says that the array is [ceil(In/16)*16][Out] instead, a row an input, and that there is no bias.
	ByRow bool
	// Kernel is the shape of a convolution's weight, nil of another.
	Kernel *Kernel
}

// Init sets the weights to their initial values for a seed: entry i of block number b depends on the seed, b and i only.
func Init(blocks []Block, seed uint64) {
	for number, b := range blocks {
		weight := make([]float32, b.In*b.Out)
		random.Uniform(weight, b.Bound, seed, uint64(number))
		b.pack(weight, make([]float32, b.Out))
	}
}

// Tensors copies the blocks. Their names get a prefix.
func Tensors(blocks []Block, prefix string) []weights.Tensor {
	var tensors []weights.Tensor
	for _, b := range blocks {
		weight, bias := b.unpack()
		if b.Weight != "" {
			tensors = append(tensors, weights.Tensor{Name: prefix + b.Weight, Shape: b.shape(), Data: b.reordered(weight, true)})
		}
		if b.Bias != "" {
			tensors = append(tensors, weights.Tensor{Name: prefix + b.Bias, Shape: []int{b.Out}, Data: bias})
		}
	}
	return tensors
}

// Names lists the tensors of the blocks in the order of Tensors.
func Names(blocks []Block, prefix string) []string {
	var names []string
	for _, b := range blocks {
		for _, name := range []string{b.Weight, b.Bias} {
			if name != "" {
				names = append(names, prefix+name)
			}
		}
	}
	return names
}

// Load sets the blocks from tensors of prefixed names. On an error, a tensor missing or of another shape, nothing is changed.
func Load(blocks []Block, file weights.File, prefix string) error {
	type pair struct{ weight, bias []float32 }
	found := make([]pair, len(blocks))
	for i, b := range blocks {
		var err error
		if b.Weight != "" {
			if found[i].weight, err = file.Tensor(prefix+b.Weight, b.shape()...); err != nil {
				return err
			}
			found[i].weight = b.reordered(found[i].weight, false)
		}
		if b.Bias != "" {
			if found[i].bias, err = file.Tensor(prefix+b.Bias, b.Out); err != nil {
				return err
			}
		}
	}
	for i, b := range blocks {
		b.pack(found[i].weight, found[i].bias)
	}
	return nil
}

func (b Block) pack(weight, bias []float32) {
	if b.ByRow {
		transpose(b.Panels, weight, b.Out, b.In)
		return
	}
	if b.Bias == "" {
		bias = nil
	}
	weights.Pack(b.Panels, weight, bias, b.In, b.Out)
}

func (b Block) unpack() (weight, bias []float32) {
	weight = make([]float32, b.In*b.Out)
	if b.ByRow {
		transpose(weight, b.Panels, b.In, b.Out)
		return weight, nil
	}
	if b.Bias != "" {
		bias = make([]float32, b.Out)
	}
	weights.Unpack(weight, bias, b.Panels, b.In, b.Out)
	return weight, bias
}

// transpose sets to, [columns][rows], to from, [rows][columns], with rows and columns exchanged: a block of both at a time.
func transpose(to, from []float32, rows, columns int) {
	const block = 32
	for r0 := 0; r0 < rows; r0 += block {
		for c0 := 0; c0 < columns; c0 += block {
			for r := r0; r < min(r0+block, rows); r++ {
				for c := c0; c < min(c0+block, columns); c++ {
					to[c*rows+r] = from[r*columns+c]
				}
			}
		}
	}
}
