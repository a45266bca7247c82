package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func TestWriteReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, want := range []string{"first, and longer", "second"} {
		if err := Write(path, text(want)); err != nil {
			t.Fatal(err)
		}
		holds(t, path, want)
	}
}

func TestWriteKeepsTheMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes on Windows")
	}
	path := filepath.Join(t.TempDir(), "a")
	for _, want := range []os.FileMode{0o644, 0o600} {
		if err := Write(path, text("x")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != want {
			t.Errorf("mode %v, error %v, want %v", info.Mode(), err, want)
		}
		os.Chmod(path, 0o600)
	}
}

func TestAFailureChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := Write(path, text("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	err := Write(path, func(w io.Writer) error {
		w.Write(make([]byte, 1<<20))
		return full
	})
	if err != full {
		t.Errorf("error %v, want %v", err, full)
	}
	holds(t, path, "old")
}

// holds checks the file's content and that it is alone in its folder.
func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%q, error %v, want %q", got, err, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("the folder holds %v, want one file", entries)
	}
}

func TestAMissingFolderIsAnError(t *testing.T) {
	err := Write(filepath.Join(t.TempDir(), "no", "a"), text("x"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want one that says the folder does not exist", err)
	}
}
