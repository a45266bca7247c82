// Package beside is what packages are given and what they make of it.
package beside

import (
	"bytes"
	"fmt"

	"github.com/aegen/aegen/runtime/weights"
)

// A Case is the numbers of a fixture. Arrays are row-major, weights [out, in].
type Case struct {
	Samples, Steps int
	Params         map[string][]float32
	X, Y           []float32
}

// A Report is what a package makes of a Case: outputs, then the gradients before the first step, the loss of each step and the weights after the last.
type Report struct {
	Code, Reconstruction, Scores []float32
	Losses                       []float64
	Gradients, Trained           map[string][]float32
}

// File is a file of weights with the case's numbers.
func (c Case) File(file weights.File) *bytes.Buffer {
	for i := range file.Tensors {
		t := &file.Tensors[i]
		if len(t.Data) != len(c.Params[t.Name]) {
			panic(fmt.Sprintf("%s: %d numbers expected, %d given", t.Name, len(t.Data), len(c.Params[t.Name])))
		}
		t.Data = c.Params[t.Name]
	}
	var b bytes.Buffer
	if err := weights.Write(&b, file); err != nil {
		panic(err)
	}
	return &b
}

// Tensors are arrays by name.
func Tensors(list []weights.Tensor) map[string][]float32 {
	all := map[string][]float32{}
	for _, t := range list {
		all[t.Name] = append([]float32{}, t.Data...)
	}
	return all
}
