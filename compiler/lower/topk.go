package lower

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/plan"
)

// topK makes the kernel that keeps the largest values of samples, as a compact code or in their places.
func (l *lowerer) topK(op ir.TopK, v *ir.Value, compact bool) *plan.Kernel {
	n := width(v)
	k := &plan.TopK{Width: n, K: op.K, Compact: compact, Fast: l.fastTopK(n, op.K)}
	name := fmt.Sprintf("topK%dOf%d", op.K, n)
	if compact {
		name += "Compact"
	}
	type key struct {
		op      ir.TopK
		compact bool
	}
	return l.kernel(name, "", k, elementwise{n, key{op, compact}}, v)
}

// candidates is the size of the list that package topk looks through, groups the number of its groups of values, and mostKept the
// largest k that it bounds by maxima of groups.
const candidates, groups, mostKept = 512, 64, 256

// fastTopK decides how the k largest of n values are found by assembly functions: by maxima of at least twice as many groups.
func (l *lowerer) fastTopK(n, k int) *plan.FastTopK {
	parts := (2*k + groups - 1) / groups
	if !l.vector() || k > mostKept || n < 4*parts*groups {
		return nil
	}
	collect := plan.Collect{Most: candidates}
	if l.most(&plan.Maxima{}, 0) < n || l.most(&collect, 0) < n {
		return nil
	}
	return &plan.FastTopK{Maxima: l.function("maxima", &plan.Maxima{}, plan.Maxima{}), Collect: l.function("collect", &collect, collect), Parts: parts}
}

// deadTopK makes the kernel that keeps the largest of dead values, as a compact code or in their places.
func (l *lowerer) deadTopK(op ir.DeadTopK, v *ir.Value, compact bool) *plan.Kernel {
	n := width(v)
	return l.kernel(fmt.Sprintf("deadTopK%dOf%d", op.K, n), "", &plan.DeadTopK{Width: n, K: op.K, After: op.After, Compact: compact}, elementwise{n, op}, v)
}

// keptGrad makes the kernel of the derivative of what keeps some values.
func (l *lowerer) keptGrad(v *ir.Value) *plan.Kernel {
	return l.kernel(fmt.Sprintf("backKeptOf%d", width(v)), "", &plan.KeptGrad{Width: width(v)}, elementwise{width(v), ir.KeptGrad{}}, v)
}

// subBias makes the kernel that takes a bias from samples.
func (l *lowerer) subBias(v *ir.Value) *plan.Kernel {
	b := l.block(v.Args[1])
	return l.kernel("centre", "", &plan.SubBias{Width: width(v), Bias: b}, elementwise{width(v), ir.SubBias{}}, v)
}

// sub makes the kernel of a difference.
func (l *lowerer) sub(v *ir.Value) *plan.Kernel {
	return l.kernel(fmt.Sprintf("sub%d", width(v)), "", &plan.Sub{Width: width(v)}, elementwise{width(v), ir.Sub{}}, v)
}

// batchTopK schedules the choice of a batch's largest values: their bound when all samples are there, then what is no less. It returns the bound.
func (s *schedule) batchTopK(op ir.BatchTopK, v *ir.Value) *plan.Buffer {
	x, n := s.at[v.Args[0]], width(v)
	s.layer[v] = s.layer[v.Args[0]]
	bound := s.whole(nil, "bound", 1)
	s.batch(s.kernel("batchBound", "", &plan.BatchBound{Width: n, K: op.K}, elementwise{n, op}, v), v, 1, 1, bound, x)
	above := s.kernel("aboveBound", "", &plan.Above{Width: n}, elementwise{n, "above bound"}, v)
	z := s.result(v, "kept"+title(s.layer[v]))
	if s.byRow != "" {
		z.Few = op.K
		s.codes = append(s.codes, z)
	}
	s.step(above, v, 1, z, x, bound)
	return bound
}
