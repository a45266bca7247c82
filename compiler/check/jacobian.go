package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// maxRows is the most values of a code whose Jacobian behind several layers is computed, and manyTimes how many times the work of a step
// without it is worth a warning.
const maxRows, manyTimes = 256, 10

// isShallow reports whether the encoder is one dense layer with at most one activation: then the squared norm of the Jacobian is a sum over
// the values of the code.
func (d *design) isShallow() bool {
	activations := 0
	for _, s := range d.code.steps[min(1, len(d.code.steps)):] {
		a, ok := s.(activate)
		if !ok {
			return false
		}
		if a.activation.Func != nn.Identity {
			activations++
		}
	}
	return len(d.encoder) == 0 && activations <= 1
}

// checkJacobian sees that the Jacobian of the code by the input has a formula, and not too many rows.
func (c *checker) checkJacobian(d *design, at source.Span) {
	for _, s := range d.code.steps {
		if k, ok := s.(topk); ok {
			c.add(source.Diagnostic{
				Code: source.DeepJacobian, Span: at, Message: "`contractive` takes the derivative of every value of the code, and `topk` leaves most of them none",
				Hint:    "leave one of the two out: `topk` alone keeps a code from learning the identity",
				Related: []source.Related{{Span: k.at, Message: "what is not kept does not depend on the input"}},
			})
			return
		}
	}
	if d.isShallow() || d.code.contractive.strength == 0 {
		return
	}
	if n := d.code.size; n > maxRows {
		c.add(source.Diagnostic{
			Code: source.DeepJacobian, Span: at, Message: fmt.Sprintf("behind several layers `contractive` is a backward pass for each value of the code, and %s are too many", values(n)),
			Expected: "a code of at most " + values(maxRows), Found: values(n),
			Hint: "choose a smaller code, or write `encoder { }` with the layer as the bottleneck: then the penalty is one sum",
		})
	}
}

// warnJacobian warns of a Jacobian that costs many times what else a step of training does.
func (c *checker) warnJacobian(d *design) {
	if d.isShallow() || d.code.contractive.strength == 0 {
		return
	}
	encoder := work(d.encoder) + work(d.code.steps)
	n, all := d.code.size, encoder+work(d.decoder.steps)
	if times := 1 + float64(n)*float64(encoder)/float64(all); times > manyTimes {
		c.warning(source.Diagnostic{
			Code: source.CostlyJacobian, Span: d.code.contractive.at,
			Message: fmt.Sprintf("behind several layers `contractive` is %d backward passes through the encoder: a step of training is about %.0f times the work of one without it", n, times),
			Hint:    "choose a smaller code, or write `encoder { }` with the layer as the bottleneck: then the penalty is one sum",
		})
	}
}

// work is the multiply-adds of steps.
func work(steps []step) int {
	n := 0
	for _, s := range steps {
		switch s := s.(type) {
		case dense:
			n += s.in * s.out
		case conv:
			n += s.multiplyAdds()
		case residual:
			n += work(s.body)
		}
	}
	return n
}

// jacobian writes λ·‖∂z/∂x‖²_F of each sample: for each value of z a backward pass to x, as a part of the forward graph, and the sum of its
// squares (Rifai et al., Contractive auto-encoders, 2011, 3).
func (b *builder) jacobian(z, x *ir.Value) {
	s := b.code.contractive
	for j := range z.Type.Dims[1] {
		row := &backward{builder: b, to: map[*ir.Value]*ir.Value{}}
		seed := ir.UnitSlope{Index: j}
		if f, ok := z.Op.(ir.Activate); ok {
			seed.Activation = f.Activation
			row.to[z.Args[0]] = b.Add(seed, z.At, slopeAt(z))
		} else {
			row.to[z] = b.Add(seed, z.At, z)
		}
		for i := z.ID; i > x.ID; i-- {
			if v := b.Values[i]; row.to[v] != nil {
				row.back(v, row.to[v])
			}
		}
		b.terms = append(b.terms, b.Add(ir.Squares{Strength: s.strength}, s.at, row.to[x]))
	}
}

// slopeAt is what the slope of an activation is taken at.
func slopeAt(y *ir.Value) *ir.Value {
	if y.Op.(ir.Activate).Activation.FromOutput() {
		return y
	}
	return y.Args[0]
}

// A backward pass holds what one value of the code passes back to the values before it.
type backward struct {
	*builder
	to map[*ir.Value]*ir.Value
}

func (r *backward) send(v, d *ir.Value) {
	if sum := r.to[v]; sum != nil {
		d = r.Add(ir.Add{}, v.At, sum, d)
	}
	r.to[v] = d
}

// back sends d of y on to y's argument.
func (r *backward) back(y, d *ir.Value) {
	x := y.Args[0]
	switch op := y.Op.(type) {
	case ir.MatMul:
		r.send(x, r.Add(ir.MatMul{TransB: !op.TransB}, y.At, d, y.Args[1]))
	case ir.AddBias, ir.SubBias:
		r.send(x, d)
	case ir.Activate:
		r.send(x, r.Add(ir.ActivateGrad(op), y.At, d, slopeAt(y)))
	case ir.Dropout: // the same mask again
		r.send(x, r.Add(op, y.At, d))
	case ir.Add:
		r.send(x, d)
		r.send(y.Args[1], d)
	default:
		panic(fmt.Sprintf("internal error: no Jacobian of %s", ir.Word(op)))
	}
}
