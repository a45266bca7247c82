package golden

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/generated/anomaly"
)

// recordFixture is what torch/records.py writes.
type recordFixture struct {
	Model struct {
		fixture
		Contributions kept
	}
	Fields []struct {
		Kind         string
		O, Slopes    []float64
		Rho, Mean    float64
		LogDeviation float64 `json:"log_deviation"`
		X, NLL       float64
		RhoSlope     float64 `json:"rho_slope"`
	}
}

func readRecords(t *testing.T) (f recordFixture) {
	t.Helper()
	data, err := os.ReadFile("torch/records.json")
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	if err == nil && f.Model.fixture.Samples == 0 {
		var model struct{ Model fixture }
		err = json.Unmarshal(data, &model)
		f.Model.fixture = model.Model
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFieldsAgreeWithTorch holds the likelihood of each type of field, and its derivatives, against torch.distributions.
func TestFieldsAgreeWithTorch(t *testing.T) {
	kinds := map[string]nn.FieldKind{"real": nn.RealField, "log": nn.LogField, "category": nn.CategoryField, "binary": nn.BinaryField, "count": nn.CountField}
	seen := map[string]int{}
	for i, c := range readRecords(t).Fields {
		record := nn.Record{{Name: c.Kind, Kind: kinds[c.Kind]}}
		if record[0].Kind == nn.CategoryField {
			record[0].Classes = make([]string, len(c.O))
		}
		by, rho, x := nn.Standard{Mean: []float64{c.Mean}, LogDeviation: []float64{c.LogDeviation}}, []float64{c.Rho}, []float64{c.X}
		u := record.Features(x, by)
		do, dRho := record.NLLGrad(c.O, u, x, by, rho)
		want, got := append([]float64{c.NLL}, c.Slopes...), append([]float64{record.NLL(c.O, u, x, by, rho)}, do...)
		if record[0].Normal() {
			want, got = append(want, c.RhoSlope), append(got, dRho...)
		}
		for j, v := range want {
			if d := math.Abs(got[j] - v); !(d <= 1e-9*max(1, math.Abs(v), math.Abs(c.NLL)*1e-4)) {
				t.Errorf("case %d, %s: number %d is %.12g, PyTorch %.12g", i, c.Kind, j, got[j], v)
			}
		}
		seen[c.Kind]++
	}
	for kind := range kinds {
		if seen[kind] < 10 {
			t.Errorf("%d cases of %s", seen[kind], kind)
		}
	}
}

// records are the fixtures' samples of anomaly.ae.
func records(n int) []anomaly.Connection {
	x := make([]anomaly.Connection, n)
	fields := nn.Record{{Kind: nn.LogField}, {Kind: nn.LogField}, {Kind: nn.LogField}, {Kind: nn.RealField}, {Kind: nn.CategoryField, Classes: make([]string, 3)},
		{Kind: nn.CategoryField, Classes: make([]string, 5)}, {Kind: nn.BinaryField}, {Kind: nn.CountField}, {Kind: nn.CountField}}
	for i, h := range fill(1000, n*len(fields)) {
		var row anomaly.Row
		x[i/len(fields)].Row(&row)
		row[i%len(fields)] = float32(fields[i%len(fields)].Example(float64(h)))
		x[i/len(fields)].SetRow(&row)
	}
	return x
}

// TestRecordsAgreeWithTorch holds anomaly.ae against PyTorch: the interpreter in float64 before any pass, and the generated package.
func TestRecordsAgreeWithTorch(t *testing.T) {
	want := readRecords(t).Model
	c := compile(t, "../specs/anomaly.ae")
	x, file := records(want.Samples), fixtureWeights(anomaly.New(1).Weights())
	var rows []float64
	for i := range x {
		var row anomaly.Row
		x[i].Row(&row)
		rows = append(rows, float64s(row[:])...)
	}
	env := interp.Env{Batch: want.Samples, Inputs: map[string][]float64{c.Model.Input.Name: rows}, Params: map[string][]float64{}, Rate: c.Model.Training.Optimizer.Rate}
	shapes := map[string][]int{}
	for _, tensor := range file.Tensors {
		shapes[tensor.Name] = tensor.Shape
		env.Params[tensor.Name] = inOut(float64s(tensor.Data), tensor.Shape)
	}
	forward := run(t, c.Model.Forward, env)
	hold(t, "code", forward.Outputs[ir.Code], want.Code, 1e-9)
	for i, v := range want.Scores {
		if got := forward.Outputs[ir.Score][i]; math.Abs(got-v) > 1e-9*v {
			t.Errorf("score %d: %.12g, PyTorch %.12g", i, got, v)
		}
	}
	grads := run(t, grad.Differentiate(c.Model.Objective), env)
	for param, k := range want.Gradients {
		hold(t, "gradient of "+param, outIn(grads.Outputs[grad.Gradient+param], shapes[param]), k, 1e-9)
	}
	train := grad.Train(c.Model.Objective, c.Model.Training)
	for step, loss := range want.Losses {
		r := run(t, train, env)
		if got := r.Outputs[ir.Loss][0]; math.Abs(got-loss) > 1e-9*loss {
			t.Errorf("loss of step %d: %.12g, PyTorch %.12g", step, got, loss)
		}
		env.Params, env.State, env.Step = r.Params, r.State, env.Step+1
	}
	for param, k := range want.Trained {
		hold(t, "trained "+param, outIn(env.Params[param], shapes[param]), k, 1e-9)
	}

	m, err := anomaly.Load(encoded(t, file))
	if err != nil {
		t.Fatal(err)
	}
	tr := anomaly.NewTrainer(m, 2)
	defer tr.Close()
	var parts []float64
	for i, v := range want.Scores {
		var c anomaly.Contributions
		if got := m.Explain(&c, &x[i]); math.Abs(float64(got)-v) > 1e-5*v {
			t.Errorf("compiled score %d: %v, PyTorch %v", i, got, v)
		}
		parts = append(parts, c[:]...)
	}
	hold(t, "compiled contributions", parts, want.Contributions, 1e-5)
	_, gradients := tr.Gradients(x)
	if len(gradients) != len(want.Gradients) {
		t.Errorf("%d compiled gradients, PyTorch %d", len(gradients), len(want.Gradients))
	}
	for _, g := range gradients {
		hold(t, "compiled gradient of "+g.Name, float64s(g.Data), want.Gradients[g.Name], 1e-4)
	}
	for i, loss := range want.Losses {
		if got := tr.Step(x); math.Abs(got-loss) > 1e-5*loss {
			t.Errorf("compiled loss of step %d: %v, PyTorch %v", i, got, loss)
		}
	}
}
