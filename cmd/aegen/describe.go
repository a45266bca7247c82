package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/spf13/cobra"
)

func describeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "describe SPEC",
		Short:             "Show a model's layers, sizes and costs",
		Long:              "Describe shows the layers of a model with their shapes, parameters and multiply-adds, and what the model takes.",
		Example:           "  aegen describe fashion.ae\n  aegen describe -set latent=16 pca.ae",
		Args:              arguments(1, 1, "one SPEC"),
		ValidArgsFunction: specFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := compileReduced(cmd, args[0])
			if err != nil {
				return err
			}
			d := describe(c.Program)
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return printJSON(cmd, d)
			}
			return d.print(cmd)
		},
	}
	addSet(cmd)
	addFormat(cmd)
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

// description is a model in figures.
type description struct {
	Model         string    `json:"model"`
	Fingerprint   string    `json:"fingerprint"`
	Input         []int     `json:"input"`
	Code          []int     `json:"code"`
	Goal          string    `json:"goal,omitempty"`    // the spec's target: "y = class(10)"
	Encoder       string    `json:"encoder,omitempty"` // the spec whose encoder it is, where that is another
	Loss          string    `json:"loss"`
	Layers        []layer   `json:"layers"`
	Parameters    int       `json:"parameters"`
	MultiplyAdds  int       `json:"multiply_adds"`            // of one reconstruction
	Weights       string    `json:"weights"`                  // their format
	WeightBytes   int       `json:"weight_bytes"`             // in memory, padding included
	ScratchBytes  int       `json:"scratch_bytes"`            // activations of one sample
	TrainingBytes int       `json:"training_bytes,omitempty"` // none for formats that only infer
	Batch         int       `json:"batch,omitempty"`
	Pretraining   *stages   `json:"pretraining,omitempty"`
	TextBytes     int       `json:"text_bytes"` // of assembly functions, estimated
	Target        string    `json:"target"`
	Roofline      rooflines `json:"roofline"`
}

// rooflines are the least times on one core of the target, in µs: see plan.Target.Roofline.
type rooflines struct {
	GFLOPS int     `json:"gflops"` // assumed of the target
	GBs    int     `json:"gb_s"`
	Alone  float64 `json:"alone_us"`          // a reconstruction of one sample
	Chunk  int     `json:"chunk"`             // samples that go through together
	Each   float64 `json:"each_us"`           // of a chunk
	Step   float64 `json:"step_us,omitempty"` // training, a batch
}

// stages is greedy layer-wise pretraining: layers in their order, each with the layer of the decoder that leads back from it.
type stages struct {
	Epochs int         `json:"epochs"` // of each
	Rate   float64     `json:"lr"`
	Layers []pretrains `json:"layers"`
}

type pretrains struct {
	Layer   string `json:"layer"`
	Decoder string `json:"decoder"`
	In      int    `json:"in"`
	Out     int    `json:"out"`
	Loss    string `json:"loss"`
}

func stagesOf(t *plan.Training) *stages {
	if len(t.Stages) == 0 {
		return nil
	}
	s := &stages{Epochs: t.Config.Pretrain.Epochs, Rate: t.Config.Pretrain.Rate}
	for _, p := range t.Stages {
		s.Layers = append(s.Layers, pretrains{p.Layer, p.Decoder, p.In, p.Out, p.Loss.String()})
	}
	return s
}

// print says in which order layers are trained, and on what.
func (s *stages) print(out io.Writer) {
	if s == nil {
		return
	}
	fmt.Fprintf(out, "\nbefore all layers are trained together, each is on its own, one after the other, for %d epochs at rate %g:\n", s.Epochs, s.Rate)
	for i, l := range s.Layers {
		fmt.Fprintf(out, "%d  %s with %s, %d → %d → %d, loss %s\n", i+1, l.Layer, l.Decoder, l.In, l.Out, l.In, l.Loss)
	}
}

type layer struct {
	Name         string `json:"name,omitempty"`
	Kind         string `json:"kind"`
	In           int    `json:"in"`
	Out          int    `json:"out"`
	Shape        string `json:"shape,omitempty"` // of a layer of images
	Activation   string `json:"activation,omitempty"`
	Tied         string `json:"tied,omitempty"`
	Parameters   int    `json:"parameters"`
	MultiplyAdds int    `json:"multiply_adds"`
	Place        string `json:"place"`
}

func describe(p *plan.Program) description {
	d := description{Model: p.Name, Fingerprint: p.Fingerprint, Input: p.Input.Dims, Code: p.Code.Dims, Loss: p.Loss.String(),
		Parameters: p.ParamCount(), MultiplyAdds: p.MultiplyAdds(), Weights: p.Precision.Format.String(), WeightBytes: p.WeightBytes()}
	for _, r := range p.Routines {
		d.ScratchBytes = max(d.ScratchBytes, 4*r.Arena)
	}
	d.TextBytes, d.Target, d.Roofline = p.TextBytes(), p.Target.Name, rooflinesOf(p)
	if t := p.Train; t != nil {
		copies := 2 + len(t.Config.Optimizer.Slots()) // weights, gradient, the optimiser's
		d.Batch, d.Pretraining = t.Config.Batch, stagesOf(t)
		d.TrainingBytes = 4 * t.Arena * d.Batch
		for _, b := range p.Params {
			if b.Fixed {
				d.TrainingBytes += 4 * b.Floats()
			} else {
				d.TrainingBytes += copies * 4 * b.Floats()
			}
			if b.Transposed {
				d.TrainingBytes += 4 * (b.In + plan.Panel - 1) / plan.Panel * plan.Panel * b.Out
			}
		}
	}
	if p.Goal != nil {
		d.Goal = goalForm(p.Goal)
	}
	if f := p.From; f != nil {
		d.Encoder = f.File + map[bool]string{true: ", frozen"}[f.Frozen]
	}
	for _, l := range p.Layers {
		d.Layers = append(d.Layers, layer{l.Name, l.Kind, l.In, l.Out, l.Shape, l.Activation, l.Tied, l.Params, l.MultiplyAdds, l.At.String()})
	}
	return d
}

func rooflinesOf(p *plan.Program) rooflines {
	t := p.Target
	for _, r := range p.Routines {
		if r.Name == "Reconstruct" {
			lines := rooflines{GFLOPS: t.Rate / 1000, GBs: t.Stream / 1000, Alone: t.Roofline(r.Cost(), 1), Chunk: r.Chunk,
				Each: t.Roofline(r.Cost(), r.Chunk) / float64(r.Chunk)}
			if p.Train != nil {
				lines.Step = p.Train.StepRoofline(t)
			}
			return lines
		}
	}
	panic("internal error: no routine Reconstruct")
}

func (d description) print(cmd *cobra.Command) error {
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "layer\tkind\tin\tout\tactivation\tparameters\tmultiply-adds\tplace\n")
	for _, l := range d.Layers {
		kind := l.Kind
		if l.Tied != "" {
			kind += ", tied to " + l.Tied
		}
		if l.Shape != "" {
			kind += ", " + l.Shape
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%d\t%d\t%s\n", l.Name, kind, l.In, l.Out, l.Activation, l.Parameters, l.MultiplyAdds, l.Place)
	}
	fmt.Fprintf(w, "total\t\t\t\t\t%d\t%d\t\n", d.Parameters, d.MultiplyAdds)
	if err := w.Flush(); err != nil {
		return err
	}
	weights, training, step := d.Weights+" weights", "", ""
	if d.TrainingBytes > 0 {
		weights = "weights"
		training = fmt.Sprintf("; training in batches of %d takes %d bytes", d.Batch, d.TrainingBytes)
		step = fmt.Sprintf(", a training step %.4g µs", d.Roofline.Step)
	}
	goal := ""
	if d.Goal != "" {
		goal = ", target " + d.Goal
	}
	if d.Encoder != "" {
		goal += ", encoder of " + d.Encoder
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s, fingerprint %s: input %v, code %v%s, loss %s\n%s %d bytes, activations of a sample %d bytes%s; assembly about %d bytes of text\n"+
		"least times at %d GFLOP/s and %d GB/s from a cache: a sample alone %.3g µs, each of %d together %.3g µs%s\n",
		d.Model, d.Fingerprint, d.Input, d.Code, goal, d.Loss, weights, d.WeightBytes, d.ScratchBytes, training, d.TextBytes,
		d.Roofline.GFLOPS, d.Roofline.GBs, d.Roofline.Alone, d.Roofline.Chunk, d.Roofline.Each, step)
	d.Pretraining.print(cmd.OutOrStdout())
	return err
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
