package ir

import "github.com/aegen/aegen/compiler/nn"

// What makes a code of discrete units from its logits, [B, n].
type (
	// Relax is a relaxed draw by the step's bits of a stream: [B, n].
	Relax struct {
		Relaxation nn.Relaxation
		Stream     uint64
	}
	// RelaxGrad is the derivative of Relax by the logits, times dy, at its result y. Args: dy, y.
	RelaxGrad struct{ Relaxation nn.Relaxation }
	// Choose is the most probable code, or with Fixed the fixed draw of number Draw: each unit has one 1, or is 0 or 1.
	Choose struct {
		Relaxation nn.Relaxation
		Fixed      bool
		Draw       int
	}
	// ClassKL is the divergence of each sample's code from the uniform prior as Prior weighs it: [B].
	ClassKL struct {
		Relaxation nn.Relaxation
		Prior      nn.Prior
	}
	// ClassKLGrad is the derivative of ClassKL by the logits, times ds [B]. Args: ds, logits.
	ClassKLGrad struct {
		Relaxation nn.Relaxation
		Prior      nn.Prior
	}
	// AddClassKLGrad is d plus the derivative of the batch's mean ClassKL. Args: d, logits.
	AddClassKLGrad struct {
		Relaxation nn.Relaxation
		Prior      nn.Prior
	}
)

func (Relax) op()          {}
func (RelaxGrad) op()      {}
func (Choose) op()         {}
func (ClassKL) op()        {}
func (ClassKLGrad) op()    {}
func (AddClassKLGrad) op() {}

// classes is the type of an operation on the logits of a discrete code, or why its arguments do not fit.
func classes(op Op, args []Type) (Type, error) {
	same := Samples(width(args, len(args)-1))
	switch op.(type) {
	case Relax, Choose:
		return same, want(args, same)
	case RelaxGrad, AddClassKLGrad:
		return same, want(args, same, same)
	case ClassKL:
		return Floats(Batch), want(args, same)
	}
	return same, want(args, Floats(Batch), same) // ClassKLGrad
}

// classesWord is such an operation as the text form names it.
func classesWord(op Op) string {
	switch op := op.(type) {
	case Relax:
		return "relax[" + op.Relaxation.String() + "]"
	case RelaxGrad:
		return "relax_grad[" + op.Relaxation.String() + "]"
	case Choose:
		if !op.Fixed {
			return "mode[" + op.Relaxation.Units() + "]"
		}
		return "draw[" + op.Relaxation.Units() + ", " + nn.Draw{Kind: nn.FixedDraw, Index: op.Draw}.String() + "]"
	case ClassKL:
		return "class_kl[" + op.Relaxation.Units() + ", " + op.Prior.Uniform() + "]"
	case ClassKLGrad:
		return "class_kl_grad[" + op.Relaxation.Units() + ", " + op.Prior.Uniform() + "]"
	}
	kl := op.(AddClassKLGrad)
	return "add_class_kl_grad[" + kl.Relaxation.Units() + ", " + kl.Prior.Uniform() + "]"
}
