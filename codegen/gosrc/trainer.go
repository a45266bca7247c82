package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
)

// trainer is what the template of the trainer's file shows.
type trainer struct {
	header
	Batch, Arena     int
	Split, Panels    string
	Config           string
	Slots            []string
	Method           string
	Blocks           []string
	ClipNorm         string   // "" without
	Noise            []string // the keys of a step's noises
	Materialize      bool
	Sqrt             bool
	Rows             string
	Gradients        []gradientCase
	Transposes, Tied bool
	Fused            bool
	PoolScores       bool
	Settings         string  // of the optimiser
	Standardised     []field // the fields whose mean and deviation are learned of data
	Means            string  // the block of the means
	LogDeviations    string
	Standards        int
	LogStandard      bool // whether any is that of a logarithm
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
	data := trainer{header: g.header(), Batch: t.Config.Batch, Arena: t.Arena, Split: split(t.Split), Panels: split(t.Panels), Config: config(t.Config),
		Slots: t.Config.Optimizer.Slots(), Method: t.Config.Optimizer.Method.Name(), Materialize: t.Materialize, Sqrt: t.Materialize, Rows: g.rows(), Tied: g.p.Tied()}
	data.Noise = noiseKeys(t.Noises)
	if t.ClipNorm != 0 {
		data.ClipNorm = float(t.ClipNorm)
	}
	for _, r := range g.p.Routines {
		if r.Name == "Score" {
			data.PoolScores = r.Storage == plan.Pool
		}
	}
	data.Settings = settings(t)
	if g.p.Record != nil {
		g.standardised(&data)
	}
	end := 0
	for _, u := range t.Updates {
		data.Blocks = append(data.Blocks, u.Param.Field)
		c := gradientCase{First: end, End: end + u.Param.Panels()}
		end = c.End
		for i, pair := range u.Pairs {
			c.Calls = append(c.Calls, g.gradientCall(u, i, pair))
		}
		if fused(u) {
			data.Fused = true
			args := []string{"&t.step", "p", fmt.Sprintf("&t.w.%s[p]", u.Param.Field)}
			for _, slot := range data.Slots {
				args = append(args, fmt.Sprintf("&t.%s.%s[p]", slot, u.Param.Field))
			}
			c.Fused = fmt.Sprintf("%s(%s, %s, %s)", fusedName(u), strings.Join(args, ", "), whole(u.Pairs[0].A), whole(u.Pairs[0].D))
		}
		if u.Param.Transposed {
			data.Transposes = true
			c.Transpose = fmt.Sprintf("%s(&t.wt.%s, &t.w.%s[p], p)", transposeName(u.Param), u.Param.Field, u.Param.Field)
		}
		data.Gradients = append(data.Gradients, c)
	}
	return data
}

// settings names the optimiser with all its constants but the learning rate, and the noise.
func settings(t *plan.Training) string {
	o := t.Config.Optimizer
	noise := ""
	if len(t.Noises) > 0 {
		noise = " corrupt " + noiseList(t.Noises)
	}
	return fmt.Sprintf("%s momentum %s nesterov %t beta1 %s beta2 %s alpha %s eps %s decay %s l2 %s clip norm %s value %s%s", o.Method.Name(), float(o.Momentum), o.Nesterov,
		float(o.Beta1), float(o.Beta2), float(o.Alpha), float(o.Eps), float(o.Decay), float(t.Decay), float(t.ClipNorm), float(t.ClipValue), noise)
}

// whole is the batch's part of a buffer, all samples.
func whole(b *plan.Buffer) string {
	if b.External != "" {
		return fmt.Sprintf("arena.Cast[[%d]float32](t.x)", b.Width) // of a record, rows
	}
	return fmt.Sprintf("arena.Rows[[%d]float32](t.a, Batch*%d, n)", b.Width, b.Offset)
}

func (g *generator) gradientCall(u *plan.Update, i int, pair plan.Pair) string {
	args := []string{fmt.Sprintf("&t.g.%s[p]", u.Param.Field), "p"}
	if pair.A != nil {
		args = append(args, whole(pair.A))
	}
	args = append(args, whole(pair.D))
	return fmt.Sprintf("%s(%s)", gradientName(u, i), strings.Join(args, ", "))
}

// rows prints the buffers and the steps of a task.
func (g *generator) rows() string {
	w, t := &writer{}, g.p.Train
	w.line("n := to - from")
	if t.Arena > t.Kept {
		w.line("own := Batch*%d + from*%d // the task's part of the arena", t.Kept, t.Arena-t.Kept)
	}
	for _, b := range t.Buffers {
		switch b.External {
		case "":
			if b.Kept {
				w.line("%s := arena.Rows[[%d]float32](t.a, Batch*%d+from*%d, n)", b.Name, b.Width, b.Offset, b.Width)
			} else {
				w.line("%s := arena.Rows[[%d]float32](t.a, own+n*%d, n)", b.Name, b.Width, b.Offset-t.Kept)
			}
		case "x":
			w.line("%s := arena.Cast[[%d]float32](t.x[from:to])", b.Name, b.Width)
		case "score":
			w.line("%s := arena.Cast[[1]float32](t.scores[from:to])", b.Name)
		}
	}
	for _, s := range t.Rows {
		w.line("%s", call(s, "t.w", "t.wt"))
	}
	return strings.TrimRight(w.b.String(), "\n")
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
	return b.String() + "}"
}
