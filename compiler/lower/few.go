package lower

import (
	"slices"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// sparser is how many times wider than its kept values a code is at least that counts as one of few values, and sparserDead the same for dead
// values. Below that, products over the whole row take no longer than reading single rows of weights; of dead values there are fewer once they learn.
const sparser, sparserDead = 8, 4

// few decides whether products and updates read only the values of a code that are not 0: then the decoder's weights are a block by rows, of which
// only the rows of those values are read, and so are gradients. The graphs may use the code in no other way.
func (l *lowerer) few(g Graphs) {
	weight := ""
	for _, graph := range []*ir.Graph{g.Reconstruct, g.Score, g.Train} {
		w, ok := fewIn(graph)
		if !ok || l.outputs(w)%plan.Panel != 0 || weight != "" && w != weight {
			return
		}
		weight = w
	}
	for _, v := range g.Train.Values {
		switch op := v.Op.(type) {
		case ir.TopK:
			l.kept = op.K
		case ir.BatchTopK:
			l.kept = op.K
		case ir.KeptGrad: // else the encoder is not trained
			l.byRow = weight
		}
	}
}

// outputs is the number of outputs of a weight. Rows of whole panels lie one behind the other.
func (l *lowerer) outputs(weight string) int {
	for _, v := range l.m.Forward.Params() {
		if v.Op.(ir.Param).Name == weight {
			return width(v)
		}
	}
	return 0
}

// codesOf are the values of a graph that keep some values and set the others to 0: of a code, and of what is dead in it. It reports whether few are
// kept of many.
func codesOf(g *ir.Graph) (codes []*ir.Value, few bool) {
	chosen := 0
	few = true
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case ir.TopK:
			few = few && width(v) >= sparser*op.K
			chosen++
		case ir.BatchTopK:
			few = few && width(v) >= sparser*op.K
			chosen++
		case ir.Above:
			chosen++
		case ir.DeadTopK:
			few = few && width(v) >= sparserDead*op.K
		default:
			continue
		}
		codes = append(codes, v)
	}
	return codes, few && chosen == 1
}

// fewIn returns the weight that a graph multiplies its codes of few values with, if it does nothing else with them.
func fewIn(g *ir.Graph) (weight string, ok bool) {
	codes, ok := codesOf(g)
	if !ok {
		return "", false
	}
	u := usesOf(g)
	var w *ir.Value
	for _, z := range codes {
		by, ok := u.ofCode(z)
		if !ok || !fromDense(z.Args[0]) || w != nil && by != w {
			return "", false
		}
		w = by
	}
	if !u.ofWeight(w, codes) {
		return "", false
	}
	return w.Op.(ir.Param).Name, true
}

// fromDense reports whether a value is the sums of a layer, perhaps their positive part.
func fromDense(h *ir.Value) bool {
	op, ok := h.Op.(ir.Dense)
	return ok && !op.TransW && (op.Activation.Func == nn.Identity || op.Activation.Func == nn.ReLU)
}

// uses are the values of a graph that have a value among their arguments.
type uses map[*ir.Value][]*ir.Value

func usesOf(g *ir.Graph) uses {
	u := uses{}
	for _, v := range g.Values {
		for _, a := range v.Args {
			u[a] = append(u[a], v)
		}
	}
	return u
}

// ofCode returns the weight that a code is multiplied with, if all uses of the code and its gradient can be over few values.
func (u uses) ofCode(z *ir.Value) (w *ir.Value, ok bool) {
	for _, v := range u[z] {
		switch op := v.Op.(type) {
		case ir.Dense:
			if v.Args[0] != z || op.TransW || op.Activation.Func != nn.Identity || w != nil {
				return nil, false
			}
			w = v.Args[1]
		case ir.DenseGrad: // the product of dead values with the weight
			if v.Args[0] != z || !op.TransW || len(v.Args) != 2 || w != nil {
				return nil, false
			}
			w = v.Args[1]
		case ir.DeadTopK: // which counts the values that are 0
			if v.Args[0] == z {
				return nil, false
			}
		case ir.KeptGrad:
			if v.Args[1] != z || !u.passedOn(v) {
				return nil, false
			}
		case ir.WeightGrad, ir.WeightUpdate:
			if !inPairs(v, 0, z) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return w, w != nil
}

// inPairs reports whether a gradient or an update has a value in its pairs, and on no other side than this one.
func inPairs(v *ir.Value, side int, of *ir.Value) bool {
	for i, a := range v.Args {
		if a == of && (i < pairsAt(v) || (i-pairsAt(v))%2 != side) {
			return false
		}
	}
	return true
}

// passedOn reports whether the gradient d of a code is made by a product with the decoder's weight, and used as that of few values.
func (u uses) passedOn(d *ir.Value) bool {
	op, ok := d.Args[0].Op.(ir.DenseGrad)
	return ok && !op.TransW && op.Activation.Func == nn.Identity && len(u[d.Args[0]]) == 1 && u.ofFew(d)
}

// ofFew reports whether the gradient d of codes is used for the encoder's weight and for what is subtracted from its input alone, perhaps in a sum
// of such gradients.
func (u uses) ofFew(d *ir.Value) bool {
	for _, v := range u[d] {
		switch op := v.Op.(type) {
		case ir.WeightGrad, ir.WeightUpdate:
			if len(v.Args) != pairsAt(v)+2 || !inPairs(v, 1, d) {
				return false
			}
		case ir.DenseGrad:
			if v.Args[0] != d || op.TransW || !u.onlyThrough(v) {
				return false
			}
		case ir.Add:
			for _, a := range v.Args {
				if _, ok := a.Op.(ir.KeptGrad); !ok {
					return false
				}
			}
			if !u.ofFew(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyThrough reports whether a gradient of the encoder's input is only subtracted, and that summed over the samples.
func (u uses) onlyThrough(dx *ir.Value) bool {
	if len(dx.Args) != 2 || len(u[dx]) != 1 {
		return false
	}
	sub := u[dx][0]
	if _, ok := sub.Op.(ir.Sub); !ok || sub.Args[1] != dx || len(u[sub]) != 1 {
		return false
	}
	_, ok := u[sub][0].Op.(ir.SumBatch)
	return ok
}

// ofWeight reports whether a weight is used for codes alone, and moved as a block by rows can be.
func (u uses) ofWeight(w *ir.Value, codes []*ir.Value) bool {
	for _, v := range u[w] {
		switch op := v.Op.(type) {
		case ir.Dense:
			if !slices.Contains(codes, v.Args[0]) {
				return false
			}
		case ir.DenseGrad:
			if op.TransW {
				if !slices.Contains(codes, v.Args[0]) {
					return false
				}
			} else if _, ok := u[v][0].Op.(ir.KeptGrad); !ok || !slices.Contains(codes, u[v][0].Args[1]) {
				return false
			}
		case ir.Update:
			if op.Unit == nn.UnitColumns {
				return false
			}
		case ir.WeightUpdate:
			if op.Update.Unit == nn.UnitColumns {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// pairsAt is the number of arguments before the pairs of a gradient or an update.
func pairsAt(v *ir.Value) int {
	op, ok := v.Op.(ir.WeightUpdate)
	switch {
	case !ok:
		return 0
	case op.Update.Bias:
		return 2
	}
	return 1
}
