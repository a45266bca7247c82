package lower

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// corrupt makes the kernel that spoils a sample with all noises at once.
func (l *lowerer) corrupt(op ir.Corrupt, v *ir.Value) *plan.Kernel {
	f := &plan.CorruptValues{Noises: op.Noises}
	key := fmt.Sprint(op.Noises)
	corrupt := &plan.Corrupt{Width: width(v), Noises: noises(op), Fast: l.values("corruptValues", width(v), f, key)}
	return l.kernel("corrupt", "", corrupt, elementwise{width(v), key}, v)
}

// dropout makes the kernel of a dropout, that of a noise. Forward and back it is the same.
func (l *lowerer) dropout(op ir.Dropout, v *ir.Value) *plan.Kernel {
	n := dropoutNoise(op)
	f := &plan.CorruptValues{Noises: []nn.Noise{n.Noise}}
	corrupt := &plan.Corrupt{Width: width(v), Noises: []plan.Noise{n}, Fast: l.values("dropoutValues", width(v), f, fmt.Sprint(f.Noises))}
	return l.kernel("dropout", "", corrupt, elementwise{width(v), op}, v)
}

func dropoutNoise(op ir.Dropout) plan.Noise {
	return plan.Noise{Noise: nn.Noise{Kind: nn.DropoutNoise, Amount: op.P}, Stream: nn.DropoutStream(op.Number)}
}

// draws notes the noise of the last step, a dropout, among those of training.
func (s *schedule) draws(t *plan.Training) {
	op := s.steps[len(s.steps)-1].Kernel.Op.(*plan.Corrupt)
	if op.First = slices.Index(t.Noises, op.Noises[0]); op.First < 0 { // its first step
		op.First = len(t.Noises)
		t.Noises = append(t.Noises, op.Noises[0])
	}
}

func noises(op ir.Corrupt) []plan.Noise {
	var all []plan.Noise
	for i, n := range op.Noises {
		all = append(all, plan.Noise{Noise: n, Stream: nn.NoiseStream(i)})
	}
	return all
}

// bitsCost and gaussianCost are about as much work as so many FLOP: random bits, and the inverse of a normal distribution function.
const bitsCost, gaussianCost = 20, 70

// corruptCost estimates the noises of one sample.
func corruptCost(op *plan.Corrupt) plan.Cost {
	c := plan.Cost{Bytes: 8 * op.Width}
	for _, n := range op.Noises {
		c.FLOPs += bitsCost * op.Width
		if n.Kind == nn.GaussianNoise {
			c.FLOPs += gaussianCost * op.Width
		}
	}
	return c
}
