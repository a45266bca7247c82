package job

import (
	"context"
	"fmt"
	"math"
)

// sums of a piece's samples.
type sums struct{ loss, squares float64 }

func (w *worker[X, Z, M, T]) eval(ctx context.Context, m M, x []X) error {
	if w.p.Rows != nil {
		return w.evalRows(ctx, m, x)
	}
	var one X
	width := float64(len(floatsOf(&one)))
	pieces := make([]sums, (len(x)+piece-1)/piece)
	do := func(from, to int) { pieces[from/piece] = measure[X, Z](m, x[from:to]) }
	if err := pass(ctx, w.job.Threads, len(x), w.tell, do, func(int, int) error { return nil }); err != nil {
		return err
	}
	var total sums
	for _, p := range pieces {
		total.loss += p.loss
		total.squares += p.squares
	}
	if w.p.Low != w.p.High {
		span := w.p.High - w.p.Low
		total.squares /= span * span
	}
	n := float64(len(x))
	s := &Scores{Samples: len(x), Loss: total.loss / n, SSE: total.squares / n, MSE: total.squares / n / width}
	s.NLL = s.Loss
	if !w.p.Nats {
		s.NLL = s.SSE/2 + width*math.Log(2*math.Pi)/2
	}
	for _, v := range []float64{s.Loss, s.SSE} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("eval: the loss of these samples is %v", v)
		}
	}
	w.tell(Message{Scores: s})
	return nil
}

// evalRows is eval of samples that are structs: classes and counts have no squared error.
func (w *worker[X, Z, M, T]) evalRows(ctx context.Context, m M, x []X) error {
	pieces := make([]float64, (len(x)+piece-1)/piece)
	do := func(from, to int) {
		var scores [piece]float32
		m.ScoreBatch(scores[:to-from], x[from:to])
		for _, score := range scores[:to-from] {
			pieces[from/piece] += float64(score)
		}
	}
	if err := pass(ctx, w.job.Threads, len(x), w.tell, do, func(int, int) error { return nil }); err != nil {
		return err
	}
	sum := 0.0
	for _, p := range pieces {
		sum += p
	}
	loss := sum / float64(len(x))
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return fmt.Errorf("eval: the loss of these samples is %v", loss)
	}
	w.tell(Message{Scores: &Scores{Samples: len(x), Loss: loss, NLL: loss}})
	return nil
}

// measure sums loss and squared error, in the data's units, of a piece.
func measure[X, Z any](m Model[X, Z], x []X) sums {
	var s sums
	var scores [piece]float32
	m.ScoreBatch(scores[:len(x)], x)
	for _, score := range scores[:len(x)] {
		s.loss += float64(score)
	}
	r := make([]X, len(x))
	m.ReconstructBatch(r, x)
	for i := range r {
		want := floatsOf(&x[i])
		for j, got := range floatsOf(&r[i]) {
			d := float64(got) - float64(want[j])
			s.squares += d * d
		}
	}
	return s
}
