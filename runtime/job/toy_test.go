package job

import (
	"io"
	"strconv"
	"time"
	"unsafe"

	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

type (
	input [3]float32
	code  [1]float32
)

// toy has one weight: z = x₀ + x₁ + x₂, r = w·z in each place. Its score is the mean squared error in units of a range of 2.
type toy struct{ w float32 }

func newToy(seed uint64) *toy { return &toy{float32(seed)} }

func loadToy(r io.Reader) (*toy, error) {
	file, err := weights.Read(r)
	if err != nil {
		return nil, err
	}
	if err := file.Check("Toy", "77"); err != nil {
		return nil, err
	}
	w, err := file.Tensor("w")
	if err != nil {
		return nil, err
	}
	return &toy{w[0]}, nil
}

func (m *toy) EncodeBatch(z []code, x []input) {
	for i := range x {
		z[i] = code{x[i][0] + x[i][1] + x[i][2]}
	}
}

func (m *toy) Reconstruct(r, x *input) { m.ReconstructBatch(unsafe.Slice(r, 1), unsafe.Slice(x, 1)) }

func (m *toy) ReconstructBatch(r, x []input) {
	z := make([]code, len(x))
	m.EncodeBatch(z, x)
	for i := range z {
		v := z[i][0] * m.w
		r[i] = input{v, v, v}
	}
}

func (m *toy) ScoreBatch(s []float32, x []input) {
	r := make([]input, len(x))
	m.ReconstructBatch(r, x)
	for i := range x {
		s[i] = 0
		for j := range x[i] {
			d := (r[i][j] - x[i][j]) / 2
			s[i] += d * d / 3
		}
	}
}

// toyTrainer takes a slow step towards w = 1/3.
type toyTrainer struct {
	toy
	steps int
	rate  float32
	pause time.Duration
}

func (t *toyTrainer) SetRate(rate float64) { t.rate = float32(rate) }

func (t *toyTrainer) SetEpoch(float64)              {}
func (t *toyTrainer) Diagnose([]input) *train.Fault { return nil }

func (t *toyTrainer) Step(x []input) float64 {
	time.Sleep(t.pause)
	s := make([]float32, len(x))
	t.ScoreBatch(s, x)
	t.w += t.rate * (1.0/3 - t.w)
	t.steps++
	return float64(s[0])
}

func (t *toyTrainer) Weights() weights.File {
	return weights.File{
		Metadata: map[string]string{weights.KeyModel: "Toy", weights.KeyFingerprint: "77", weights.KeyFormat: weights.Format},
		Tensors:  []weights.Tensor{{Name: "w", Data: []float32{t.w}}},
	}
}

func (t *toyTrainer) State() weights.File {
	f := t.Weights()
	f.Metadata["steps"] = strconv.Itoa(t.steps)
	return f
}

func (t *toyTrainer) Restore(f weights.File) (err error) {
	t.w = f.Tensors[0].Data[0]
	t.steps, err = strconv.Atoi(f.Metadata["steps"])
	return err
}

func (t *toyTrainer) Close() {}

// toyTeam has no workers.
type toyTeam struct{ *toy }

func (toyTeam) Close() {}

// toyPackage is a package whose training steps take a while.
func toyPackage(pause time.Duration) Package[input, train.None, code, input, *toy] {
	return Package[input, train.None, code, input, *toy]{
		Low: 1, High: 3,
		New: newToy, Load: loadToy,
		NewTeam: func(m *toy, _ int) Team[input, input] { return toyTeam{m} },
		NewTrainer: func(m *toy, _ int) Trainer[input, train.None] {
			return Alone(&toyTrainer{toy: *m, rate: 0.125, pause: pause})
		},
		Score:    ScoreAlone[input, *toy],
		Training: func() train.Config { return train.Config{Batch: 10, Epochs: 3, Seed: 2, Rate: 0.125} },
	}
}
