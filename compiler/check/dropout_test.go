package check

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
)

const dropoutSpec = `model M
input x = vector(6)
encoder {
    dropout(0.1)
    dense(5) relu dropout(0.5)
    residual { dense(5) dropout(p: 0.25) tanh }
}
bottleneck z = dense(2) tanh
decoder %s
reconstruct mse`

// TestDropoutGraph: only the graph of training has dropout, numbered along the data flow. The mirror keeps what follows a size, in its
// order, and no dropout of the input. Weights start and are named as without dropout.
func TestDropoutGraph(t *testing.T) {
	m := checked(t, strings.Replace(dropoutSpec, "%s", "mirror(encoder)", 1), nil)
	var ops []string
	for _, v := range m.Objective.Values {
		switch v.Op.(type) {
		case ir.Dropout, ir.Activate, ir.MatMul, ir.Add:
			ops = append(ops, ir.Word(v.Op))
		}
	}
	sameLines(t, ops, []string{
		"dropout[0.1, stream 0x800000000]", "matmul", "relu", "dropout[0.5, stream 0x800000001]", "matmul", "dropout[0.25, stream 0x800000002]", "tanh", "add",
		"matmul", "tanh",
		"matmul", "dropout[0.25, stream 0x800000003]", "tanh", "matmul", "add", "relu", "dropout[0.5, stream 0x800000004]", "matmul",
	})
	without := strings.NewReplacer("dropout(0.1)", "", "dropout(0.5)", "", "dropout(p: 0.25)", "", "%s", "mirror(encoder)").Replace(dropoutSpec)
	if clean := checked(t, without, nil); m.Forward.Text() != clean.Forward.Text() {
		t.Errorf("with dropout, the graph of the entry points is\n%s", m.Forward.Text())
	}
	var rows []string
	for _, l := range m.Layers {
		rows = append(rows, l.Kind)
	}
	sameLines(t, rows, strings.Split("dropout(0.1) dense dropout(0.5) dense dropout(0.25) residual dense dense dropout(0.25) activation dense residual activation dropout(0.5) dense", " "))
}
