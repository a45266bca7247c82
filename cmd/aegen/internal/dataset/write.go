package dataset

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/files"
)

// formats are the endings of the files that WriteFile writes.
var formats = map[string]func(*Table, *bytes.Buffer) error{
	".npy": func(t *Table, b *bytes.Buffer) error { t.writeNPY(b); return nil },
	".csv": func(t *Table, b *bytes.Buffer) error { return t.WriteCSV(b) },
}

// Writable says why WriteFile would fail for a path, as far as that can be known before there is a table.
func Writable(path string) error {
	if formats[strings.ToLower(filepath.Ext(path))] == nil {
		return fmt.Errorf("%s: a name that ends in .npy or .csv expected", path)
	}
	return files.Writable(path)
}

// WriteFile writes a table as .npy or .csv, by the path's ending.
func (t *Table) WriteFile(path string) error {
	if err := Writable(path); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := formats[strings.ToLower(filepath.Ext(path))](t, &b); err != nil {
		return err
	}
	return files.Write(path, b.Bytes())
}
