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
	corrupt := &plan.Corrupt{Width: width(v), Noises: op.Noises, Fast: l.values("corruptValues", width(v), f, key)}
	return l.kernel("corrupt", "", corrupt, elementwise{width(v), key}, v)
}

// dropout makes the kernel of a dropout, that of a noise. Forward and back it is the same.
func (l *lowerer) dropout(op ir.Dropout, v *ir.Value) *plan.Kernel {
	f := &plan.CorruptValues{Noises: []nn.Noise{{Kind: nn.DropoutNoise, Amount: op.P}}}
	key := fmt.Sprint(f.Noises)
	corrupt := &plan.Corrupt{Width: width(v), Noises: f.Noises, Fast: l.values("dropoutValues", width(v), f, key)}
	return l.kernel(fmt.Sprintf("dropoutOf%d", width(v)), "", corrupt, elementwise{width(v), key}, v)
}

// draws notes the noise of the last step, a dropout, among those of training.
func (s *schedule) draws(t *plan.Training, op ir.Dropout) {
	step := s.steps[len(s.steps)-1]
	n := plan.Noise{Noise: step.Kernel.Op.(*plan.Corrupt).Noises[0], Stream: nn.DropoutStream(op.Number)}
	if step.Noise = slices.Index(t.Noises, n); step.Noise < 0 { // its first step
		step.Noise = len(t.Noises)
		t.Noises = append(t.Noises, n)
	}
}

func noises(op ir.Corrupt) []plan.Noise {
	var all []plan.Noise
	for i, n := range op.Noises {
		all = append(all, plan.Noise{Noise: n, Stream: nn.NoiseStream(i)})
	}
	return all
}
