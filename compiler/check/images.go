package check

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// checkImages refuses settings of the code that have no meaning for layers of images.
func (c *checker) checkImages(d *design) {
	conflict := source.Diagnostic{Code: source.SettingConflict}
	if at := d.code.contractive.at; at.Valid() && d.code.contractive.strength > 0 {
		for _, s := range d.chain() {
			if isSpatial(s) && !passes(s) {
				conflict.Code, conflict.Span, conflict.Message = source.DeepJacobian, at, "`contractive` takes the Jacobian of `dense` layers"
				conflict.Hint = "leave it out, or write `corrupt gaussian(std: 0.1)`: noise asks of an encoder nearly the same"
				c.add(conflict)
				break
			}
		}
	}
	if len(d.code.steps) == 0 {
		return
	}
	layer, ok := d.code.steps[0].(conv)
	if !ok {
		return
	}
	for _, s := range []struct {
		name string
		at   source.Span
	}{{"orthogonal", d.code.orthogonal.at}, {"unit_norm", d.code.unitNorm}, {"pre_bias", d.code.preBias}} {
		if s.at.Valid() {
			conflict.Code, conflict.Span, conflict.Message = source.SettingConflict, s.at, fmt.Sprintf("%s needs a code that `dense` makes", quoted(s.name))
			conflict.Hint = "leave it out, or write `dense(32)`, which takes an image as its values"
			conflict.Related = []source.Related{{Span: layer.at, Message: "this code is an image"}}
			c.add(conflict)
		}
	}
}

// warnSkips warns of a decoder that sees the input beside the code, so that the code need not say anything.
func (c *checker) warnSkips(d *design) {
	if !d.skips.Valid() || d.noisy() || d.target.own {
		return
	}
	for _, s := range d.decoder.steps {
		if j, ok := s.(join); ok && j.across {
			c.warning(source.Diagnostic{
				Code: source.IdentityCode, Span: j.at, Message: fmt.Sprintf("the decoder sees the encoder by %s, and can learn the identity past the code", quoted(j.of.Name)),
				Hint: "give the model another target, or write `corrupt gaussian(std: 0.3)`, so that a copy has an error",
			})
			return
		}
	}
}
