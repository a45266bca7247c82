package job

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegen/aegen/runtime/train"

	"github.com/aegen/aegen/runtime/weights"
)

// ask serves a job in this process.
func ask(t *testing.T, ctx context.Context, job Job) (status int, messages []Message) {
	t.Helper()
	return serve(t, ctx, toyPackage(0), job)
}

// serve does a job of a package.
func serve(t *testing.T, ctx context.Context, p Package[input, train.None, code, input, *toy], job Job) (status int, messages []Message) {
	t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	status = Serve(ctx, p, bytes.NewReader(text), &out)
	for line := range strings.Lines(out.String()) {
		var m Message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		messages = append(messages, m)
	}
	return status, messages
}

// last serves a job that must end with the status, and returns its last message.
func last(t *testing.T, want int, job Job) Message {
	t.Helper()
	status, messages := ask(t, t.Context(), job)
	if status != want || len(messages) == 0 {
		t.Fatalf("exit status %d, want %d: %v", status, want, messages)
	}
	return messages[len(messages)-1]
}

// folder holds data files and weights.
type folder string

func (f folder) path(name string) string { return filepath.Join(string(f), name) }

func newFolder(t *testing.T) folder {
	f := folder(t.TempDir())
	var raw []byte
	for i := range 10_001 * 3 {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(i%9)))
	}
	var file bytes.Buffer
	trained := toyTrainer{toy: toy{0.5}}
	if err := weights.Write(&file, trained.Weights()); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"data": raw, "few": raw[:36], "weights": file.Bytes(), "odd": raw[:37], "empty": nil} {
		if err := os.WriteFile(f.path(name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f folder) floats(t *testing.T, name string) []float32 {
	t.Helper()
	raw, err := os.ReadFile(f.path(name))
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, len(raw)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return x
}

func TestOutputs(t *testing.T) {
	f := newFolder(t)
	for _, c := range []struct {
		kind  Kind
		width int
		want  []float32 // of samples 0 1 2, 3 4 5, 6 7 8 under w = 1/2
	}{
		{Encode, 1, []float32{3, 12, 21}},
		{Reconstruct, 3, []float32{1.5, 1.5, 1.5, 6, 6, 6, 10.5, 10.5, 10.5}},
		{Score, 1, []float32{2.75 / 12, 14.0 / 12, 38.75 / 12}},
	} {
		m := last(t, Done, Job{Kind: c.kind, Data: f.path("data"), Weights: f.path("weights"), Output: f.path("out"), Threads: 3})
		if want := (Written{f.path("out"), 10_001, c.width}); m.Written == nil || *m.Written != want {
			t.Errorf("%s: %+v, want %+v", c.kind, m.Written, want)
		}
		got := f.floats(t, "out")
		if len(got) != 10_001*c.width {
			t.Fatalf("%s: %d values", c.kind, len(got))
		}
		for i, v := range got {
			if want := c.want[i%len(c.want)]; math.Abs(float64(v-want)) > 1e-6 {
				t.Fatalf("%s: value %d is %g, want %g", c.kind, i, v, want)
			}
		}
	}
}

func TestEval(t *testing.T) {
	f := newFolder(t)
	for _, c := range []struct {
		data         string
		samples, sse float64 // in the data's units
	}{
		{"few", 3, (2.75 + 14 + 38.75) / 3},
		{"data", 10_001, (3334*2.75 + 3334*14 + 3333*38.75) / 10_001},
	} {
		job := Job{Kind: Eval, Data: f.path(c.data), Weights: f.path("weights")}
		one := last(t, Done, job).Scores
		job.Threads = 5
		five := last(t, Done, job).Scores
		if one == nil || five == nil || *one != *five {
			t.Fatalf("%+v with one thread, %+v with five", one, five)
		}
		sse := c.sse / 4 // the range is 2
		want := Scores{Samples: int(c.samples), Loss: sse / 3, MSE: sse / 3, SSE: sse, NLL: sse/2 + 1.5*math.Log(2*math.Pi)}
		if one.Samples != want.Samples || !near(one.Loss, want.Loss) || !near(one.MSE, want.MSE) || !near(one.SSE, want.SSE) || !near(one.NLL, want.NLL) {
			t.Errorf("%s: %+v, want %+v", c.data, *one, want)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Abs(b) }

func TestTrain(t *testing.T) {
	f := newFolder(t)
	status, messages := ask(t, t.Context(), Job{
		Kind: Train, Data: f.path("data"), Validation: f.path("few"), Output: f.path("out"), Epochs: 2, Checkpoint: f.path("checkpoint")})
	var told []string
	for _, m := range messages {
		switch {
		case m.Started != nil:
			told = append(told, fmt.Sprintf("started with %d and %d", m.Started.Samples, m.Started.Validation))
		case m.Epoch != nil:
			told = append(told, fmt.Sprintf("epoch %d", m.Epoch.Epoch))
		case m.Saved != nil:
			told = append(told, fmt.Sprintf("saved %d", m.Saved.Epoch))
		case m.Trained != nil:
			told = append(told, fmt.Sprintf("trained %d epochs: %s", m.Trained.Epochs, m.Trained.End))
		}
	}
	want := "[started with 10001 and 3 epoch 1 saved 1 epoch 2 saved 2 trained 2 epochs: finished]"
	if got := fmt.Sprint(told); status != Done || got != want {
		t.Errorf("status %d, %s, want %s", status, got, want)
	}
	file, err := os.Open(f.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := loadToy(file)
	if err != nil || math.Abs(float64(m.w)-1.0/3) > 1e-6 {
		t.Errorf("trained to w = %v, error %v, want 1/3", m, err)
	}
}

// TestStart begins with the weights of a file, here with other tensors beside, and writes them before the first step.
func TestStart(t *testing.T) {
	f := newFolder(t)
	start := weights.File{Tensors: []weights.Tensor{{Name: "v", Shape: []int{2}, Data: []float32{1, 2}}, {Name: "w", Data: []float32{0.75}}}}
	if err := save(f.path("start"), start); err != nil {
		t.Fatal(err)
	}
	last(t, Done, Job{Kind: Train, Data: f.path("few"), Start: f.path("start"), First: f.path("first"), Output: f.path("out"), Epochs: 1})
	for name, want := range map[string]float64{"first": 0.75, "out": 0.75 + 0.125*(1.0/3-0.75)} {
		file, err := os.Open(f.path(name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if m, err := loadToy(file); err != nil || math.Abs(float64(m.w)-want) > 1e-6 {
			t.Errorf("%s: w = %v, error %v, want %v", name, m, err, want)
		}
	}
	start.Tensors[1].Name = "u"
	if err := save(f.path("start"), start); err != nil {
		t.Fatal(err)
	}
	m := last(t, Failed, Job{Kind: Train, Data: f.path("few"), Start: f.path("start"), Output: f.path("out")})
	if want := f.path("start") + ": weights: w: shape [] expected, no such tensor found"; m.Error == nil || m.Error.Message != want {
		t.Errorf("%+v, want %s", m.Error, want)
	}
}

func TestFailures(t *testing.T) {
	f := newFolder(t)
	_, missing := os.Open(f.path("no"))
	for _, c := range []struct {
		job  Job
		want string
	}{
		{Job{Kind: "sing", Data: f.path("data"), Weights: f.path("weights")}, `job: unknown kind "sing"`},
		{Job{Kind: Train, Data: f.path("no")}, missing.Error()},
		{Job{Kind: Train, Data: f.path("odd")}, f.path("odd") + ": a whole number of samples of 12 bytes expected, 37 bytes found"},
		{Job{Kind: Train, Data: f.path("data"), Validation: f.path("no")}, missing.Error()},
		{Job{Kind: Eval, Data: f.path("empty")}, f.path("empty") + ": a whole number of samples of 12 bytes expected, 0 bytes found"},
		{Job{Kind: Eval, Data: f.path("data"), Weights: f.path("no")}, missing.Error()},
		{Job{Kind: Eval, Data: f.path("data"), Weights: f.path("few")},
			f.path("few") + ": weights: not a safetensors file: a header of 4575657221408423936 bytes"},
	} {
		if m := last(t, Failed, c.job); m.Error == nil || m.Error.Message != c.want {
			t.Errorf("%+v, want %s", m.Error, c.want)
		}
	}
	var out bytes.Buffer
	status := Serve(t.Context(), toyPackage(0), strings.NewReader(`{"sort":"train"}`), &out)
	if want := `{"error":{"message":"job: json: unknown field \"sort\""}}` + "\n"; status != Failed || out.String() != want {
		t.Errorf("status %d, %s, want %s", status, out.String(), want)
	}
}

func TestACancelledPassWritesNothing(t *testing.T) {
	f := newFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, kind := range []Kind{Encode, Eval} {
		status, messages := ask(t, ctx, Job{Kind: kind, Data: f.path("data"), Weights: f.path("weights"), Output: f.path("out")})
		if status != Cancelled || len(messages) != 1 || messages[0].Interrupted == nil {
			t.Errorf("%s: status %d, %+v", kind, status, messages)
		}
	}
	if left, _ := filepath.Glob(f.path("*out*")); len(left) > 0 {
		t.Errorf("%v were written", left)
	}
}
