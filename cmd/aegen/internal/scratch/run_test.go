//go:build unix

package scratch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aegen/aegen/runtime/job"
)

// TestMain makes the test's binary a model's program that behaves as the environment says.
func TestMain(m *testing.M) {
	switch os.Getenv("AEGEN_TEST_CHILD") {
	case "":
		os.Exit(m.Run())
	case "writes":
		io.Copy(io.Discard, os.Stdin)
		fmt.Println(`{"advance":{"done":1,"samples":2}}` + "\n" + `{"written":{"path":"p","samples":2,"width":3}}`)
	case "fails":
		fmt.Println(`{"error":{"message":"weights: no such file"}}`)
		os.Exit(job.Failed)
	case "cancelled":
		fmt.Println(`{"interrupted":{}}`)
		os.Exit(job.Cancelled)
	case "crashes":
		panic("no shape")
	case "babbles":
		fmt.Println("hello")
	case "hangs":
		signal.Ignore(os.Interrupt)
		fmt.Println(`{"started":{}}`)
		time.Sleep(time.Minute)
	}
	os.Exit(job.Done)
}

// behave runs this binary as a child.
func behave(t *testing.T, how string, on func(job.Message)) error {
	t.Helper()
	t.Setenv("AEGEN_TEST_CHILD", how)
	return Run(os.Args[0], job.Job{Kind: job.Encode}, on)
}

func TestRun(t *testing.T) {
	var got []job.Message
	if err := behave(t, "writes", func(m job.Message) { got = append(got, m) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Advance.Done != 1 || got[1].Written.Width != 3 {
		t.Errorf("messages %+v", got)
	}
	for how, want := range map[string]string{
		"fails":     "weights: no such file",
		"cancelled": "interrupted",
		"babbles":   `the model's program said "hello": invalid character 'h' looking for beginning of value`,
	} {
		if err := behave(t, how, func(job.Message) {}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", how, err, want)
		}
	}
}

func TestCrashesAreInternalErrors(t *testing.T) {
	defer func() {
		if v := fmt.Sprint(recover()); !strings.Contains(v, "internal error: the model's program crashed") || !strings.Contains(v, "no shape") {
			t.Errorf("panic %q", v)
		}
	}()
	err := behave(t, "crashes", func(job.Message) {})
	t.Errorf("no panic, but %v", err)
}

// TestSecondInterruptKills interrupts a child that hears nothing.
func TestSecondInterruptKills(t *testing.T) {
	interrupt := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}
	start := time.Now()
	err := behave(t, "hangs", func(job.Message) {
		go func() {
			interrupt()
			time.Sleep(100 * time.Millisecond)
			interrupt()
		}()
	})
	if !errors.Is(err, ErrInterrupted) || time.Since(start) > 30*time.Second {
		t.Errorf("%v after %v, want %v at once", err, time.Since(start), ErrInterrupted)
	}
}
