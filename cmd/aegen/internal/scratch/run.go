package scratch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"

	"github.com/aegen/aegen/runtime/job"
)

// ErrInterrupted is the end of a run that the user broke off. What the child said of it came before as a message.
var ErrInterrupted = errors.New("interrupted")

// Run has the program do a job and passes each message on, the one of its error too. A first interrupt lets the child end in order,
// a second one kills it.
func Run(program string, j job.Job, on func(job.Message)) error {
	description, err := json.Marshal(j)
	if err != nil {
		return err
	}
	cmd := exec.Command(program)
	cmd.Stdin = bytes.NewReader(description)
	var crash bytes.Buffer
	cmd.Stderr = &crash
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	defer close(done)
	var broken atomic.Bool
	go forward(cmd.Process, signals, done, &broken)

	failure, err := messages(out, on)
	status := cmd.Wait()
	var exit *exec.ExitError
	cancelled := errors.As(status, &exit) && exit.ExitCode() == job.Cancelled
	switch {
	case cancelled, status != nil && failure == "" && broken.Load():
		return ErrInterrupted
	case failure != "":
		return errors.New(failure)
	case err != nil:
		return err
	case status == nil:
		return nil
	case crash.Len() > 0:
		panic(fmt.Sprintf("internal error: the model's program crashed: %v\n%s", status, crash.Bytes()))
	}
	return fmt.Errorf("the model's program ended: %w", status)
}

// messages reads the child's lines. It returns the message of an error that the child reported.
func messages(out io.Reader, on func(job.Message)) (failure string, err error) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m job.Message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return "", fmt.Errorf("the model's program said %q: %w", lines.Text(), err)
		}
		if m.Error != nil {
			failure = m.Error.Message
		}
		on(m)
	}
	return failure, lines.Err()
}

// forward hands interrupts on to the child, and notes that there were any; the second one kills it.
func forward(child *os.Process, signals <-chan os.Signal, done <-chan struct{}, broken *atomic.Bool) {
	for n := 1; ; n++ {
		select {
		case <-done:
			return
		case s := <-signals:
			broken.Store(true)
			if n > 1 || child.Signal(s) != nil {
				child.Kill()
			}
		}
	}
}
