package nn

import (
	"fmt"
	"math"
)

// Slots names the arrays that an optimiser keeps beside each parameter.
func (o Optimizer) Slots() []string {
	switch o.Method {
	case SGD:
		if o.Momentum == 0 {
			return nil
		}
		return []string{"momentum"}
	case Adam, AdamW:
		return []string{"m", "v"}
	case RMSProp:
		return []string{"v"}
	}
	panic(fmt.Sprintf("internal error: optimiser %d", o.Method))
}

// Name is the method's word in a spec.
func (m Method) Name() string { return [...]string{"sgd", "adam", "adamw", "rmsprop"}[m] }

// Step moves one number w with gradient g, at learning rate rate, in step number t (the first is 1).
// Slots are its entries of Slots and are changed. Weight says that w is a weight and not a bias: only weights decay.
// Decay is Training.Decay.
//
// The rules are those of torch.optim: SGD with momentum and Nesterov (Sutskever et al. 2013),
// Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019), RMSprop (Tieleman and Hinton 2012).
func (o Optimizer) Step(w, g, rate float64, decay Decay, weight bool, t int, slots []float64) float64 {
	if weight {
		g += decay.Gradient(w)
	}
	switch o.Method {
	case SGD:
		return w - rate*o.direction(g, slots)
	case Adam, AdamW:
		if o.Method == AdamW && weight {
			w -= rate * o.Decay * w
		}
		slots[0] = o.Beta1*slots[0] + (1-o.Beta1)*g
		slots[1] = o.Beta2*slots[1] + (1-o.Beta2)*g*g
		m := slots[0] / (1 - math.Pow(o.Beta1, float64(t)))
		v := slots[1] / (1 - math.Pow(o.Beta2, float64(t)))
		return w - rate*m/(math.Sqrt(v)+o.Eps)
	case RMSProp:
		slots[0] = o.Alpha*slots[0] + (1-o.Alpha)*g*g
		return w - rate*g/(math.Sqrt(slots[0])+o.Eps)
	}
	panic(fmt.Sprintf("internal error: optimiser %d", o.Method))
}

// direction is what sgd subtracts: g, or the momentum, or with Nesterov the momentum seen one step ahead.
func (o Optimizer) direction(g float64, slots []float64) float64 {
	if o.Momentum == 0 {
		return g
	}
	slots[0] = o.Momentum*slots[0] + g
	if o.Nesterov {
		return g + o.Momentum*slots[0]
	}
	return slots[0]
}
