// Package reference reads models that another system has exported: weights, inputs, outputs and the first losses of training.
package reference

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/weights"
)

// A Model is one exported model. Inputs and Outputs are samples × width.
type Model struct {
	Weights         weights.File
	Inputs, Outputs []float32

	losses []float32 // of the first training steps, nil if they are not wanted
	path   string    // of the files, without their endings
	width  int
	scale  float64 // of a loss of the export in a loss of the program
	within float64 // what losses may be off, in parts of them
}

// Read reads the files DIR/NAME.weights, .x, .y and, if training is to be held against them, .losses.
// NAME is the model's name in lower case. All are float32, little-endian: weights layer by layer, [in, out] and then the
// bias, see grids for those of convolutions; inputs and the outputs for them; the losses, means over all values, of the first steps on a batch of the inputs.
func Read(dir string, p *plan.Program, train bool) (*Model, error) {
	m := &Model{path: filepath.Join(dir, strings.ToLower(p.Name)), width: p.Input.Len(), scale: 1, within: tolerance}
	if p.Sampled() {
		m.within = sampledTolerance
	}
	if p.Loss.Likelihood != nn.MSE {
		m.scale = float64(m.width) // nats a sample are a sum over its values
	}
	numbers, err := floats(m.path + ".weights")
	if err != nil {
		return nil, err
	}
	if len(numbers) != p.ParamCount() {
		return nil, fmt.Errorf("%s.weights: %d numbers expected, the parameters of %s, %d found", m.path, p.ParamCount(), p.File, len(numbers))
	}
	m.Weights = file(p, numbers)
	if m.Inputs, err = floats(m.path + ".x"); err != nil {
		return nil, err
	}
	if n := len(m.Inputs); n == 0 || n%m.width != 0 {
		return nil, fmt.Errorf("%s.x: a whole number of samples of %d numbers expected, %d numbers found", m.path, m.width, n)
	}
	if m.Outputs, err = floats(m.path + ".y"); err != nil {
		return nil, err
	}
	if len(m.Outputs) != len(m.Inputs) {
		return nil, fmt.Errorf("%s.y: %d numbers expected, as many as in %s.x, %d found", m.path, len(m.Inputs), m.path, len(m.Outputs))
	}
	if train {
		m.losses, err = floats(m.path + ".losses")
	}
	return m, err
}

// floats reads a file of float32.
func floats(path string) ([]float32, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data)%4 != 0 {
		return nil, fmt.Errorf("%s: a whole number of float32 expected, %d bytes found", path, len(data))
	}
	v := make([]float32, len(data)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return v, nil
}

// file is the numbers as the program's weights: [out, in] and [out].
func file(p *plan.Program, numbers []float32) weights.File {
	f := weights.File{Metadata: map[string]string{
		weights.KeyFormat: weights.Format, weights.KeyModel: p.Name, weights.KeyFingerprint: p.Fingerprint}}
	g := gridsOf(p)
	for _, b := range p.Params {
		if b.Weight != "" {
			w := weights.Tensor{Name: b.Weight, Shape: b.Shape()}
			if b.Kernel != nil {
				w.Data = kernel(b, numbers)
			} else {
				w.Data = transposed(channelsLast(numbers[:b.In*b.Out], g.in[b], b.In, b.Out), b.In, b.Out)
				w.Data = channelsLast(w.Data, g.out[b], b.Out, b.In)
			}
			f.Tensors = append(f.Tensors, w)
			numbers = numbers[b.In*b.Out:]
		}
		if b.Bias != "" {
			f.Tensors = append(f.Tensors, weights.Tensor{Name: b.Bias, Shape: []int{b.Out}, Data: channelsLast(numbers[:b.Out], g.out[b], b.Out, 1)})
			numbers = numbers[b.Out:]
		}
	}
	return f
}

// transposed is the first rows × columns numbers of a with rows and columns exchanged.
func transposed(a []float32, rows, columns int) []float32 {
	t := make([]float32, rows*columns)
	for r := range rows {
		for c := range columns {
			t[c*rows+r] = a[r*columns+c]
		}
	}
	return t
}

// Check returns an error unless the results of a check job on Inputs, from Weights, are the exported ones: outputs to 1e-4, losses
// to 1 part in 10,000, or 2 in 1,000 where the code is sampled. Of a program with rounded weights, the outputs may be off by its stated error, a root mean square in parts
// of their own, and there are no losses.
func (m *Model) Check(results weights.File, stated float64) error {
	outputs, err := results.Tensor(job.Reconstructions, len(m.Inputs)/m.width, m.width)
	if err != nil {
		return err
	}
	if stated > 0 {
		return m.checkRounded(outputs, stated)
	}
	for i, want := range m.Outputs {
		if d := math.Abs(float64(outputs[i]) - float64(want)); !(d <= tolerance) {
			return fmt.Errorf("%s.y: sample %d, value %d: the model gives %v, the reference %v", m.path, i/m.width, i%m.width, outputs[i], want)
		}
	}
	return m.checkLosses(results)
}

// tolerance bounds errors, and sampledTolerance those of losses that depend on draws of the code: each system has its own.
const tolerance, sampledTolerance = 1e-4, 2e-3

func (m *Model) checkRounded(outputs []float32, stated float64) error {
	squares, errors := 0.0, 0.0
	for i, want := range m.Outputs {
		d := float64(outputs[i]) - float64(want)
		errors += d * d
		squares += float64(want) * float64(want)
	}
	if off := math.Sqrt(errors / squares); !(off <= stated) {
		return fmt.Errorf("%s.y: the model's outputs are off by %.3g %%, %.3g %% expected at most", m.path, 100*off, 100*stated)
	}
	return nil
}

func (m *Model) checkLosses(results weights.File) error {
	losses, err := results.Tensor(job.Losses, job.CheckedSteps)
	if err != nil {
		return err
	}
	if m.losses != nil && len(m.losses) != len(losses) {
		return fmt.Errorf("%s.losses: %d numbers expected, %d found", m.path, len(losses), len(m.losses))
	}
	for i, want := range m.losses {
		if got := float64(losses[i]) / m.scale; !(math.Abs(got/float64(want)-1) <= m.within) {
			return fmt.Errorf("%s.losses: training step %d: the model's loss is %.7g a value, the reference's %.7g", m.path, i+1, got, want)
		}
	}
	return nil
}
