package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// A joint is where one dense layer follows another with no activation between them.
// Their product is one matrix; only where they meet in fewer values than either end has does it say something
// that one layer would not. Where they meet in the code, that is what a linear autoencoder is.
type joint struct{ before, after dense }

func (j joint) collapses() bool { return j.before.out >= min(j.before.in, j.after.out) }

// warnLinear warns of layers that are one matrix together: each run of them once. A mirror repeats the encoder's and is left out.
func (c *checker) warnLinear(d *design) {
	into := append(append([]step(nil), d.encoder...), d.code.steps...)
	c.warnRuns(into)
	if !d.decoder.mirror {
		c.warnRuns(d.decoder.steps)
	}
}

// warnRuns looks for runs of collapsing joints among steps, and within residuals.
func (c *checker) warnRuns(steps []step) {
	var run []dense
	flush := func() {
		if len(run) > 1 {
			c.linearRun(run)
		}
		run = nil
	}
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			if len(run) > 0 && !(joint{run[len(run)-1], s}).collapses() {
				flush()
			}
			run = append(run, s)
		case activate:
			if s.activation.Func != nn.Identity {
				flush()
			}
		case mark, reshape:
		case topk, quantize, conv, pool, unpool, upsample, join:
			flush()
		case dropout: // which is nothing but in training
		case residual:
			flush()
			c.warnRuns(s.body)
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	flush()
}

func (c *checker) linearRun(run []dense) {
	first, last := run[0], run[len(run)-1]
	c.warning(source.Diagnostic{
		Code: source.LinearStack, Span: last.at,
		Message: fmt.Sprintf("%d layers without an activation between them are one matrix, %d → %d", len(run), first.in, last.out),
		Hint:    "write an activation behind each but the last, or one layer in their place",
		Related: []source.Related{{Span: first.at, Message: "the first of them"}},
	})
}
