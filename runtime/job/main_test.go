//go:build unix

package job

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

const childOf = "AEGEN_TEST_JOB"

func TestMain(m *testing.M) {
	if os.Getenv(childOf) != "" {
		Main(toyPackage(time.Millisecond))
	}
	os.Exit(m.Run())
}

// TestASignalledChildCanBeResumed signals twice, as a terminal and a parent together do.
func TestASignalledChildCanBeResumed(t *testing.T) {
	f := newFolder(t)
	job := Job{Kind: Train, Data: f.path("data"), Output: f.path("out"), Checkpoint: f.path("checkpoint"), Resume: true, Epochs: 2}
	child, lines := startChild(t, job)
	for lines.Scan() && !bytes.Contains(lines.Bytes(), []byte("progress")) {
	}
	for range 2 {
		if err := child.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	var end Message
	for lines.Scan() {
		end = Message{}
		if err := json.Unmarshal(lines.Bytes(), &end); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
	}
	var exit *exec.ExitError
	if err := child.Wait(); !errors.As(err, &exit) || exit.ExitCode() != Cancelled {
		t.Fatalf("child: %v, want exit status %d", err, Cancelled)
	}
	if want := (Interrupted{Checkpoint: f.path("checkpoint")}); end.Interrupted == nil || *end.Interrupted != want {
		t.Fatalf("last message %+v, want %+v", end.Interrupted, want)
	}
	status, messages := ask(t, t.Context(), job)
	if status != Done || !messages[0].Started.Resumed || messages[0].Started.Step < 1 {
		t.Errorf("status %d, started %+v", status, messages[0].Started)
	}
}

func startChild(t *testing.T, job Job) (*exec.Cmd, *bufio.Scanner) {
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childOf+"=1")
	child.Stdin = bytes.NewReader(text)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewScanner(out)
}

// TestAChildWithoutListenersEnds closes the pipe that it writes to.
func TestAChildWithoutListenersEnds(t *testing.T) {
	f := newFolder(t)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(Job{Kind: Train, Data: f.path("data"), Output: f.path("out"), Epochs: 10_000})
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childOf+"=1")
	child.Stdin, child.Stdout = bytes.NewReader(text), writer
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	reader.Close()
	if err := child.Wait(); err == nil {
		t.Error("the child went on for nobody, and reports success")
	}
}
