// Package files writes outputs whole or not at all.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/runtime/atomicfile"
)

// Write replaces the file of a path. Its folder must exist. A reader sees the old file or the new one.
func Write(path string, data []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Writable says why Write would fail for a path, as far as that can be known before there is anything to write.
func Writable(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: a plain file expected, a folder or device found", path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s: there is no folder %s", path, dir)
	}
	probe, err := os.CreateTemp(dir, ".aegen-*")
	if err != nil {
		return fmt.Errorf("%s: nothing can be written to the folder %s: %w", path, dir, errors.Unwrap(err))
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// Update writes a file unless it has the content already. It makes the folder if there is none.
func Update(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return Write(path, data)
}
