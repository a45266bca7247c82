package job

import (
	"context"
	"io"

	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/train"
)

// apply writes what batch makes of the samples, as the same count of numbers each.
func apply[X, Y, O any](ctx context.Context, job Job, tell func(Message), data train.Pairs[X, Y], batch func(out []O, x []X, y []Y), numbers func([]O) []float32) error {
	n := data.Len()
	results := make([]O, min(round, n))
	width := 0
	err := atomicfile.Write(job.Output, func(out io.Writer) error {
		do := func(from, to int) {
			part := data.Part(from, to)
			batch(results[from%round:from%round+to-from], part.X, part.Y)
		}
		return pass(ctx, job.Threads, n, tell, do, func(from, to int) error {
			all := numbers(results[:to-from])
			width = len(all) / (to - from)
			raw := bytesOf(all)
			toLittleEndian(raw)
			_, err := out.Write(raw)
			return err
		})
	})
	if err != nil {
		return err
	}
	tell(Message{Written: &Written{Path: job.Output, Samples: n, Width: width}})
	return nil
}
