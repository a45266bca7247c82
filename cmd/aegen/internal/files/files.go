// Package files writes outputs whole or not at all.
package files

import (
	"bytes"
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
