package job

import (
	"context"
	"io"
	"unsafe"

	"github.com/aegen/aegen/runtime/atomicfile"
)

// apply writes what batch makes of the samples: arrays of float32.
func apply[X, Y any](ctx context.Context, job Job, tell func(Message), x []X, batch func(y []Y, x []X)) error {
	var one Y
	return write(ctx, job, tell, x, batch, int(unsafe.Sizeof(one)/4), bytesOf[Y])
}

// reconstruct writes reconstructions: arrays, or rows of structs.
func (w *worker[X, Z, M, T]) reconstruct(ctx context.Context, m M, x []X) error {
	if w.p.Rows == nil {
		return apply(ctx, w.job, w.tell, x, m.ReconstructBatch)
	}
	rows := func(r []X) []byte { return bytesOf(w.rowsOf(r)) }
	return write(ctx, w.job, w.tell, x, m.ReconstructBatch, w.p.Rows.Width, rows)
}

// write writes what batch makes of the samples, width numbers each: raw are their bytes in this machine's order.
func write[X, Y any](ctx context.Context, job Job, tell func(Message), x []X, batch func(y []Y, x []X), width int, raw func([]Y) []byte) error {
	y := make([]Y, min(round, len(x)))
	err := atomicfile.Write(job.Output, func(out io.Writer) error {
		do := func(from, to int) { batch(y[from%round:from%round+to-from], x[from:to]) }
		return pass(ctx, job.Threads, len(x), tell, do, func(from, to int) error {
			bytes := raw(y[:to-from])
			toLittleEndian(bytes)
			_, err := out.Write(bytes)
			return err
		})
	})
	if err != nil {
		return err
	}
	tell(Message{Written: &Written{Path: job.Output, Samples: len(x), Width: width}})
	return nil
}
