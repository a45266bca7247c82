package job

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/aegen/aegen/runtime/atomicfile"
)

// explain writes a row of float64 a sample: its score, then the parts of the score.
func (w *worker[X, Y, Z, R, M]) explain(ctx context.Context, m M, x []X) error {
	if w.p.Explain == nil {
		return errors.New("job: a score of this model has no parts")
	}
	width := 1 + w.p.Parts
	rows := make([]float64, min(round, len(x))*width)
	err := atomicfile.Write(w.job.Output, func(out io.Writer) error {
		do := func(from, to int) {
			for i := from; i < to; i++ {
				row := rows[i%round*width:][:width]
				row[0] = float64(w.p.Explain(m, row[1:], &x[i]))
			}
		}
		return pass(ctx, w.job.Threads, len(x), w.tell, do, func(from, to int) error {
			return binary.Write(out, binary.LittleEndian, rows[:(to-from)*width])
		})
	})
	if err != nil {
		return err
	}
	w.tell(Message{Written: &Written{Path: w.job.Output, Samples: len(x), Width: width}})
	return nil
}
