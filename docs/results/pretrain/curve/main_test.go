package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const events = `{"stage":{"number":1},"started":{"samples":9}}
{"stage":{"number":1},"saved":{"epoch":1,"step":0}}
{"stage":{"number":1},"trained":{"epochs":1}}
{"started":{"samples":9}}
{"saved":{"epoch":0,"step":5}}
{"saved":{"epoch":1,"step":0}}
{"saved":{"epoch":2,"step":0}}
{"trained":{"epochs":2}}
`

// TestFollow holds that only the ends of epochs of the joint training are points, each with weights of its own, after the beginning.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	checkpoint := filepath.Join(dir, "checkpoint")
	if err := os.WriteFile(checkpoint, []byte("state"), 0o644); err != nil {
		t.Fatal(err)
	}
	points, err := follow(strings.NewReader(events), checkpoint, dir)
	if err != nil {
		t.Fatal(err)
	}
	var epochs []int
	for i, p := range points {
		epochs = append(epochs, p.Epoch)
		if i == 0 {
			continue
		}
		if data, err := os.ReadFile(p.path); err != nil || string(data) != "state" {
			t.Errorf("epoch %d: %q, %v", p.Epoch, data, err)
		}
		if p.Seconds < points[i-1].Seconds {
			t.Errorf("epoch %d ends after %g s, the one before after %g s", p.Epoch, p.Seconds, points[i-1].Seconds)
		}
	}
	if len(epochs) != 3 || epochs[0] != 0 || epochs[1] != 1 || epochs[2] != 2 {
		t.Errorf("points of epochs %v, want 0, 1, 2", epochs)
	}
}
