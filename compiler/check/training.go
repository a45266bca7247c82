package check

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A setting is one row of the table of `train`: a number, or a word with arguments.
type setting struct {
	name  string
	value *param // of a setting that is a number, else nil
	place place  // of a setting that is a word
	like  string
	apply func(t *nn.Training, word string, args arguments) // args holds a number under the setting's name
}

const maxWhole = 1 << 53 // float64 holds all integers up to here

func numberOf(p param) *param { return &p }

var settings = []setting{
	{name: "optimizer", place: optimizer, like: "optimizer adam(lr: 1e-3)", apply: setOptimizer},
	{name: "schedule", place: schedule, like: "schedule cosine", apply: setSchedule},
	{name: "batch", value: numberOf(intArg("batch", 1, 1<<20)), like: "batch 128",
		apply: func(t *nn.Training, _ string, a arguments) { t.Batch = a.whole("batch") }},
	{name: "epochs", value: numberOf(intArg("epochs", 1, 1e6)), like: "epochs 20",
		apply: func(t *nn.Training, _ string, a arguments) { t.Epochs = a.whole("epochs") }},
	{name: "seed", value: numberOf(intArg("seed", 0, maxWhole)), like: "seed 1",
		apply: func(t *nn.Training, _ string, a arguments) { t.Seed = uint64(a.real("seed")) }},
	{name: "clip", place: clipping, like: "clip norm(1)", apply: setClip},
	{name: "decay", place: decay, like: "decay l2(1e-4)",
		apply: setDecay},
	{name: "stop", place: stopping, like: "stop early(patience: 5)",
		apply: func(t *nn.Training, _ string, a arguments) {
			t.Stop = nn.Stop{Patience: a.whole("patience"), Delta: a.real("delta")}
		}},
	{name: "pretrain", place: pretraining, like: "pretrain layers(epochs: 5)",
		apply: func(t *nn.Training, _ string, a arguments) {
			t.Pretrain = nn.Pretrain{Epochs: a.whole("epochs"), Rate: a.real("lr")}
		}},
}

var settingWords = func() []word {
	words := make([]word, len(settings))
	for i, s := range settings {
		words[i] = word{name: s.name, places: []place{trainSetting}}
	}
	return words
}()

// Defaults is the training of a spec without a `train` section.
func Defaults() nn.Training {
	return nn.Training{
		Optimizer: nn.Optimizer{Method: nn.Adam, Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8},
		Batch:     128, Epochs: 20, Seed: 1,
	}
}

// training checks the section; s is nil where there is none.
func (c *checker) training(s *grammar.Train) nn.Training {
	t := Defaults()
	if s == nil {
		return t
	}
	found := map[string]source.Span{}
	for _, line := range s.Settings {
		if !c.secondSetting(line, found) {
			c.setting(line, &t)
		}
	}
	c.pretrainAt = found["pretrain"]
	if t.Pretrain.Epochs > 0 && t.Pretrain.Rate == 0 {
		t.Pretrain.Rate = t.Optimizer.Rate
	}
	return t
}

// secondSetting reports a line whose setting is among those found, and notes it where it is not.
func (c *checker) secondSetting(line *grammar.Setting, found map[string]source.Span) bool {
	first, twice := found[line.Name.Name]
	if twice {
		c.add(source.Diagnostic{
			Code: source.SecondSetting, Span: line.At, Message: "a second " + quoted(line.Name.Name),
			Hint: "remove one of the two", Related: []source.Related{{Span: first, Message: "the first is here"}},
		})
	} else {
		found[line.Name.Name] = line.At
	}
	return twice
}

// setting checks one line of `train` and writes what it says into t.
func (c *checker) setting(line *grammar.Setting, t *nn.Training) {
	if _, ok := c.find(line.Name, trainSetting); !ok {
		return
	}
	var row setting
	for _, s := range settings {
		if s.name == line.Name.Name {
			row = s
		}
	}
	if line.Value == nil {
		c.settingForm(line, row.name, row.like, row.place)
		return
	}
	if row.value != nil {
		v := c.argument(row.value, line.Value, nil)
		if v.ok {
			row.apply(t, "", arguments{row.name: v})
		}
		return
	}
	c.wordSetting(line, row, t)
}

func (c *checker) wordSetting(line *grammar.Setting, row setting, t *nn.Training) {
	call, ok := line.Value.(*grammar.Call)
	if !ok {
		c.settingForm(line, row.name, row.like, row.place)
		return
	}
	w, ok := c.find(call.Name, row.place)
	if !ok {
		return
	}
	args, ok := c.bind(call.Name, call.Args, w.params, nil)
	if !ok {
		return
	}
	if args.flag("nesterov") && args.real("momentum") == 0 {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: call.At, Message: "`nesterov` needs a momentum",
			Hint: "write `momentum: 0.9` beside it",
		})
	}
	row.apply(t, w.name, args)
}

func (c *checker) settingForm(line *grammar.Setting, name, like string, what place) {
	d := source.Diagnostic{
		Code: source.SettingForm, Span: line.At, Message: fmt.Sprintf("%s needs a value behind it", quoted(name)),
		Hint: "write " + quoted(like),
	}
	switch {
	case line.Value != nil:
		d.Span = line.Value.Span()
		d.Message = fmt.Sprintf("%s is no %s", textOf(d.Span), what)
	case line.Args != nil:
		d.Message = fmt.Sprintf("%s is written without parentheses", quoted(name))
	}
	c.add(d)
}
