// Package compiler runs the stages in order: text to syntax tree, to graphs, to a scheduled program.
package compiler

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/check"
	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/lower"
	"github.com/aegen/aegen/compiler/pass"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/compiler/vectors"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// Options say how to compile.
type Options struct {
	Set     map[string]string // values of `let`s that override the spec's
	Target  plan.Target       // the zero Target is plan.AMD64
	Vectors bool              // compute golden vectors for the generated package's test
	// Open returns the spec of a name that stands in another spec, for `encoder from`; nil where there are no others.
	Open func(name string, in *source.File) (*source.File, error)
}

// A Compilation is what became of a spec. If Diagnostics holds an error, the stages after File are nil.
type Compilation struct {
	File        *grammar.File
	Model       *ir.Model
	Train       *ir.Graph // the training step as differentiated
	Fused       lower.Graphs
	Program     *plan.Program // of float32 weights, unless Reduced
	Diagnostics []source.Diagnostic

	opt  Options
	spec string // for the package's comment
}

// Compile takes a spec through all stages. It panics only on defects of its own.
func Compile(src *source.File, opt Options) *Compilation {
	c := &Compilation{}
	c.File, c.Diagnostics = grammar.Parse(src)
	model, diagnostics := check.Model(c.File, check.Options{Set: opt.Set, Open: opt.Open})
	c.Diagnostics = append(c.Diagnostics, diagnostics...)
	if model == nil || slices.ContainsFunc(c.Diagnostics, func(d source.Diagnostic) bool { return d.Severity == source.Error }) {
		return c
	}
	if opt.Target == (plan.Target{}) {
		opt.Target = plan.AMD64
	}
	c.opt = opt
	c.spec = canonical(src) + overridden(opt.Set)
	c.build(model)
	return c
}

// build takes a checked model through the other stages.
func (c *Compilation) build(model *ir.Model) {
	c.Model = model
	c.Train = grad.Train(model.Objective, model.Training)
	c.Fused = fuse(model, c.Train)
	c.Program = c.lower(plan.Precision{})
}

// Pretraining compiles the models of greedy layer-wise pretraining, in the order in which they are trained; none for a spec without.
// Their parameters have the names that they have in the whole model. They have no golden vectors.
func (c *Compilation) Pretraining() []*Compilation {
	var list []*Compilation
	for _, m := range c.Model.Stages {
		s := &Compilation{File: c.File, opt: c.opt, spec: c.spec}
		s.opt.Vectors = false
		s.build(m)
		list = append(list, s)
	}
	return list
}

// Reduced is the compilation with the program of a precision.
func (c *Compilation) Reduced(precision plan.Precision) *Compilation {
	reduced := *c
	reduced.Program = c.lower(precision)
	return &reduced
}

// lower schedules the program of a precision.
func (c *Compilation) lower(precision plan.Precision) *plan.Program {
	p := lower.Program(c.Model, c.Fused, c.opt.Target, precision)
	p.Spec = c.spec
	p.Fingerprint = fingerprint(c.Model)
	p.From = from(c.Model, p)
	if err := plan.Verify(p); err != nil {
		panic("internal error: " + err.Error())
	}
	if c.opt.Vectors {
		p.Vectors = vectors.Compute(c.Model, p)
	}
	return p
}

// Ranges are the largest magnitudes of the inputs of products over samples of the input's units, for Reduced.
// Params are trained weights [in, out] and biases.
func (c *Compilation) Ranges(params map[string][]float64, samples []float32) map[plan.Factor]float64 {
	return vectors.Ranges(c.Model, c.Program, params, samples)
}

// canonical is the spec's canonical text, or the text itself where it cannot be formatted.
func canonical(src *source.File) string {
	if text, diagnostics := grammar.Format(src); len(diagnostics) == 0 {
		return text
	}
	return src.Text
}

// overridden says which values of `let`s are not those of the text.
func overridden(set map[string]string) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(set)) {
		text += fmt.Sprintf("\n// compiled with %s = %s", name, set[name])
	}
	return text
}

// fuse cuts the entry points out of the forward graph and takes them and the training graph through all passes.
func fuse(m *ir.Model, train *ir.Graph) lower.Graphs {
	code := map[*ir.Value]string{m.Forward.Output(ir.Code): m.Code.Name}
	g := lower.Graphs{
		Encode:      run(ir.Slice(m.Forward, "encode", nil, ir.Code)),
		Reconstruct: run(ir.Slice(m.Forward, "reconstruct", nil, ir.Reconstruction)),
		Score:       run(ir.Slice(m.Forward, "score", nil, ir.Score)),
		Train:       run(train),
	}
	if m.Decodes() {
		g.Decode = run(ir.Slice(m.Forward, "decode", code, ir.Reconstruction))
	}
	switch {
	case m.Forward.Output(ir.LogVariance) != nil:
		g.Posterior = run(ir.Slice(m.Forward, "posterior", nil, ir.Code, ir.LogVariance))
	case m.Forward.Output(ir.Logits) != nil:
		g.Posterior = run(ir.Slice(m.Forward, "posterior", nil, ir.Logits))
	}
	if g.Posterior != nil {
		g.CodeLoss = run(ir.Slice(m.Forward, "code_loss", code, ir.CodeLoss))
	}
	return g
}

func run(g *ir.Graph) *ir.Graph {
	fused, err := pass.Run(g, pass.Default)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return fused
}

// from is the spec whose encoder a model has, or nil.
func from(m *ir.Model, p *plan.Program) *plan.From {
	if m.From == nil {
		return nil
	}
	other := m.From.Model
	f := &plan.From{Name: other.Name, File: other.Source.Base(), Fingerprint: fingerprint(other), Frozen: m.From.Frozen}
	for _, b := range p.Params {
		section, _, _ := strings.Cut(cmp.Or(b.Weight, b.Bias), ".")
		if section == "input" || section == "encoder" || section == "bottleneck" { // what is learned of the data comes with them
			f.Blocks++
		}
	}
	return f
}

// fingerprint names what weights depend on: the forward graph, without places, and what the graph does not say.
// Training settings, comments and the layout of the text do not change it.
func fingerprint(m *ir.Model) string {
	h := sha256.New()
	fmt.Fprintln(h, m.Input.Dims, m.Scale.Low, m.Scale.High, m.Loss)
	if m.Target != nil {
		fmt.Fprintln(h, m.Target.Dims, m.Target.Classes)
		if m.Target.Labels != nil {
			fmt.Fprintln(h, m.Target.Labels)
		}
	}
	fmt.Fprint(h, m.Forward.Text())
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
