package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// trainer is what the template of the trainer's file shows.
type trainer struct {
	header
	State                         string // the type of gradients and of the optimiser's state
	Params                        []*plan.Param
	Batch, Arena                  int
	Panels                        string
	Whole                         int      // floats for the whole batch
	Costs                         []string // those that the loss has beside the scores
	Config                        string
	Slots                         []string
	Method                        string
	Blocks                        []*plan.Param
	ClipNorm                      string   // "" without
	Noise                         []string // the keys of a step's noises
	Draws                         []string // the keys of its draws of the code
	Beta                          string   // the weight of the divergence in a step, "" without
	Ramp                          bool     // whether it depends on the time
	Relaxed                       bool     // whether the code is discrete
	Random                        bool     // whether a step draws random numbers
	Penalties                     []string
	LossUnit                      string // ", in nats", or ""
	Materialize                   bool
	Sqrt                          bool
	Tasks                         []task
	TaskNames                     string
	Units                         []task // after all updates
	Gradients                     []gradientCase
	Transposes, Tied              bool
	Refreshes                     bool // whether updates refresh transposed copies
	Fused                         bool
	PoolScores                    bool
	Settings                      string // of the optimiser
	Kept                          keptTraining
	Unbiased                      bool    // whether blocks have no biases
	GradientSamples, FusedSamples bool    // whether gradients, and updates in one with them, count the batch's samples
	Standardised                  []field // the fields whose mean and deviation are learned of data
	Means                         string  // the block of the means
	LogDeviations                 string
	Standards                     int
	LogStandard                   bool // whether any is that of a logarithm
}

// gradientCase is the panels of one block among all panels.
type gradientCase struct {
	First, End int
	Calls      []string
	Fused      string // the call that makes gradient and update in one, or ""
	Transpose  string // the call that refreshes the transposed copy, or ""
}

func (g *generator) trainer() trainer {
	t := g.p.Train
	data := trainer{header: g.header(), State: "parameters", Params: g.p.Params, Batch: t.Config.Batch, Arena: t.Arena, Whole: t.Whole, Panels: split(t.Panels), Config: config(t.Config),
		Slots: t.Config.Optimizer.Slots(), Method: t.Config.Optimizer.Method.Name(), Materialize: t.Materialize, Sqrt: t.Materialize, Tasks: g.tasks(), Tied: g.p.Tied()}
	data.Units = g.units
	for _, task := range slices.Concat(data.Tasks, data.Units) {
		data.TaskNames += task.Name + ", "
	}
	for _, b := range t.Costs {
		data.Costs = append(data.Costs, fmt.Sprintf("t.whole[%d:%d]", b.Offset, b.Offset+b.Width))
	}
	if unit := g.p.Loss.Unit(); unit == "nats" {
		data.LossUnit = ", in nats"
	}
	data.Noise, data.Draws, data.Random, data.Penalties = noiseKeys(t.Noises), drawKeys(t.Draws), g.p.Random(), t.Penalties
	if t.Prior != nil {
		data.Relaxed = t.Relaxation != nil
		data.Beta, data.Ramp = betaOf(*t.Prior), t.Prior.Warmup > 0 || t.Relaxation != nil && t.Relaxation.Anneal > 0
	}
	if t.ClipNorm != 0 {
		data.ClipNorm = float(t.ClipNorm)
	}
	for _, r := range g.p.Routines {
		if r.Name == "Score" {
			data.PoolScores = r.Storage == plan.Pool
		}
	}
	data.Settings, data.Kept = settings(t), g.kept.trimmed()
	data.Unbiased = g.unbiased()
	data.Transposes = slices.ContainsFunc(g.p.Params, func(p *plan.Param) bool { return p.Transposed })
	if g.p.Fixed() {
		data.State = "trained"
	}
	switch { // what is learned of the data may come with another spec's encoder
	case g.p.From != nil:
	case g.p.Record != nil:
		g.standardised(&data)
	case g.p.Standard:
		g.learnsValues(&data)
	}
	end := 0
	for _, u := range t.Updates {
		data.Blocks = append(data.Blocks, u.Param)
		c := gradientCase{First: end, End: end + u.Param.Panels()}
		end = c.End
		for i, pair := range u.Pairs {
			c.Calls = append(c.Calls, g.gradientCall(u, i, pair))
			if u.Rows != nil || u.Gathered() { // all pairs in one
				break
			}
		}
		c.Calls = append(c.Calls, g.terms[u]...)
		if u.Through != nil {
			c.Calls = append(c.Calls, "t.subtractThrough(p)")
		}
		if u.Rows != nil && !t.Materialize || u.Gathered() && fused(u) {
			data.Fused, c.Fused = true, fmt.Sprintf("t.update%s(p)", title(u.Param.Field))
		} else if fused(u) {
			data.Fused = true
			args := []string{"&t.step", "p", fmt.Sprintf("&t.w.%s[p]", u.Param.Field)}
			for _, slot := range data.Slots {
				args = append(args, fmt.Sprintf("&t.%s.%s[p]", slot, u.Param.Field))
			}
			c.Fused = fmt.Sprintf("%s(%s, %s, %s)", fusedName(u), strings.Join(args, ", "), wholeOf(u.Pairs[0].A), wholeOf(u.Pairs[0].D))
		}
		if u.Param.Transposed {
			data.Refreshes = true
			c.Transpose = fmt.Sprintf("%s(&t.wt.%s, &t.w.%s[p], p)", transposeName(u.Param), u.Param.Field, u.Param.Field)
		}
		data.GradientSamples = data.GradientSamples || samples(c.Calls...)
		data.FusedSamples = data.FusedSamples || samples(c.Fused)
		data.Gradients = append(data.Gradients, c)
	}
	return data
}

// settings names the optimiser with all its constants but the learning rate, the noise, the penalties and the prior.
func settings(t *plan.Training) string {
	o := t.Config.Optimizer
	more := ""
	dropouts := slices.IndexFunc(t.Noises, func(n plan.Noise) bool { return n.Kind == nn.DropoutNoise }) // they come last
	if dropouts < 0 {
		dropouts = len(t.Noises)
	}
	if dropouts > 0 {
		noises := make([]nn.Noise, dropouts)
		for i := range noises {
			noises[i] = t.Noises[i].Noise
		}
		more = " corrupt " + noiseList(noises)
	}
	for _, n := range t.Noises[dropouts:] {
		more += " " + n.Noise.String()
	}
	for _, p := range t.Penalties {
		more += " " + p
	}
	if t.Prior != nil {
		if t.Relaxation == nil {
			more += " prior " + t.Prior.String()
		} else {
			more += fmt.Sprintf(" %v prior %s", t.Relaxation, t.Prior.Uniform())
		}
	}
	return fmt.Sprintf("%s momentum %s nesterov %t beta1 %s beta2 %s alpha %s eps %s decay %s %s clip norm %s value %s%s", o.Method.Name(), float(o.Momentum), o.Nesterov,
		float(o.Beta1), float(o.Beta2), float(o.Alpha), float(o.Eps), float(o.Decay), decayOf(t.Decay), float(t.ClipNorm), float(t.ClipValue), more)
}

// decayOf names the coupled decay.
func decayOf(d nn.Decay) string {
	if d.Kind == nn.L1Decay {
		return "l1 " + float(d.Strength)
	}
	return "l2 " + float(d.Strength)
}

func (g *generator) gradientCall(u *plan.Update, i int, pair plan.Pair) string {
	if u.Rows != nil || u.Gathered() {
		return fmt.Sprintf("t.gradient%s(p)", title(u.Param.Field))
	}
	args := []string{fmt.Sprintf("&t.g.%s[p]", u.Param.Field), "p"}
	if pair.A != nil {
		args = append(args, wholeOf(pair.A))
	}
	args = append(args, wholeOf(pair.D))
	return fmt.Sprintf("%s(%s)", gradientName(u, i), strings.Join(args, ", "))
}

// config prints a training configuration.
func config(c nn.Training) string {
	var b strings.Builder
	fmt.Fprintf(&b, "train.Config{\nBatch: Batch,\nEpochs: %d,\nSeed: %d,\nRate: %s,\n", c.Epochs, c.Seed, float(c.Optimizer.Rate))
	s := c.Schedule
	var fields []string
	switch s.Kind {
	case nn.Constant:
	case nn.Step:
		fields = append(fields, "Curve: train.Step", "Every: "+float(s.Every), "Factor: "+float(s.Factor))
	case nn.Cosine:
		fields = append(fields, "Curve: train.Cosine", "Floor: "+float(s.Floor))
	default:
		panic(fmt.Sprintf("internal error: schedule %d", s.Kind))
	}
	if s.Warmup != 0 {
		fields = append(fields, "Warmup: "+float(s.Warmup))
	}
	if len(fields) > 0 {
		fmt.Fprintf(&b, "Schedule: train.Schedule{%s},\n", strings.Join(fields, ", "))
	}
	if c.Stop.Patience > 0 {
		fmt.Fprintf(&b, "Stop: train.Stop{Patience: %d, Delta: %s},\n", c.Stop.Patience, float(c.Stop.Delta))
	}
	b.WriteString(augment(c.Augment))
	return b.String() + "}"
}

// samples reports whether calls have arguments with the batch's samples.
func samples(calls ...string) bool {
	return slices.ContainsFunc(calls, func(c string) bool { return strings.Contains(c, ", n)") })
}
