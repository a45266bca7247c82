package check

import (
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// noiseLimits are the ranges of the noises' arguments.
var noiseLimits = [...]limits{
	nn.GaussianNoise:   {low: 0, openLow: true, high: 1e6},
	nn.MaskingNoise:    {low: 0, openLow: true, high: 1, openHigh: true},
	nn.SaltPepperNoise: {low: 0, openLow: true, high: 1, openHigh: true},
	nn.UniformNoise:    {low: 0, openLow: true, high: 1e6},
	nn.DropoutNoise:    {low: 0, openLow: true, high: 1, openHigh: true},
}

var noiseWords = func() []word {
	var words []word
	for _, k := range nn.Noises() {
		words = append(words, word{name: k.Name(), places: []place{noise}, params: []param{realArg(k.Parameter(), noiseLimits[k]).first().orNamed()}})
	}
	return words
}()

// A corruption is what spoils the input in training: noises one after the other, and where the first is written.
type corruption struct {
	noises []nn.Noise
	at     source.Span
}

// corruption checks all `corrupt` lines.
func (c *checker) corruption(lines []*grammar.Corrupt) corruption {
	var all corruption
	for _, line := range lines {
		w, ok := c.find(line.By.Name, noise)
		if !ok {
			continue
		}
		args, ok := c.bind(line.By.Name, line.By.Args, w.params, nil)
		if !ok {
			continue
		}
		if len(all.noises) == 0 {
			all.at = line.At
		}
		for _, k := range nn.Noises() {
			if k.Name() == w.name {
				all.noises = append(all.noises, nn.Noise{Kind: k, Amount: args.real(k.Parameter())})
			}
		}
	}
	return all
}
