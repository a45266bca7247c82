package main

import (
	"errors"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/specs"
)

// A layer is dense.
type layer struct {
	Name       string `json:"name"` // its tensors are NAME.weight, [out, in], and NAME.bias
	In         int    `json:"in"`
	Out        int    `json:"out"`
	Activation string `json:"activation"` // "" for none
}

// settings are what a spec says of its network and its training: the loss is the Bernoulli one of logits, summed over a sample
// and averaged over a batch, the optimiser Adam.
type settings struct {
	Code   int     `json:"code"` // numbers
	Layers []layer `json:"layers"`
	Batch  int     `json:"batch"`
	Epochs int     `json:"epochs"`
	Seed   uint64  `json:"seed"`
	Rate   float64 `json:"rate"`
	Beta1  float64 `json:"beta1"`
	Beta2  float64 `json:"beta2"`
	Eps    float64 `json:"eps"`
}

// read compiles a spec of the project. A spec that settings cannot say is refused.
func read(name string) (settings, error) {
	file := name + ".ae"
	text, err := specs.Files.ReadFile(file)
	if err != nil {
		return settings{}, err
	}
	c := compiler.Compile(&source.File{Name: file, Text: string(text)}, compiler.Options{})
	if c.Program == nil {
		return settings{}, errors.New(c.Diagnostics[0].Message)
	}
	return settingsOf(c.Program)
}

func settingsOf(p *plan.Program) (settings, error) {
	t := p.Train.Config
	o := t.Optimizer
	s := settings{Code: p.Code.Len(), Batch: t.Batch, Epochs: t.Epochs, Seed: t.Seed,
		Rate: o.Rate, Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps}
	plain := nn.Training{Batch: t.Batch, Epochs: t.Epochs, Seed: t.Seed,
		Optimizer: nn.Optimizer{Method: nn.Adam, Rate: o.Rate, Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps}}
	if t != plain || p.Loss.Likelihood != nn.Bernoulli || p.Low != p.High {
		return s, errors.New("`reconstruct bernoulli` without a scale, and adam with nothing beside it expected")
	}
	for _, l := range p.Layers {
		if l.Kind != "dense" || l.Tied != "" {
			return s, errors.New("dense layers with weights of their own expected, " + l.Kind + " " + l.Name + " found")
		}
		s.Layers = append(s.Layers, layer{l.Name, l.In, l.Out, l.Activation})
	}
	return s, nil
}
