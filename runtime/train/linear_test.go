package train

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/weights"
)

const (
	width = 4
	codes = 2
)

type sample [width]float32

// linear is a linear autoencoder r = (xE)D under the mean squared error, trained by gradient descent with a momentum that falls with time.
type linear struct {
	w, v  [2 * width * codes]float32 // E [width, codes], then D [codes, width]; v the momentum
	steps int
	rate  float64
	epoch float64
	sizes []int                  // of the batches it saw
	rates []float64              // of the steps it made
	times []float64              // of them
	seen  []sample               // of all steps
	loss  func(step int) float64 // what Step returns, if not nil

	interrupt func() // called in step number after, if not nil
	after     int
}

func newLinear(seed uint64) *linear {
	l := new(linear)
	random.Uniform(l.w[:], 0.7, seed, 0)
	return l
}

func (l *linear) SetRate(rate float64) { l.rate = rate }

func (l *linear) SetEpoch(epoch float64) { l.epoch = epoch }

// forward returns code, residual and loss.
func (l *linear) forward(x *sample) (z [codes]float32, d sample, loss float64) {
	for k := range codes {
		for i := range width {
			z[k] += x[i] * l.w[i*codes+k]
		}
	}
	for j := range width {
		d[j] = -x[j]
		for k := range codes {
			d[j] += z[k] * l.w[width*codes+k*width+j]
		}
		loss += float64(d[j]) * float64(d[j])
	}
	return z, d, loss / width
}

func (l *linear) Diagnose(x []sample) *Fault {
	d := Diagnosis{Update: "update[sgd]"}
	if !d.State(l.State(), map[string]string{"E": "linear.ae:3:1"}) && len(x) > 0 {
		_, residual, loss := l.forward(&x[0])
		_ = d.Found(residual[:], width, "d", "add", "linear.ae:4:1") || d.Found([]float32{float32(loss)}, 1, "score", "nll", "linear.ae:5:1")
	}
	return d.Fault
}

func (l *linear) Step(x []sample) float64 {
	l.sizes, l.rates, l.times, l.seen = append(l.sizes, len(x)), append(l.rates, l.rate), append(l.times, l.epoch), append(l.seen, x...)
	var g [2 * width * codes]float32
	var sum float64
	for s := range x {
		z, d, loss := l.forward(&x[s])
		sum += loss
		for k := range codes {
			var dz float32
			for j := range width {
				g[width*codes+k*width+j] += z[k] * d[j]
				dz += l.w[width*codes+k*width+j] * d[j]
			}
			for i := range width {
				g[i*codes+k] += x[s][i] * dz
			}
		}
	}
	if !finite(sum) {
		return sum
	}
	for i := range l.w {
		l.v[i] = float32(0.9-0.01*min(l.epoch, 5))*l.v[i] + g[i]*2/width/float32(len(x))
		l.w[i] -= float32(l.rate) * l.v[i]
	}
	l.steps++
	if l.interrupt != nil && len(l.sizes) == l.after {
		l.interrupt()
	}
	if l.loss != nil {
		return l.loss(l.steps)
	}
	return sum / float64(len(x))
}

func (l *linear) ScoreBatch(s []float32, x []sample) {
	for i := range x {
		_, _, loss := l.forward(&x[i])
		s[i] = float32(loss)
	}
}

func (l *linear) Weights() weights.File {
	return weights.File{
		Metadata: map[string]string{weights.KeyModel: "Linear", weights.KeyFingerprint: "11", weights.KeyFormat: weights.Format},
		Tensors: []weights.Tensor{
			{Name: "E", Shape: []int{width, codes}, Data: slices.Clone(l.w[:width*codes])},
			{Name: "D", Shape: []int{codes, width}, Data: slices.Clone(l.w[width*codes:])},
		},
	}
}

func (l *linear) State() weights.File {
	f := l.Weights()
	f.Metadata["steps"] = strconv.Itoa(l.steps)
	f.Tensors = append(f.Tensors, weights.Tensor{Name: "v", Shape: []int{len(l.v)}, Data: slices.Clone(l.v[:])})
	return f
}

func (l *linear) Restore(f weights.File) error {
	if err := f.Only([]string{"E", "D", "v"}); err != nil {
		return err
	}
	e, err := f.Tensor("E", width, codes)
	if err != nil {
		return err
	}
	d, err := f.Tensor("D", codes, width)
	if err != nil {
		return err
	}
	v, err := f.Tensor("v", len(l.v))
	if err != nil {
		return err
	}
	steps, err := strconv.Atoi(f.Metadata["steps"])
	if err != nil {
		return err
	}
	copy(l.w[:], e)
	copy(l.w[width*codes:], d)
	copy(l.v[:], v)
	l.steps = steps
	return nil
}

// bits says all of the trainer's state.
func (l *linear) bits() string { return fmt.Sprintf("%x %x %d", l.w, l.v, l.steps) }

// samples are n points near a plane.
func samples(n int, seed uint64) []sample {
	u := make([]float32, n*(width+codes))
	random.Uniform(u, 1, seed, 99)
	x := make([]sample, n)
	for i := range x {
		r := u[i*(width+codes):]
		a, b := r[0], r[1]
		x[i] = sample{a + 0.1*r[2], b + 0.1*r[3], a + b + 0.1*r[4], a - b + 0.1*r[5]}
	}
	return x
}
