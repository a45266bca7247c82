package job

import (
	"context"
	"io"
	"unsafe"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/train"
)

// apply writes what batch makes of the samples.
func apply[X, Y, O any](ctx context.Context, job Job, tell func(Message), data train.Pairs[X, Y], batch func(out []O, x []X, y []Y)) error {
	n := data.Len()
	results := make([]O, min(round, n))
	err := atomicfile.Write(job.Output, func(out io.Writer) error {
		do := func(from, to int) {
			part := data.Part(from, to)
			batch(results[from%round:from%round+to-from], part.X, part.Y)
		}
		return pass(ctx, job.Threads, n, tell, do, func(from, to int) error {
			raw := bytesOf(results[:to-from])
			toLittleEndian(raw)
			_, err := out.Write(raw)
			return err
		})
	})
	if err != nil {
		return err
	}
	var one O
	tell(Message{Written: &Written{Path: job.Output, Samples: n, Width: int(unsafe.Sizeof(one) / 4)}})
	return nil
}
