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
// Every size but the last keeps what follows it: activations and dropout. Those of the bottleneck belong to z. What stands before
// the first layer has no place behind the last.
func mirrored(encoder []step, z code, at source.Span) []step {
	all := encoder
	if len(z.steps) > 0 {
		all = append(append([]step(nil), encoder...), z.steps[0])
	}
	for len(all) > 0 {
		if !onValues(all[0]) {
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
			back = append(back, dense{in: s.out, out: s.in, at: at})
		case topk: // it belongs to z
		case activate, dropout:
			first := i
			for first > 0 && onValues(steps[first-1]) {
				first--
			}
			for _, s := range steps[first : i+1] { // they keep their order
				back = append(back, placed(s, at))
			}
			i = first
		case residual:
			back = append(back, residual{body: reversed(s.body, at), at: at})
		default:
			panic(fmt.Sprintf("internal error: unknown step %T", s))
		}
	}
	return back
}

// onValues reports whether a step changes values one by one: an activation, or dropout.
func onValues(s step) bool {
	switch s.(type) {
	case activate, dropout:
		return true
	}
	return false
}

// placed is such a step at another place of the spec.
func placed(s step, at source.Span) step {
	switch s := s.(type) {
	case activate:
		s.at = at
		return s
	case dropout:
		s.at = at
		return s
	}
	panic(fmt.Sprintf("internal error: %T changes more than values", s))
}
