package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/demo"
	"github.com/aegen/aegen/runtime/job"
)

// memorySpec has a code of one number and a decoder that is wider than 200 digits have numbers.
const memorySpec = `model Memory

input       x = image(8, 8) scale range(0, 16)

encoder     { dense(64) silu }
bottleneck  z = dense(1)
decoder {
    repeat 8 { dense(96) silu }
    dense
}

reconstruct mse

train {
    optimizer adam(lr: 2e-3)
    schedule  cosine(floor: 0.001)
    batch     25
    epochs    3000
}
`

// TestTheDecoderMemorises trains on 200 images: the training error ends below a tenth of their variance, the validation error above the
// variance of validation, and aegen says why. Of digits.ae, with all the digits and a code of ten numbers, it says nothing.
func TestTheDecoderMemorises(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	dir := t.TempDir()
	learn, held := demo.Digits()
	few := &dataset.Table{Width: 64, Data: learn.Data[:200*64]}
	for name, table := range map[string]*dataset.Table{"few": few, "all": learn, "held": held} {
		if err := table.WriteFile(filepath.Join(dir, name+".npy")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "memory.ae"), []byte(memorySpec), 0o644); err != nil {
		t.Fatal(err)
	}
	trains := func(spec, data, more string) (out, errs string) {
		t.Helper()
		var o, e bytes.Buffer
		line := fmt.Sprintf("train %s -data %s/%s.npy -val %s/held.npy -o %s/w %s", spec, dir, data, dir, dir, more)
		if status := run(strings.Fields(line), nil, &o, &e); status != ok {
			t.Fatalf("%s: exit status %d\n%s", line, status, &e)
		}
		return o.String(), e.String()
	}
	out, _ := trains(dir+"/memory.ae", "few", "-json")
	last := out[strings.LastIndexByte(strings.TrimSpace(out), '\n')+1:]
	var m job.Message
	if err := json.Unmarshal([]byte(last), &m); err != nil || m.Trained == nil || m.Trained.Memorised == nil {
		t.Fatalf("the last line says nothing of memorising (%v): %s", err, last)
	}
	got := m.Trained.Memorised
	if most := variance(few) / 10; !(got.Training < most) {
		t.Errorf("training error %.4f, want below %.4f", got.Training, most)
	}
	if least := variance(held); !(got.Validation > least) {
		t.Errorf("validation error %.4f, want above %.4f", got.Validation, least)
	}
	_, errs := trains(dir+"/memory.ae", "few", "-quiet")
	says := regexp.MustCompile("the decoder memorises the data: the training loss has fallen to 0.00\\d+, and the validation loss is 0.\\d+, which was lower after epoch \\d+: 0.\\d+\n" +
		"it is large enough to memorise the data, .*; choose smaller widths, add samples, or write `stop early` in `train`\n")
	if !says.MatchString(errs) {
		t.Errorf("it said\n%s\nwant\n%v", errs, says)
	}
	if err := os.WriteFile(filepath.Join(dir, "stops.ae"), []byte(strings.Replace(memorySpec, "batch ", "stop early(patience: 300)\n    batch ", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, errs := trains(dir+"/stops.ae", "few", "-quiet"); !regexp.MustCompile("memorises the data.*\n.*; the weights of epoch \\d+ are kept; ").MatchString(errs) {
		t.Errorf("with early stopping it said\n%s", errs)
	}
	if _, errs := trains("../../specs/digits.ae", "all", "-quiet"); strings.Contains(errs, "memorises") {
		t.Errorf("of digits.ae it said\n%s", errs)
	}
}

// variance is the mean squared distance of scaled values from their means over the samples.
func variance(t *dataset.Table) float64 {
	n := float64(t.Len())
	sum := 0.0
	for j := range t.Width {
		var first, second float64
		for i := range t.Len() {
			v := float64(t.Data[i*t.Width+j]) / 16
			first, second = first+v/n, second+v*v/n
		}
		sum += second - first*first
	}
	return sum / float64(t.Width)
}
