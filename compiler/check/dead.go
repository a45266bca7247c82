package check

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar/source"
)

// revival says when values of the code count as dead, and how many of them learn at a time what the others miss. The zero revival is none.
type revival struct {
	after, aux int
	at         source.Span
}

// auxShare is what the loss of the dead values counts beside that of the others: Gao et al. 2024.
const auxShare = 1. / 32

func setDead(_ *checker, z *code, at source.Span, _ string, a arguments) {
	z.dead = revival{after: a.whole("after"), aux: a.whole("aux"), at: at}
}

// checkDead sees that there is a choice of values, and a decoder that they reconstruct a residual by.
func (c *checker) checkDead(d *design) {
	at := d.code.dead.at
	if !at.Valid() || !d.loss.ok || len(d.decoder.steps) == 0 {
		return
	}
	conflict := source.Diagnostic{Code: source.SettingConflict, Span: at}
	_, oneLayer := d.decoder.steps[len(d.decoder.steps)-1].(dense)
	_, choice := d.code.steps[len(d.code.steps)-1].(topk)
	switch {
	case !choice:
		conflict.Message, conflict.Hint = "`dead` needs a code that ends in `topk` or `batch_topk`", "write `topk(32)` behind the bottleneck's layer; values that compete for it can starve"
	case !oneLayer || len(d.decoder.steps) > 1:
		conflict.Message, conflict.Hint = "`dead` needs a decoder of one `dense` layer", "what dead values add to the reconstruction is a sum then"
		conflict.Related = []source.Related{{Span: d.decoder.at, Message: "the decoder is here"}}
	case d.loss.Likelihood != nn.MSE || d.target.own:
		conflict.Message, conflict.Hint = "`dead` needs `reconstruct mse` of the input", "dead values learn to reconstruct what the others miss, by its squared error"
		conflict.Related = []source.Related{{Span: d.loss.at, Message: "the likelihood is here"}}
	case d.code.size > 0 && d.code.dead.aux > d.code.size:
		conflict.Code, conflict.Message = source.TopKSize, "`dead` revives more values than there are"
		conflict.Expected, conflict.Found = fmt.Sprintf("at most %d", d.code.size), fmt.Sprint(d.code.dead.aux)
	default:
		return
	}
	c.add(conflict)
}

// revive adds to each sample's loss a share of the error of a reconstruction to which dead values are added: of what they miss of the residual x - r.
// H are the values that z was chosen from, r is the reconstruction. Both sides are multiplied by the root of the share, so that the
// term is that share of a squared error.
func (b *builder) revive(d *design, h, z, r, target *ir.Value) {
	dead := d.code.dead
	if !b.training || !dead.at.Valid() {
		return
	}
	at := dead.at
	aux := b.Add(ir.DeadTopK{K: dead.aux, After: dead.after}, at, h, z)
	added := b.Add(ir.MatMul{TransB: b.last.transposed}, at, aux, b.last.weight)
	share := ir.Affine{Scale: math.Sqrt(auxShare)}
	b.terms = append(b.terms, b.Add(ir.NLL{Loss: d.loss.Loss}, at, b.Add(share, at, b.Add(ir.Add{}, at, r, added)), b.Add(share, at, target)))
}
