package job

import (
	"context"
	"io"
	"unsafe"

	"github.com/aegen/aegen/runtime/atomicfile"
)

// apply writes what batch makes of the samples.
func apply[X, Y any](ctx context.Context, job Job, tell func(Message), x []X, batch func(y []Y, x []X)) error {
	y := make([]Y, min(round, len(x)))
	err := atomicfile.Write(job.Output, func(out io.Writer) error {
		do := func(from, to int) { batch(y[from%round:from%round+to-from], x[from:to]) }
		return pass(ctx, job.Threads, len(x), tell, do, func(from, to int) error {
			raw := bytesOf(y[:to-from])
			toLittleEndian(raw)
			_, err := out.Write(raw)
			return err
		})
	})
	if err != nil {
		return err
	}
	var one Y
	tell(Message{Written: &Written{Path: job.Output, Samples: len(x), Width: int(unsafe.Sizeof(one) / 4)}})
	return nil
}
