package terminal

import (
	"bytes"
	"testing"
	"time"
)

func TestPlainLines(t *testing.T) {
	var b bytes.Buffer
	l := New(&b)
	l.Status("soon")
	l.Say("epoch %d", 1)
	l.last = time.Now().Add(-2 * every)
	l.Status("late")
	l.Clear()
	if want := "epoch 1\nlate\n"; b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
}

func TestStatusLine(t *testing.T) {
	var b bytes.Buffer
	l := Line{w: &b, width: 10}
	l.Status("epoch 1 of 20")
	l.Say("done")
	l.Clear()
	if want := "\r\x1b[Kepoch 1 …\r\x1b[Kdone\n"; b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
}

func TestWords(t *testing.T) {
	for seconds, want := range map[float64]string{0.4: "0s", 59.4: "59s", 59.6: "1m00s", 185: "3m05s", 7620: "2h07m"} {
		if got := Duration(seconds); got != want {
			t.Errorf("Duration(%g) is %s, want %s", seconds, got, want)
		}
	}
	for n, want := range map[float64]string{950: "950", 12_300: "12.3k", 4_560_000: "4.56M"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%g) is %s, want %s", n, got, want)
		}
	}
}
