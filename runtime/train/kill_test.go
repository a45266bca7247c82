package train

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const childFolder = "AEGEN_TEST_CHILD"

// TestKilled kills a child again and again, each a few checkpoints further on, until one comes to the end.
func TestKilled(t *testing.T) {
	if folder := os.Getenv(childFolder); folder != "" {
		child(t, filepath.Join(folder, "checkpoint"))
		return
	}
	whole := newLinear(3)
	if _, err := Run(t.Context(), whole, stopping, data, misleading, Options{}); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for kills := range 100 {
		bits := killed(t, folder, 5+kills%3, time.Duration(kills*37%11)*200*time.Microsecond)
		if bits == "" {
			continue
		}
		if bits != whole.bits() {
			t.Errorf("bits %s, want %s", bits, whole.bits())
		}
		if kills < 3 {
			t.Errorf("%d children were killed: too few to show anything", kills)
		}
		return
	}
	t.Error("no child comes to the end")
}

// child runs with a checkpoint after every step and says each before it goes on.
func child(t *testing.T, path string) {
	l := newLinear(3)
	if _, err := Run(t.Context(), l, stopping, data, misleading, Options{
		Checkpoint: path, EverySteps: 1, Resume: true,
		Event: func(e Event) {
			if _, ok := e.(*Saved); ok {
				fmt.Println("saved")
			}
		},
	}); err != nil {
		t.Fatal(err)
	}
	fmt.Println("bits", l.bits())
}

// killed starts a child and kills it some time after so many checkpoints. It returns the bits of one that came to the end.
func killed(t *testing.T, folder string, checkpoints int, after time.Duration) (bits string) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$", "-test.v")
	cmd.Env = append(os.Environ(), childFolder+"="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&text, lines.Text())
		if bits, ok := strings.CutPrefix(lines.Text(), "bits "); ok {
			return bits
		}
		if lines.Text() != "saved" {
			continue
		}
		if checkpoints--; checkpoints == 0 {
			time.Sleep(after)
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			return ""
		}
	}
	t.Fatalf("the child failed: %s", text.String())
	return ""
}
