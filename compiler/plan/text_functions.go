package plan

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// functionsOf is how an operation runs by assembly functions, or "".
func functionsOf(op Op) string {
	var f *Function
	switch op := op.(type) {
	case *Product:
		return op.Fast.String()
	case *ReducedProduct:
		return op.Fast.String()
	case *BackProduct:
		return op.Fast.String()
	case *Affine:
		f = op.Fast
	case *Corrupt:
		f = op.Fast
	case *TopK:
		return op.Fast.String()
	case *RowsProduct:
		f = op.Fast
	case *RowsGrad:
		f = op.Fast
	case *GaussianLoss:
		f = op.Fast
	case *Standardise:
		f = op.Fast
	case *Features:
		f = op.Fast
	case *FieldLoss:
		f = op.Fast
	case *Discrete:
		if op.Softmax != nil {
			return op.Fast.Name + ", then " + op.Softmax.Name
		}
		f = op.Fast
	case *Quantize:
		f = op.Fast
	case *Pooling:
		f = op.Fast
	case *Upsample:
		f = op.Fast
	case *DrawFixed:
		f = op.Fast
	case *Divergence:
		f = op.Fast
	case *Posterior:
		f = op.Fast
	case *PosteriorGrad:
		f = op.Fast
	case *Activate:
		f = op.Fast
	case *ActivateGrad:
		f = op.Fast
	case *Add:
		f = op.Fast
	case *Softmax:
		f = op.Fast
	case *Penalize:
		f = op.Fast
	case *PenalizeGrad:
		f = op.Fast
	case *ActivateCurve:
		f = op.Fast
	case *Squares:
		f = op.Fast
	case *Score:
		f = op.Fast
	case *LossGrad:
		f = op.Fast
	}
	if f == nil {
		return ""
	}
	return f.Name
}

// String is the noise as the plan shows it.
func (n Noise) String() string { return fmt.Sprintf("%v of stream %#x", n.Noise, n.Stream) }

// String is the product as the plan shows it.
func (f *Fast) String() string {
	if f == nil {
		return ""
	}
	text := fmt.Sprintf("up to %d samples a call", f.Samples)
	var by []string
	if f.Strip != nil {
		by = append(by, f.Strip.Name+" "+times(f.Strips))
	}
	if f.End != nil {
		by = append(by, f.End.Name)
	}
	text += ": " + strings.Join(by, ", then ")
	if f.Row != nil {
		text += fmt.Sprintf("; one sample: %s, %s, up to %d a call", f.Row.Name, counted(f.Groups, "group"), f.Call)
	}
	switch {
	case f.Rest != nil && f.Row == nil:
		text += "; one sample: " + f.Rest.Name
	case f.Rest != nil:
		text += ", then " + f.Rest.Name
	}
	return text
}

// String is the update as the plan shows it.
func (u *FastUpdate) String() string {
	text := "by " + u.Gradient.Name
	if u.Step != nil {
		text += ", in training by " + u.Step.Name
	}
	if u.Tiles == 0 {
		text += ", less than a tile"
	} else {
		text += fmt.Sprintf(", %s, up to %d a call", counted(u.Tiles, "tile"), u.TileCall)
	}
	text += fmt.Sprintf(", %d samples", u.Samples)
	for _, f := range []*Function{u.Copy, u.CopyLast} {
		if f != nil {
			text += "; " + f.Name
		}
	}
	return text
}

// byClass says that a loss compares with class numbers.
func byClass(loss nn.Loss, yes bool) string {
	switch {
	case loss.Labels != nil:
		return " with a class for each place, " + loss.Labels.String()
	case yes:
		return " with a class"
	}
	return ""
}

// activated is an activation of a formula.
func activated(a nn.Activation, of string) string {
	if a.Func == nn.Identity {
		return of
	}
	return fmt.Sprintf("%v(%s)", a, of)
}

// sloped is the derivative of an activation as a factor.
func sloped(a nn.Activation) string {
	if a.Func == nn.Identity {
		return ""
	}
	return fmt.Sprintf(" ⊙ %v'", a)
}

// plus is what is added to a gradient d, together times the derivative of an activation.
func plus(what string, slope nn.Activation) string {
	if slope.Func == nn.Identity {
		return "d + " + what
	}
	return fmt.Sprintf("(d + %s)%s", what, sloped(slope))
}

// affine is a formula without a shift of 0.
func affine(scale, shift float64) string {
	if shift == 0 {
		return fmt.Sprintf("y = %.6g·x", scale)
	}
	return fmt.Sprintf("y = %.6g·x + %.6g", scale, shift)
}

// inTurn lists noises.
func inTurn(noises []nn.Noise) string {
	words := make([]string, len(noises))
	for i, n := range noises {
		words[i] = n.String()
	}
	return strings.Join(words, ", then ")
}

func counted(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func transposed(field string, yes bool) string {
	if yes {
		return field + "ᵀ"
	}
	return field
}

// String is the tile as the text form shows it.
func (t Tile) String() string { return fmt.Sprintf("tile %d×%d, unroll %d", t.Rows, t.Cols, t.Unroll) }
