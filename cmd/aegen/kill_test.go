//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestKilledRunResumes kills a training run and its model's process again and again, resumes it each time,
// and compares the weights with those of a run that was left alone. The second run is killed in its pretraining too.
func TestKilledRunResumes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model several times")
	}
	digits, err := filepath.Abs("../../specs/digits.ae")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(digits)
	if err != nil {
		t.Fatal(err)
	}
	layers := filepath.Join(t.TempDir(), "digits.ae")
	text = bytes.Replace(text, []byte("train {\n"), []byte("train {\npretrain layers(epochs: 250)\n"), 1)
	if err := os.WriteFile(layers, text, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Run("together", func(t *testing.T) { killAndResume(t, digits) })
	t.Run("layer by layer", func(t *testing.T) {
		if killAndResume(t, layers) == 0 {
			t.Error("the run was not killed in its pretraining")
		}
	})
}

// killAndResume returns how often a run had a checkpoint of a stage when it was killed, and none of the joint training.
func killAndResume(t *testing.T, spec string) (inStages int) {
	command := filepath.Join(t.TempDir(), "aegen")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	data, err := filepath.Abs("internal/demo/optdigits.idx.gz")
	if err != nil {
		t.Fatal(err)
	}
	train := func(out string, more ...string) *exec.Cmd {
		cmd := exec.Command(command, append([]string{"train", spec, "-data", data, "-epochs", "400", "-o", out, "-quiet"}, more...)...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		return cmd
	}
	if out, err := train("alone.safetensors").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	killed := 0
	for {
		cmd := train("killed.safetensors", "-checkpoint", "run.ckpt", "-resume")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			if killed == 0 {
				t.Fatal("the run ended before it was killed")
			}
			same(t, dir)
			return inStages
		case <-time.After(time.Duration(250+130*killed) * time.Millisecond):
			killed++
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
			_, stage := os.Stat(filepath.Join(dir, "run.ckpt.1"))
			_, joint := os.Stat(filepath.Join(dir, "run.ckpt"))
			if stage == nil && joint != nil {
				inStages++
			}
		}
	}
}

func same(t *testing.T, dir string) {
	t.Helper()
	a, err := os.ReadFile(filepath.Join(dir, "alone.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "killed.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("a killed and resumed run ends with other bits than an undisturbed one")
	}
}
