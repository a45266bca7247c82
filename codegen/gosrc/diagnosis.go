package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// diagnosis is what the template of the file that looks for numbers beyond float32 shows.
type diagnosis struct {
	header
	Places                []placed
	InputAt               string
	Update                string // what moves weights
	Parameters, Arguments string
	Phases                []string
}

// A placed name is that of a tensor, with its place in the spec.
type placed struct{ Name, At string }

func (g *generator) diagnosis() diagnosis {
	d := diagnosis{header: g.header(), Parameters: "x []" + g.inputType() + g.goal().YList, Arguments: "x" + g.goal().WithY}
	d.Update = "update[" + g.p.Train.Config.Optimizer.Method.Name() + "]"
	for _, p := range g.p.Params {
		for _, name := range []string{p.Weight, p.Bias} {
			if name != "" {
				d.Places = append(d.Places, placed{name, p.At.String()})
			}
		}
	}
	for _, b := range g.p.Train.Buffers {
		if b.External == "x" {
			d.InputAt = b.At.String()
		}
	}
	for _, p := range g.p.Train.Phases {
		if len(p.Rows) > 0 {
			d.Phases = append(d.Phases, g.rows(p, found))
		}
		for _, b := range p.Batch {
			d.Phases = append(d.Phases, fmt.Sprintf("from, to := 0, %d\n%s\n%s", b.Columns, g.columnsOf(b), found(&b.Step)))
		}
	}
	return d
}

// found prints the look at what a step has written.
func found(s *plan.Step) string {
	var looks []string
	for _, b := range s.Args[:plan.Outputs(s.Kernel.Op)] {
		v, width := fmt.Sprintf("arena.Floats(%s)", b.Name), b.Width
		if b.Rows > 0 {
			v, width = fmt.Sprintf("arena.Floats(%s)", wholeOf(b)), 0
		} else if b.Whole {
			v, width = wholeOf(b)+"[:]", 0
		}
		looks = append(looks, fmt.Sprintf("if d.Found(%s, %d, %q, %q, %q) {\nreturn d.Fault\n}", v, width, b.Name, s.Op, s.At.String()))
	}
	return strings.Join(looks, "\n")
}
