package pass

import (
	"math/rand/v2"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
)

const reviving = `model Reviving
input x = vector(12)
encoder { }
bottleneck z = dense(30) relu topk(3) {
dead(after: 2, aux: 5)
pre_bias
}
decoder { dense }
reconstruct mse
train {
batch 3
}
`

// TestDeadValuesLearn holds the gradient of a model with dead values against differences, sees that they get one, and takes it through
// all passes.
func TestDeadValuesLearn(t *testing.T) {
	m := model(t, reviving)
	e := env(m, 5)
	idle := make([]float64, 30)
	for i := range idle {
		idle[i] = float64(i % 4) // half of them are dead
	}
	e.State = map[string][]float64{interp.IdleSteps: idle}
	g := grad.Differentiate(m.Objective)
	outputs := run(t, g, e).Outputs
	z := run(t, m.Forward, e).Outputs[ir.Code]
	learns := 0
	for i := range idle {
		alive := z[i] != 0 || z[30+i] != 0 || z[60+i] != 0
		if d := outputs["grad.bottleneck.bias"][i]; !alive && d != 0 {
			learns++
			if idle[i] < 2 {
				t.Errorf("value %d, idle for %v steps, has the gradient %v", i, idle[i], d)
			}
		}
	}
	if learns < 3 {
		t.Errorf("%d dead values have a gradient, want some", learns)
	}
	r := rand.New(rand.NewPCG(5, 3))
	for _, p := range m.Forward.Params() {
		name := p.Op.(ir.Param).Name
		w := e.Params[name]
		for range 5 {
			i := r.IntN(len(w))
			if got, want := outputs["grad."+name][i], byDifferences(t, g, e, w, i, 1e-6); !agree(got, want) {
				t.Errorf("d loss / d %s[%d] = %v, by differences %v", name, i, got, want)
			}
		}
	}
	for _, g := range []*ir.Graph{m.Objective, grad.Train(m.Objective, m.Training)} {
		want := run(t, g, e)
		fused, err := Run(g, Default)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, fused, e)
		for _, err := range []error{near(want.Outputs, got.Outputs), near(want.Params, got.Params), near(want.State, got.State)} {
			if err != nil {
				t.Errorf("graph %s: %v", g.Name, err)
			}
		}
	}
}
