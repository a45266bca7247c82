package pass

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// fold computes what is known: constants, affine maps that change nothing or follow each other, identities.
func fold(g *ir.Graph) *ir.Graph {
	return rewrite(g, func(r *rewriter, v *ir.Value) *ir.Value {
		switch op := v.Op.(type) {
		case ir.Affine:
			return foldAffine(r, v, op)
		case ir.Activate:
			if op.Activation.Func == nn.Identity {
				return r.to[v.Args[0]]
			}
		case ir.ActivateGrad:
			if op.Activation.Func == nn.Identity {
				return r.to[v.Args[0]]
			}
		}
		return nil
	})
}

func foldAffine(r *rewriter, v *ir.Value, op ir.Affine) *ir.Value {
	x := r.to[v.Args[0]]
	if inner, ok := x.Op.(ir.Affine); ok { // s(s'x + t') + t
		op = ir.Affine{Scale: op.Scale * inner.Scale, Shift: op.Scale*inner.Shift + op.Shift}
		x = x.Args[0]
	}
	if fill, ok := x.Op.(ir.Fill); ok {
		return r.out.Leaf(ir.Fill{Value: op.Scale*fill.Value + op.Shift}, x.Type, v.At)
	}
	if op == (ir.Affine{Scale: 1}) {
		return x
	}
	return r.out.Add(op, v.At, x)
}
