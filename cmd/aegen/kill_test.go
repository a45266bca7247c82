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
// and compares the weights with those of a run that was left alone.
func TestKilledRunResumes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model several times")
	}
	command := filepath.Join(t.TempDir(), "aegen")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	data, err := filepath.Abs("internal/demo/optdigits.idx.gz")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := filepath.Abs("../../specs/digits.ae")
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
			return
		case <-time.After(time.Duration(250+130*killed) * time.Millisecond):
			killed++
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
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
