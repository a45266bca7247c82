package gosrc

import (
	"fmt"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// goal is what templates say of the spec's target; all but Output is empty where the decoder is compared with the input.
type goal struct {
	Output     string // the type that the decoder makes: Input, Target or Probabilities
	Goal       string // the type of a target: Target or Class
	GoalForm   string // "y = class(10)"
	GoalSize   int    // values of a Target
	Classes    int
	Labels     *nn.Labels // of a Target of classes
	OutputSize string     // the constant of its values
	WithY      string     // ", y" behind samples x
	YList      string     // ", y []Class" behind the parameter x []Input
}

func (g *generator) goal() goal {
	t := g.p.Goal
	if t == nil {
		return goal{Output: g.inputType(), OutputSize: "InputSize"}
	}
	if t.Classes > 0 {
		return goal{Output: "Probabilities", Goal: "Class", GoalForm: fmt.Sprintf("%s = class(%d)", t.Name, t.Classes), Classes: t.Classes, OutputSize: "Classes",
			WithY: ", y", YList: ", y []Class"}
	}
	if t.Labels != nil {
		return goal{Output: "Probabilities", Goal: "Target", GoalForm: labelsForm(t), GoalSize: t.Len(), Labels: t.Labels, OutputSize: "OutputSize", WithY: ", y", YList: ", y []Target"}
	}
	return goal{Output: "Target", Goal: "Target", GoalForm: tensorForm(t.Tensor), GoalSize: t.Len(), OutputSize: "TargetSize", WithY: ", y", YList: ", y []Target"}
}

// labelsForm is a target of labels as a spec says it.
func labelsForm(t *plan.Goal) string {
	return fmt.Sprintf("%s = labels(%d, %d, %v)", t.Name, t.Dims[0], t.Dims[1], t.Labels)
}

// Last is the last class.
func (t goal) Last() int {
	if t.Labels != nil {
		return t.Labels.Classes - 1
	}
	return t.Classes - 1
}

// Checked reports whether targets are classes, which a model may lack.
func (t goal) Checked() bool { return t.Classes > 0 || t.Labels != nil }

// CheckOne is the target of one sample as a list.
func (t goal) CheckOne() string {
	if t.Labels != nil {
		return "arena.One(y)"
	}
	return "arena.One(&y)"
}

// GoalElem is the type of a value of a Target.
func (t goal) GoalElem() string {
	if t.Labels != nil {
		return "int32"
	}
	return "float32"
}

// GoalClasses is Classes, where a template has others.
func (t goal) GoalClasses() int { return t.Classes }

// YParameter is ", y *Target" behind the parameter of a sample.
func (t goal) YParameter() string {
	switch t.Goal {
	case "":
		return ""
	case "Class":
		return ", y Class"
	}
	return ", y *Target"
}

// OneY is the target of a sample behind it, by its index.
func (t goal) OneY(i any) string {
	switch t.Goal {
	case "":
		return ""
	case "Class":
		return fmt.Sprintf(", y[%v]", i)
	}
	return fmt.Sprintf(", &y[%v]", i)
}

// goalDoc documents a routine of a model with a target.
func (g *generator) goalDoc(r *plan.Routine) string {
	what := "the decoded values of " + g.p.Goal.Name
	if g.p.Goal.Labels != nil {
		what = "the probabilities of the classes of each place of " + g.p.Goal.Name
	}
	if g.p.Goal.Classes > 0 {
		what = "the probabilities of the classes of " + g.p.Goal.Name
	}
	switch r.Name {
	case "Decode":
		return fmt.Sprintf("// Decode sets r to %s, from a code. It allocates nothing.", what)
	case "Reconstruct":
		return fmt.Sprintf("// Reconstruct sets r to %s, from x. It allocates nothing.", what)
	case "Score":
		if g.p.Sampled() {
			return fmt.Sprintf("// Score returns the loss of x with its target y, in nats: the divergence of the code's distribution from its prior, plus the mean loss of\n"+
				"// the decodings of %d codes drawn from it. It bounds -log p(y|x) from above. That loss is %s.\n"+
				"// The draws are the same for all samples. It allocates nothing.", nn.Draws, g.goalLossDoc())
		}
		return "// Score returns the loss of x with its target y: " + g.goalLossDoc() + ".\n// It allocates nothing."
	}
	panic("internal error: no routine " + r.Name)
}

// goalLossDoc says what the score of a sample with a target is.
func (g *generator) goalLossDoc() string {
	switch l := g.p.Loss; {
	case g.p.Goal.Labels != nil:
		weighed, ignored := "", ""
		if g.p.Goal.Labels.Weighted() {
			weighed = ", each times the weight of its class"
		}
		if g.p.Goal.Labels.Ignores {
			ignored = " or Ignore"
		}
		return "the sum of the negative log-likelihoods -log p of the classes of its places" + weighed + ",\n// in nats. It panics if the model has no class y[i]" + ignored
	case g.p.Goal.Classes > 0:
		return "the negative log-likelihood -log p of its class, in nats.\n// It panics if the model has no class y"
	case l.Likelihood == nn.MSE:
		return "the mean of the squared errors of its values"
	case l.Likelihood == nn.Bernoulli:
		return "the negative log-likelihood -Σ (y·log r + (1-y)·log(1-r))\n// of its values, in nats"
	case l.Likelihood == nn.Gaussian && l.Learned:
		return "the negative log-likelihood of its values under normal\n// distributions around r with the deviation that the model has learned, in nats"
	case l.Likelihood == nn.Gaussian:
		return "the negative log-likelihood of its values under normal\n// distributions around r with σ = " + float(l.Std) + ", in nats"
	case l.Likelihood == nn.Poisson:
		return "the negative log-likelihood Σ (r - y·log r + log y!) of its values,\n// counts, in nats. It is NaN where one is no whole number from 0 to 16,777,216"
	case l.Likelihood == nn.Categorical:
		return "the negative log-likelihood -Σ y·log r of its values,\n// a distribution, in nats"
	}
	panic(fmt.Sprintf("internal error: no words for %v", g.p.Loss))
}

// goType is the Go type of one of the caller's buffers.
func (g *generator) goType(b *plan.Buffer) string {
	switch b.External {
	case "x":
		return g.inputType()
	case "z":
		return "Code"
	case "r":
		return g.goal().Output
	case "y":
		return g.goal().Goal
	}
	panic("internal error: no type of " + b.External)
}

// rowType is the type of one sample of a buffer, as kernels take it.
func rowType(b *plan.Buffer) string {
	switch {
	case b.Classes && b.Width > 1:
		return fmt.Sprintf("[%d]int32", b.Width)
	case b.Classes:
		return "Class"
	case b.Compact > 0:
		return compactName(b.Compact)
	}
	return fmt.Sprintf("[%d]float32", b.Width)
}

// rowsOf is a caller's slice as kernels take it.
func rowsOf(b *plan.Buffer, slice string) string {
	if b.Classes && b.Width == 1 {
		return slice
	}
	return fmt.Sprintf("arena.Cast[%s](%s)", rowType(b), slice)
}
