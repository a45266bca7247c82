package job

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/train"
)

type (
	class         int32
	probabilities [2]float32
)

// coin gives class 1 the probability w/4 for a sample that begins with 0, and 1 - w/4 for all others.
type coin struct{ toy }

func (m *coin) Reconstruct(r *probabilities, x *input) {
	p := m.w / 4
	if x[0] != 0 {
		p = 1 - p
	}
	*r = probabilities{1 - p, p}
}

func (m *coin) ReconstructBatch(r []probabilities, x []input) {
	for i := range x {
		m.Reconstruct(&r[i], &x[i])
	}
}

func (m *coin) ScoreBatch(s []float32, x []input, y []class) {
	r := make([]probabilities, len(x))
	m.ReconstructBatch(r, x)
	for i := range x {
		s[i] = float32(-math.Log(float64(r[i][y[i]])))
	}
}

// coinTrainer does not learn. It notes what it is given.
type coinTrainer struct {
	toyTrainer
	x []input
	y []class
}

func (t *coinTrainer) Step(x []input, y []class) float64 {
	t.x, t.y = append(t.x, x...), append(t.y, y...)
	return 1
}

func (t *coinTrainer) Diagnose([]input, []class) *train.Fault { return nil }

func (t *coinTrainer) ScoreBatch(s []float32, x []input, y []class) {
	m := coin{toy{1}}
	m.ScoreBatch(s, x, y)
}

func coinPackage(t *coinTrainer) Package[input, class, code, probabilities, *coin] {
	return Package[input, class, code, probabilities, *coin]{
		Nats:       true,
		New:        func(uint64) *coin { return &coin{toy{1}} },
		Load:       func(io.Reader) (*coin, error) { return &coin{toy{1}}, nil },
		NewTrainer: func(*coin, int) Trainer[input, class] { return t },
		Training:   func() train.Config { return train.Config{Batch: 10, Epochs: 1, Seed: 2, Rate: 0.125} },
		Score:      func(m *coin, s []float32, x []input, y []class) { m.ScoreBatch(s, x, y) },
		Class: func(r *probabilities) class {
			if r[1] > r[0] {
				return 1
			}
			return 0
		},
	}
}

// askCoin serves a job whose last message it returns.
func askCoin(t *testing.T, p Package[input, class, code, probabilities, *coin], want int, job Job) (m Message) {
	t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if status := Serve(t.Context(), p, bytes.NewReader(text), &out); status != want {
		t.Fatalf("exit status %d, want %d: %s", status, want, out.Bytes())
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// newLabels adds a class for each sample of "few", whose first values are 0, 3 and 6: 0, 1 and 0.
func newLabels(t *testing.T) folder {
	f := newFolder(t)
	for name, raw := range map[string][]byte{"classes": {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, "two": make([]byte, 8)} {
		if err := os.WriteFile(f.path(name), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func TestEvalOfClasses(t *testing.T) {
	f := newLabels(t)
	s := askCoin(t, coinPackage(nil), Done, Job{Kind: Eval, Data: f.path("few"), Targets: f.path("classes"), Weights: f.path("weights")}).Scores
	loss := -(2*math.Log(0.75) + math.Log(0.25)) / 3
	sse := (2*(0.0625+0.0625) + 2*0.5625) / 3
	if s == nil || s.Accuracy == nil || s.Samples != 3 || !near(*s.Accuracy, 2.0/3) || !near(s.Loss, loss) || s.NLL != s.Loss || !near(s.SSE, sse) || !near(s.MSE, sse/2) {
		t.Errorf("%+v, want loss %g, sse %g and two of three right", s, loss, sse)
	}
}

func TestOutputsWithTargets(t *testing.T) {
	f := newLabels(t)
	for _, c := range []struct {
		job  Job
		want []float32
	}{
		{Job{Kind: Reconstruct}, []float32{0.75, 0.25, 0.25, 0.75, 0.25, 0.75}},
		{Job{Kind: Score, Targets: f.path("classes")}, []float32{float32(-math.Log(0.75)), float32(-math.Log(0.75)), float32(-math.Log(0.25))}},
	} {
		c.job.Data, c.job.Weights, c.job.Output = f.path("few"), f.path("weights"), f.path("out")
		askCoin(t, coinPackage(nil), Done, c.job)
		if got := f.floats(t, "out"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.job.Kind, got, c.want)
		}
	}
}

func TestMissingTargets(t *testing.T) {
	f := newLabels(t)
	for _, c := range []struct {
		job  Job
		want string
	}{
		{Job{Kind: Eval}, "job: eval needs targets"},
		{Job{Kind: Train}, "job: train needs targets"},
		{Job{Kind: Eval, Targets: f.path("two")}, f.path("two") + ": 3 targets expected, one for each sample of " + f.path("few") + ", 2 found"},
		{Job{Kind: Train, Targets: f.path("classes"), Validation: f.path("few")}, "train: 3 targets expected, one for each sample, 0 found"},
	} {
		c.job.Data, c.job.Weights, c.job.Output = f.path("few"), f.path("weights"), f.path("out")
		if m := askCoin(t, coinPackage(new(coinTrainer)), Failed, c.job); m.Error == nil || m.Error.Message != c.want {
			t.Errorf("%+v, want %s", m.Error, c.want)
		}
	}
}

// TestTargetsFollowTheirSamples trains for an epoch, and holds that each sample comes once with its own class.
func TestTargetsFollowTheirSamples(t *testing.T) {
	f := newFolder(t)
	x := f.floats(t, "data")
	var raw []byte
	for i := range len(x) / 3 {
		raw = append(raw, byte(i%2), 0, 0, 0)
	}
	if err := os.WriteFile(f.path("classes"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	trainer := new(coinTrainer)
	askCoin(t, coinPackage(trainer), Done, Job{Kind: Train, Data: f.path("data"), Targets: f.path("classes"), Validation: f.path("data"),
		ValidationTargets: f.path("classes"), Output: f.path("out")})
	order := make([]int32, len(x)/3)
	train.Order(order, 2, 0)
	if len(trainer.x) != len(order) || len(trainer.y) != len(order) {
		t.Fatalf("%d samples and %d classes of %d", len(trainer.x), len(trainer.y), len(order))
	}
	for i, sample := range order {
		if trainer.x[i] != input(x[3*sample:3*sample+3]) || trainer.y[i] != class(sample%2) {
			t.Fatalf("step %d: sample %v with class %d, want sample %d with %d", i/10, trainer.x[i], trainer.y[i], sample, sample%2)
		}
	}
	if _, err := os.Stat(f.path("out")); err != nil {
		t.Error(err)
	}
}
