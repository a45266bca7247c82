package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// model is what the template of the model's file shows.
type model struct {
	header
	Doc, InputForm, ImageDoc, Scale string
	CodeDoc                         string // what codes are made of, the end of a sentence
	InputValues, GoalValues         string // what samples and targets have to be, or ""
	MetadataScale                   bool
	From                            *plan.From // the spec whose encoder the model has, or nil
	ParamCount                      int
	Params                          []*plan.Param
	Routines                        []routine
	Transposed                      []*plan.Param // the blocks with a transposed copy
	Tied                            bool          // whether the model needs the copies
	Pool                            bool          // whether any routine's arena is pooled
	PoolFloats                      int
	Format                          string       // of reduced weights, or ""
	Blocks                          string       // the package that moves blocks: block or reduced
	Alarm                           *nn.Alarm    // the rate of alarms that the spec asks for, or nil
	WeightsFormat                   string       // the packages that share calibrations: see plan.Precision.Scores
	Explain                         *explanation // or nil
	ExplainMath                     bool
	Mean, LogDeviation              string // value i of what is learned of the data, as Go source
}

// Fmt reports whether the file formats messages.
func (m model) Fmt() bool { return m.MetadataScale || m.Checked() }

// routine is one entry point and its batch form.
type routine struct {
	Name, Method, Doc           string
	Parameters, BatchParameters string
	Result                      string
	One                         string // arguments of the method for one sample
	InName, OutName             string
	CastIn, CastOut             string
	Chunk, Arena                int
	Split                       string // of a team's batch
	Pool, PoolOne               bool   // whether the arena of a chunk, of one sample, is pooled
	Steps                       string // the method
	RowIn, RowOut               bool   // whether the caller's samples become rows first, and rows become samples
	Whole                       string // the function that runs the routine by a network where it can, or ""
	Goal                        string // targets as kernels take them, of a routine that compares with them, or ""
}

func (g *generator) model() model {
	m := model{header: g.header(), Doc: g.packageDoc(), CodeDoc: g.codeDoc(), InputValues: g.valuesDoc(g.p.Goal == nil), GoalValues: g.valuesDoc(g.p.Goal != nil), InputForm: tensorForm(g.p.Input), ParamCount: g.p.ParamCount(), Params: g.p.Params, Tied: g.p.Tied()}
	for _, p := range g.p.Params {
		if p.Transposed {
			m.Transposed = append(m.Transposed, p)
		}
	}
	if g.p.Train != nil {
		m.From = g.p.From
	}
	m.Blocks, m.WeightsFormat, m.Alarm = "block", g.p.Precision.Scores(), g.alarm()
	if g.p.Standard {
		m.Mean, m.LogDeviation = g.learned("m.w", "input.mean"), g.learned("m.w", "input.log_deviation")
	}
	m.Explain, m.ExplainMath = g.explanation(), g.explainMath()
	if g.p.Precision.Format != plan.Float32 {
		m.Format, m.Blocks = g.p.Precision.Format.String(), "reduced"
	}
	if len(g.p.Input.Dims) > 1 {
		m.ImageDoc = "Rows follow each other, and the channels of a pixel, where there are several."
	}
	if g.scaled() {
		m.MetadataScale, m.Scale = true, fmt.Sprintf("range(%s, %s)", float(g.p.Low), float(g.p.High))
	}
	for _, r := range g.p.Routines {
		m.Routines = append(m.Routines, g.routine(r))
	}
	for _, r := range g.p.All() {
		if r.Storage == plan.Pool {
			m.Pool = true
			m.PoolFloats = max(m.PoolFloats, r.Chunk*r.Arena)
		}
	}
	return m
}

func (g *generator) scaled() bool { return g.p.Low != g.p.High }

// tensorForm is a tensor as the spec says it: x = image(28, 28).
func tensorForm(t plan.Tensor) string {
	form := "vector"
	if len(t.Dims) > 1 {
		form = "image"
	}
	return fmt.Sprintf("%s = %s(%s)", t.Name, form, strings.Trim(strings.ReplaceAll(fmt.Sprint(t.Dims), " ", ", "), "[]"))
}

func (g *generator) routine(r *plan.Routine) routine {
	in, out := r.In[0], r.Out
	t := routine{Name: r.Name, Method: strings.ToLower(r.Name[:1]) + r.Name[1:], InName: in.Name, OutName: out.Name, Chunk: r.Chunk, Arena: r.Arena, Split: split(r.Split),
		Pool: r.Storage == plan.Pool, PoolOne: r.Single == plan.Pool, Doc: g.routineDoc(r)}
	one := func(b *plan.Buffer) string {
		return fmt.Sprintf("arena.One((*[%d]float32)(%s))", b.Width, b.Name)
	}
	if g.p.Record != nil {
		t.RowIn, t.RowOut = in.Name == "x", out.Name == "r" && g.p.Goal == nil
		one = func(b *plan.Buffer) string {
			if b.Name == "x" || b.Name == "r" && g.p.Goal == nil {
				return fmt.Sprintf("arena.One((*[%d]float32)(&%sRow))", b.Width, b.Name)
			}
			return fmt.Sprintf("arena.One((*[%d]float32)(%s))", b.Width, b.Name)
		}
	}
	t.CastIn, t.CastOut = rowsOf(in, in.Name), rowsOf(out, out.Name)
	if out.External == "score" {
		t.OutName = "s"
		t.Parameters, t.Result = fmt.Sprintf("%s *%s", in.Name, g.goType(in)), " float32"
		t.BatchParameters = fmt.Sprintf("s []float32, %s []%s", in.Name, g.goType(in)) + g.goal().YList
		t.One = "score[:], " + one(in)
		if len(r.In) > 1 {
			y := r.In[1]
			t.Goal = rowsOf(y, y.Name)
			if y.Classes && g.p.Goal.Labels == nil {
				t.Parameters += ", y Class"
				t.One += ", arena.One(&y)"
			} else {
				t.Parameters += ", y *Target"
				t.One += fmt.Sprintf(", arena.One((*%s)(y))", rowType(y))
			}
		}
		t.CastOut = "arena.Cast[[1]float32](s)"
	} else {
		t.Parameters = g.parameterList(out, in, "*")
		t.BatchParameters = g.parameterList(out, in, "[]")
		t.One = one(out) + ", " + one(in)
	}
	t.Steps = g.routineSteps(r, t.Method)
	if r.Network != nil && !partly(r) {
		t.Whole = networkName(r)
	}
	return t
}

// parameterList declares two buffers, together where their types are the same.
func (g *generator) parameterList(out, in *plan.Buffer, prefix string) string {
	if g.goType(out) == g.goType(in) {
		return fmt.Sprintf("%s, %s %s%s", out.Name, in.Name, prefix, g.goType(in))
	}
	return fmt.Sprintf("%s %s%s, %s %s%s", out.Name, prefix, g.goType(out), in.Name, prefix, g.goType(in))
}

func (g *generator) routineDoc(r *plan.Routine) string {
	if g.p.Goal != nil && r.Name != "Encode" {
		return g.goalDoc(r)
	}
	switch r.Name {
	case "Encode":
		if g.p.Sampled() {
			if g.p.Classes() > 0 {
				return "// Encode sets z to the most probable code of x. It allocates nothing."
			}
			return "// Encode sets z to the code of x: the mean of its distribution. It allocates nothing."
		}
		return "// Encode sets z to the code of x. It allocates nothing."
	case "Decode":
		return "// Decode sets r to the reconstruction from a code, in the units of the data. It allocates nothing."
	case "Reconstruct":
		return "// Reconstruct sets r to the decoding of the code of x, in the units of the data. R and x may be the same.\n// It allocates nothing."
	case "Score":
		if g.p.Sampled() {
			return g.boundDoc()
		}
		return "// Score returns the loss of x: " + g.lossDoc() + ".\n// A sample unlike the training data scores high. It allocates nothing."
	}
	panic("internal error: no routine " + r.Name)
}

// boundDoc says what the score of a variational model is.
func (g *generator) boundDoc() string {
	prior := "prior N(0, 1)"
	if g.p.Classes() > 0 {
		prior = "uniform prior"
	}
	return fmt.Sprintf("// Score returns the negative of the evidence bound of x, in nats: the divergence of the code's distribution from the "+prior+",\n"+
		"// plus the mean loss of the decodings of %d codes drawn from it. That loss is %s.\n"+
		"// The draws are the same for all samples, so a score depends on x alone. A sample unlike the training data scores high. It allocates nothing.", nn.Draws, g.lossDoc())
}

// lossDoc says what a score is, in which units.
func (g *generator) lossDoc() string {
	scaled := ""
	if g.p.Standard {
		scaled = ",\n// of values less their mean by their deviation in the training data"
	}
	if g.scaled() {
		scaled = fmt.Sprintf(",\n// of values scaled by range(%s, %s)", float(g.p.Low), float(g.p.High))
	}
	switch g.p.Loss.Likelihood {
	case nn.MSE:
		return "the mean of the squared errors of its values" + scaled
	case nn.Fields:
		return "the negative log-likelihood of its fields, in nats: of numbers the density in the units of the data,\n// of classes and counts the probability"
	case nn.Bernoulli:
		return "the negative log-likelihood -Σ (x·log r + (1-x)·log(1-r)) of its values, in nats" + scaled
	case nn.Gaussian:
		if g.p.Loss.Learned {
			return "the negative log-likelihood of its values under normal distributions\n// around their reconstruction with the deviation that the model has learned, in nats" + scaled
		}
		return "the negative log-likelihood of its values under normal distributions\n// around their reconstruction with σ = " + float(g.p.Loss.Std) + ", in nats" + scaled
	}
	if g.p.Loss.Likelihood == nn.Poisson {
		return "the negative log-likelihood Σ (r - x·log r + log x!) of its values, counts, in nats.\n// It is NaN where a value is no whole number from 0 to 16,777,216"
	}
	if g.p.Loss.Likelihood == nn.Categorical {
		return "the negative log-likelihood -Σ x·log r of its values, a distribution, in nats" + scaled
	}
	panic(fmt.Sprintf("internal error: no words for %v", g.p.Loss))
}
