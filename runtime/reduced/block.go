package reduced

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/weights"
)

// A Block is a weight [Out, In] in a reduced format and its bias [Out] in float32. One with In 0 is a bias alone.
type Block struct {
	Weight, Bias string // names in safetensors; "" where there is none
	In, Out      int
	Bound        float64 // weights start uniform in ±Bound, biases at 0
	Values       Panels
	Transposed   Panels    // the same numbers with inputs and outputs exchanged, or nil
	Steps        []float32 // of each output's weights, with Integers; else nil
	Biases       []float32
}

// Init sets the weights to their initial values for a seed, rounded: those that package block sets, from the same blocks.
func Init(blocks []Block, seed uint64) {
	for number, b := range blocks {
		weight := make([]float32, b.In*b.Out)
		random.Uniform(weight, b.Bound, seed, uint64(number))
		b.set(weight, make([]float32, b.Out))
	}
}

// Names lists the tensors of the blocks in the order of Tensors.
func Names(blocks []Block) []string {
	var names []string
	for _, b := range blocks {
		for _, name := range []string{b.Weight, b.Bias} {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// Tensors are the blocks in float32: the numbers that products work with. Load takes them back to the same bits.
func Tensors(blocks []Block) []weights.Tensor {
	var tensors []weights.Tensor
	for _, b := range blocks {
		if b.Weight != "" {
			tensors = append(tensors, weights.Tensor{Name: b.Weight, Shape: []int{b.Out, b.In}, Data: b.weight()})
		}
		if b.Bias != "" {
			tensors = append(tensors, weights.Tensor{Name: b.Bias, Shape: []int{b.Out}, Data: append([]float32{}, b.Biases[:b.Out]...)})
		}
	}
	return tensors
}

// Load sets the blocks from tensors, rounded. On an error, nothing is changed: a tensor missing or of another shape,
// or a weight that the format does not hold.
func Load(blocks []Block, file weights.File) error {
	type pair struct{ weight, bias []float32 }
	found := make([]pair, len(blocks))
	for i, b := range blocks {
		var err error
		if b.Weight != "" {
			if found[i].weight, err = file.Tensor(b.Weight, b.Out, b.In); err != nil {
				return err
			}
			if err := b.holds(found[i].weight); err != nil {
				return err
			}
		}
		if b.Bias != "" {
			if found[i].bias, err = file.Tensor(b.Bias, b.Out); err != nil {
				return err
			}
		}
	}
	for i, b := range blocks {
		b.set(found[i].weight, found[i].bias)
	}
	return nil
}

// holds reports the first weight that the format does not hold.
func (b Block) holds(weight []float32) error {
	most, format := b.Values.limit()
	for i, v := range weight {
		if !(v >= -most && v <= most) {
			return fmt.Errorf("weights: %s[%d, %d] is %v: %s holds weights within ±%v", b.Weight, i/b.In, i%b.In, v, format, most)
		}
	}
	return nil
}

// set rounds a weight [Out, In] and copies a bias.
func (b Block) set(weight, bias []float32) {
	copy(b.Biases, bias)
	for o := 0; b.In > 0 && o < b.Out; o++ {
		row := weight[o*b.In : (o+1)*b.In]
		if b.Steps != nil {
			b.Steps[o] = stepOf(largest(row, nil))
		}
		for i, v := range row {
			if b.Steps != nil {
				v = whole(v, b.Steps[o])
			}
			b.Values.put(b.In, i, o, v)
			if b.Transposed != nil {
				b.Transposed.put(b.Out, o, i, v)
			}
		}
	}
}

// whole is v in whole steps.
func whole(v, step float32) float32 {
	if step == 0 {
		return 0
	}
	return float32(math.RoundToEven(float64(v) / float64(step)))
}

// weight is the weight [Out, In] in float32.
func (b Block) weight() []float32 {
	weight := make([]float32, b.In*b.Out)
	for i := range weight {
		weight[i] = b.Values.at(b.In, i%b.In, i/b.In)
		if b.Steps != nil {
			weight[i] *= b.Steps[i/b.In]
		}
	}
	return weight
}
