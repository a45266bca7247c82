package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
)

// The words of `train` and their parameters. Defaults are those of torch.optim.

var (
	rate = limits{low: 0, openLow: true, high: 1e6}
	eps  = realArg("eps", limits{low: 1e-30, high: 1}).or(1e-8)
)

var optimizerWords = []word{
	{name: "sgd", places: []place{optimizer}, params: []param{
		realArg("lr", rate).or(1e-3), realArg("momentum", below1).or(0), flagArg("nesterov"),
	}},
	{name: "adam", places: []place{optimizer}, params: []param{
		realArg("lr", rate).or(1e-3), realArg("beta1", below1).or(0.9), realArg("beta2", below1).or(0.999), eps,
	}},
	{name: "adamw", places: []place{optimizer}, params: []param{
		realArg("lr", rate).or(1e-3), realArg("beta1", below1).or(0.9), realArg("beta2", below1).or(0.999), eps,
		realArg("decay", atLeast0).or(0.01),
	}},
	{name: "rmsprop", places: []place{optimizer}, params: []param{
		realArg("lr", rate).or(1e-2), realArg("alpha", below1).or(0.99), eps,
	}},
}

var warmup = realArg("warmup", limits{low: 0, high: 1e6}).or(0)

var scheduleWords = []word{
	{name: "constant", places: []place{schedule}, params: []param{warmup}},
	{name: "step", places: []place{schedule}, params: []param{
		realArg("every", limits{low: 0, openLow: true, high: 1e6}), realArg("factor", limits{low: 0, openLow: true, high: 1}).or(0.1), warmup,
	}},
	{name: "cosine", places: []place{schedule}, params: []param{realArg("floor", upTo1).or(0), warmup}},
}

var clipWords = []word{
	{name: "norm", places: []place{clipping}, params: []param{realArg("max", positive).first()}},
	{name: "value", places: []place{clipping}, params: []param{realArg("max", positive).first()}},
}

// strength is the λ of a penalty.
var strength = realArg("strength", limits{low: 0, high: 1e6}).first()

var decayWords = []word{
	{name: "l2", places: []place{decay}, params: []param{strength}},
	{name: "l1", places: []place{decay}, params: []param{strength}},
}

var stopWords = []word{
	{name: "early", places: []place{stopping}, params: []param{intArg("patience", 1, 1e6).or(5), realArg("delta", atLeast0).or(0)}},
}

// The learning rate of pretraining is the optimizer's where none is written.
var pretrainWords = []word{
	{name: "layers", places: []place{pretraining}, params: []param{intArg("epochs", 1, 1e6), realArg("lr", rate).or(0)}},
}

func setOptimizer(t *nn.Training, word string, a arguments) {
	o := nn.Optimizer{Rate: a.real("lr"), Eps: a.real("eps")}
	switch word {
	case "sgd":
		o.Method, o.Momentum, o.Nesterov = nn.SGD, a.real("momentum"), a.flag("nesterov")
	case "adam":
		o.Method, o.Beta1, o.Beta2 = nn.Adam, a.real("beta1"), a.real("beta2")
	case "adamw":
		o.Method, o.Beta1, o.Beta2, o.Decay = nn.AdamW, a.real("beta1"), a.real("beta2"), a.real("decay")
	case "rmsprop":
		o.Method, o.Alpha = nn.RMSProp, a.real("alpha")
	default:
		panic(fmt.Sprintf("internal error: the optimizer %s has no meaning", word))
	}
	t.Optimizer = o
}

func setSchedule(t *nn.Training, word string, a arguments) {
	s := nn.Schedule{Warmup: a.real("warmup")}
	switch word {
	case "constant":
		s.Kind = nn.Constant
	case "step":
		s.Kind, s.Every, s.Factor = nn.Step, a.real("every"), a.real("factor")
	case "cosine":
		s.Kind, s.Floor = nn.Cosine, a.real("floor")
	default:
		panic(fmt.Sprintf("internal error: the schedule %s has no meaning", word))
	}
	t.Schedule = s
}

func setDecay(t *nn.Training, word string, a arguments) {
	t.Decay = nn.Decay{Kind: nn.L2Decay, Strength: a.real("strength")}
	if word == "l1" {
		t.Decay.Kind = nn.L1Decay
	}
	if t.Decay.Strength == 0 {
		t.Decay = nn.Decay{}
	}
}

func setClip(t *nn.Training, word string, a arguments) {
	t.Clip.Max = a.real("max")
	switch word {
	case "norm":
		t.Clip.Kind = nn.ClipNorm
	case "value":
		t.Clip.Kind = nn.ClipValue
	default:
		panic(fmt.Sprintf("internal error: the clipping %s has no meaning", word))
	}
}
