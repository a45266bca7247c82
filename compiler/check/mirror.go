package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// mirrored returns the steps of the encoder and of the bottleneck's dense layer in reverse, each layer the other way round:
//
//	x → dense 256 → relu → dense 64 → relu → dense 32 = z
//	r ← dense 784 ←        dense 256 ← relu ← dense 64 ← relu ← z
//
// Activations of the bottleneck belong to z. What stands before the first layer has no place behind the last.
func mirrored(encoder []step, z code, at source.Span) []step {
	all := encoder
	if len(z.steps) > 0 {
		all = append(append([]step(nil), encoder...), z.steps[0])
	}
	for len(all) > 0 {
		if _, ok := all[0].(activate); !ok {
			break
		}
		all = all[1:]
	}
	return reversed(all, at)
}

func reversed(steps []step, at source.Span) []step {
	var back []step
	for i := len(steps) - 1; i >= 0; i-- {
		switch s := steps[i].(type) {
		case dense:
			back = append(back, dense{in: s.out, out: s.in, heads: 1, at: at})
		case activate:
			s.at = at
			back = append(back, s)
		case residual:
			back = append(back, residual{body: reversed(s.body, at), at: at})
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return back
}
