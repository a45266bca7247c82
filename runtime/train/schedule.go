package train

import (
	"fmt"
	"math"
)

// At is the factor on the learning rate at an epoch, counted in fractions from 0, of so many in all.
func (s Schedule) At(epoch float64, epochs int) float64 {
	factor := 1.0
	if epoch < s.Warmup {
		factor = epoch / s.Warmup
	}
	switch s.Curve {
	case Constant:
		return factor
	case Step:
		return factor * math.Pow(s.Factor, math.Floor(epoch/s.Every))
	case Cosine:
		return factor * (s.Floor + (1-s.Floor)*(1+math.Cos(math.Pi*epoch/float64(epochs)))/2)
	default:
		panic(fmt.Sprintf("internal error: learning rate curve %d", s.Curve))
	}
}

// describe says all that the rate of a step depends on beside Config.Rate: of the epochs' number only the cosine does.
func (s Schedule) describe(epochs int) string {
	var text string
	switch s.Curve {
	case Constant:
		text = "constant"
	case Step:
		text = fmt.Sprintf("step(every: %v, factor: %v)", s.Every, s.Factor)
	case Cosine:
		text = fmt.Sprintf("cosine(floor: %v) over %d epochs", s.Floor, epochs)
	default:
		panic(fmt.Sprintf("internal error: learning rate curve %d", s.Curve))
	}
	if s.Warmup > 0 {
		text += fmt.Sprintf(", warmup: %v", s.Warmup)
	}
	return text
}
