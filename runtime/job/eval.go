package job

import (
	"context"
	"fmt"
	"math"
	"unsafe"

	"github.com/aegen/aegen/runtime/train"
)

// sums of a piece's samples.
type sums struct {
	loss, squares float64 // squares in the units that the network sees where it has learned them
	raw           float64 // in the data's units
	right         int     // samples whose class is the most probable one
	places        confusion
}

func (w *worker[X, Y, Z, R, M]) eval(ctx context.Context, m M, data train.Pairs[X, Y]) error {
	width := float64(w.width())
	samples := data.Len()
	pieces := make([]sums, (samples+piece-1)/piece)
	do := func(from, to int) { pieces[from/piece] = w.measure(m, data.Part(from, to)) }
	if err := pass(ctx, w.job.Threads, samples, w.tell, do, func(int, int) error { return nil }); err != nil {
		return err
	}
	var total sums
	if w.p.Labels != nil {
		total.places = confusion{w.p.Labels.Classes, make([]int, w.p.Labels.Classes*w.p.Labels.Classes)}
	}
	for _, p := range pieces {
		total.loss += p.loss
		total.squares += p.squares
		total.raw += p.raw
		total.right += p.right
		for i, n := range p.places.counts {
			total.places.counts[i] += n
		}
	}
	if w.p.Low != w.p.High && len(data.Y) == 0 { // a target is not scaled
		span := w.p.High - w.p.Low
		total.squares /= span * span
	}
	n := float64(samples)
	s := &Scores{Samples: samples, Loss: total.loss / n, SSE: total.squares / n, MSE: total.squares / n / width}
	s.NLL = s.Loss
	if !w.p.Nats {
		s.NLL = s.SSE/2 + width*math.Log(2*math.Pi)/2
	}
	if w.p.Class != nil {
		accuracy := float64(total.right) / n
		s.Accuracy = &accuracy
	}
	if w.p.Labels != nil {
		places, accuracy := total.places.segmentation()
		s.Segmentation, s.Accuracy = places, &accuracy
	}
	for _, v := range []float64{s.Loss, s.SSE} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("eval: the loss of these samples is %v", v)
		}
	}
	if w.p.Sparse {
		var err error
		if s.Code, err = w.activity(ctx, m, data, total.raw); err != nil {
			return err
		}
	}
	if w.p.Sampled != nil {
		var err error
		if s.Evidence, err = w.evidence(ctx, m, data); err != nil {
			return err
		}
	}
	if w.p.Codebook != nil {
		var err error
		if s.Codebook, err = w.usage(ctx, m, data); err != nil {
			return err
		}
	}
	w.tell(Message{Scores: s})
	return nil
}

// measure sums loss and squared error, in the data's units, of a piece, and counts the right classes.
func (w *worker[X, Y, Z, R, M]) measure(m M, data train.Pairs[X, Y]) sums {
	var s sums
	var scores [piece]float32
	n := data.Len()
	w.p.Score(m, scores[:n], data.X, data.Y)
	for _, score := range scores[:n] {
		s.loss += float64(score)
	}
	if w.structs() != nil { // classes and counts have no squared error
		return s
	}
	var deviations []float32
	if w.p.Deviations != nil {
		deviations = w.p.Deviations(m)
	}
	r := make([]R, n)
	m.ReconstructBatch(r, data.X)
	if w.p.Labels != nil {
		s.places, s.squares = w.places(r, data)
		s.raw = s.squares
		return s
	}
	for i := range r {
		if w.p.Class != nil && w.p.Class(&r[i]) == data.Y[i] {
			s.right++
		}
		want := w.want(data, i, len(floatsOf(&r[i])))
		for j, got := range floatsOf(&r[i]) {
			d := float64(got) - float64(want[j])
			s.raw += d * d
			if deviations != nil {
				d /= float64(deviations[j])
			}
			s.squares += d * d
		}
	}
	return s
}

// want is what n reconstructed values of sample i are compared with: the input, the target, or 1 for its class and 0 for the others, perhaps at each place.
func (w *worker[X, Y, Z, R, M]) want(data train.Pairs[X, Y], i, n int) []float32 {
	switch {
	case w.p.Labels != nil:
		want, classes := make([]float32, n), w.p.Labels.Classes
		for place, class := range classesOf(&data.Y[i]) {
			if class >= 0 && int(class) < classes {
				want[place*classes+int(class)] = 1
			}
		}
		return want
	case w.p.Class != nil:
		want := make([]float32, n)
		want[*(*int32)(unsafe.Pointer(&data.Y[i]))] = 1
		return want
	case len(data.Y) > 0:
		return floatsOf(&data.Y[i])
	}
	return floatsOf(&data.X[i])
}
