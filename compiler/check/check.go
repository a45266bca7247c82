// Package check gives a spec its meaning: it resolves names, checks arguments, ranges and shapes,
// and builds the typed forward graph. Every mistake that the text alone does not show is reported here.
package check

import (
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// Options is what the command line adds to a spec.
type Options struct {
	Set map[string]string // values for `let`s, as written: name → number
	// Open returns the spec of a name that stands in another spec; nil where there are no others.
	Open func(name string, in *source.File) (*source.File, error)

	images bool // whether words of images and skips are taken, which are not built yet
}

// Model checks a spec and builds its model. The model is nil where there is an error; there may be warnings with it.
func Model(file *grammar.File, opt Options) (*ir.Model, []source.Diagnostic) {
	c := newChecker(file)
	c.open, c.images = opt.Open, opt.images
	_, m, list := c.model(opt.Set)
	return m, list
}

// model checks the spec. The design and the model are nil where there is an error.
func (c *checker) model(set map[string]string) (*design, *ir.Model, []source.Diagnostic) {
	file := c.file
	if file.Model == nil && len(file.Stmts) == 0 {
		return nil, nil, nil // nothing could be read, and the parser has said so
	}
	c.collect()
	c.override(set)
	c.evaluateLets()
	d := c.design()
	training := c.training(c.sections.train)
	if training.Pretrain.Epochs > 0 && d.from == nil && !source.HasErrors(c.list) && len(file.Broken) == 0 {
		c.layerwise(d, c.pretrainAt)
		c.pretrainedBias(d)
	}
	if training.Pretrain.Epochs > 0 && d.from != nil {
		c.add(source.Diagnostic{
			Code: source.SettingConflict, Span: c.pretrainAt, Message: "an encoder that is taken from another spec is trained already",
			Hint: "leave out `pretrain`", Related: []source.Related{{Span: d.from.At, Message: "the encoder is taken here"}},
		})
	}
	alarm, augment := c.alarm(c.sections.alarm), c.augment(c.sections.augment, d, training)
	c.checkUnusedBlocks()
	if source.HasErrors(c.list) || len(file.Broken) > 0 || file.Model == nil {
		return nil, nil, source.Sorted(c.list)
	}
	c.warn(d, training)
	m := d.model(c)
	m.Training, m.Alarm = training, alarm
	m.Training.Augment = augment
	if training.Pretrain.Epochs > 0 {
		m.Stages = d.stages(c, training)
	}
	if c.sections.alarm != nil {
		m.AlarmAt = c.sections.alarm.At
	}
	return d, m, source.Sorted(c.list)
}

// A checker holds what is known of one spec while it is checked.
type checker struct {
	report
	file         *grammar.File
	sections     sections
	names        map[string]source.Span // where each name of the spec is declared
	lets         []*let
	letsByName   map[string]*let
	evaluating   []*let // those whose expressions are being evaluated, outermost first
	blocks       []*block
	blocksByName map[string]*block
	unfolds      unfolding
	open         func(name string, in *source.File) (*source.File, error)
	users        []*source.File  // specs that take the encoder of this one, the first one first
	pretrainAt   source.Span     // of the setting `pretrain`
	unbuilt      map[string]bool // words of families that are not built yet and have been reported
	images       bool            // whether words of images and skips are taken, which are not built yet
	skips        []*skip
	imageFlow
}

// An imageFlow is what is known of images while data flows.
type imageFlow struct {
	section  ir.Section
	marks    map[string]markedFlow // what the names of lines stand for
	maxPools []pool                // so far, in the order of the data
	coded    int                   // how many of them are before the decoder
	lastGrid nn.Grid               // the last image of the encoder
}

func newChecker(file *grammar.File) *checker {
	return &checker{
		file: file, names: map[string]source.Span{},
		letsByName: map[string]*let{}, blocksByName: map[string]*block{}, unbuilt: map[string]bool{}, imageFlow: imageFlow{marks: map[string]markedFlow{}},
	}
}

// A design is the network of a spec: layers with their sizes, and how its output is judged.
type design struct {
	input   input
	target  target
	noise   corruption
	encoder []step
	code    code
	decoder decoder
	loss    loss
	skips   source.Span // where the decoder reads more of the encoder than the code, or not valid
	from    *ir.From    // the spec whose encoder it has, or nil
	names   []string    // of the dense layers in order, in a stage of pretraining; else nil: they follow from the section
}

// design checks the sections in the order in which data flows. What it returns is whole only where no error was reported.
func (c *checker) design() *design {
	d := &design{input: c.input(c.sections.input)}
	d.target = c.target(c.sections.target, d.input)
	d.noise = c.corruption(c.sections.corrupt)
	encoder, code := c.encoder(c.sections.encoder), code{}
	if s := c.sections.encoder; s != nil && s.From != nil {
		encoder, code = c.borrow(s, d)
	} else {
		code = c.bottleneck(c.sections.bottleneck)
	}
	dec := c.decoder(c.sections.decoder)
	d.loss = c.loss(c.sections.reconstruct)
	back := dec.steps
	if dec.mirror {
		back = encoder
	}
	if c.unfolds.full || !c.fewEnough(encoder, code.steps, back) {
		return d
	}
	said := len(c.list)
	d.code = code
	d.decoder = dec
	whole := *d
	whole.encoder = encoder
	c.sizes(d, encoder)
	c.hintSizes(&whole, said)
	c.checkSkips(d)
	c.checkImages(d)
	c.checkLink(d)
	c.checkPreBias(d)
	c.checkDead(d)
	c.checkCompared(d)
	c.checkLikelihood(d)
	c.checkUnits(d)
	c.checkParameters(d)
	c.checkConstraints(d)
	return d
}

// sizes gives the layers of a design their sizes, beginning with those of the encoder.
func (c *checker) sizes(d *design, encoder []step) {
	now := d.input.flow()
	c.section = ir.Encoder
	d.encoder, now = c.shape(c.sure("encoder", encoder), now)
	c.section = ir.Bottleneck
	d.code.steps, now = c.shape(c.sure("bottleneck", d.code.steps), now)
	d.code.size, d.code.grid = now.size, now.grid
	c.noteGrid(now)
	c.section, c.coded = ir.Decoder, len(c.maxPools)
	now.pool = 0
	d.decoder = c.end(d.decoder, d, now)
}
