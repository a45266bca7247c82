package plan

import (
	"fmt"
	"strings"
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
		by = append(by, fmt.Sprintf("%s %d times", f.Strip.Name, f.Strips))
	}
	if f.End != nil {
		by = append(by, f.End.Name)
	}
	text += ": " + strings.Join(by, ", then ")
	if f.Row != nil {
		text += fmt.Sprintf("; one sample: %s, %d groups, up to %d a call", f.Row.Name, f.Groups, f.Call)
	}
	if f.Rest != nil {
		text += "; rest: " + f.Rest.Name
	}
	return text
}

// String is the update as the plan shows it.
func (u *FastUpdate) String() string {
	text := "by " + u.Gradient.Name
	if u.Step != nil {
		text += ", in training by " + u.Step.Name
	}
	text += fmt.Sprintf(", %d tiles, up to %d and %d samples a call", u.Tiles, u.TileCall, u.Samples)
	for _, f := range []*Function{u.Copy, u.CopyLast} {
		if f != nil {
			text += "; " + f.Name
		}
	}
	return text
}

// byClass says that a loss compares with class numbers.
func byClass(yes bool) string {
	if yes {
		return " and its class"
	}
	return ""
}

func transposed(field string, yes bool) string {
	if yes {
		return field + "ᵀ"
	}
	return field
}

// String is the tile as the text form shows it.
func (t Tile) String() string { return fmt.Sprintf("tile %d×%d, unroll %d", t.Rows, t.Cols, t.Unroll) }
