package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// A flow is what passes from one layer to the next, and who made it that wide.
type flow struct {
	size int         // values a sample; 0 where it is not known, after a mistake
	by   string      // "`dense(64)`", "`x`"
	at   source.Span // of the maker
}

// shape gives each layer the size of what enters it, and returns what leaves the last.
func (c *checker) shape(steps []step, now flow) ([]step, flow) {
	shaped := make([]step, 0, len(steps))
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			s.in = now.size
			now = flow{size: max(s.out, 0), at: s.at, by: textOf(s.at)}
			shaped = append(shaped, s)
		case topk:
			c.checkTopK(s, now)
			shaped = append(shaped, s)
		case activate, dropout, quantize:
			shaped = append(shaped, s)
		case residual:
			body, after := c.shape(s.body, now)
			c.checkResidual(s, now, after)
			shaped = append(shaped, residual{body: body, at: s.at})
		case unknown:
			now = flow{at: now.at, by: now.by}
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return shaped, now
}

// checkResidual sees that what the body makes can be added to what enters it.
func (c *checker) checkResidual(s residual, before, after flow) {
	if before.size == 0 || after.size == 0 || before.size == after.size {
		return
	}
	c.add(source.Diagnostic{
		Code: source.ResidualSize, Span: after.at,
		Message:  fmt.Sprintf("the body of `residual` turns %s into %d, and their sum is taken", values(before.size), after.size),
		Expected: fmt.Sprintf("%s, as many as enter", values(before.size)),
		Found:    fmt.Sprintf("%s, made by %s", values(after.size), after.by),
		Hint:     fmt.Sprintf("end the body with `dense(%d)`", before.size),
		Related: []source.Related{
			{Span: before.at, Message: fmt.Sprintf("%s: %s enter the body", before.by, values(before.size))},
			{Span: s.at, Message: "the `residual` is here"},
		},
	})
}
