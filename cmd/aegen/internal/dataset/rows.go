package dataset

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/files"
)

// Rows are results in float64, row-major, with a name for each column.
type Rows struct {
	Columns []string
	Data    []float64
}

// WriteCSV writes the names, then a line a row.
func (r *Rows) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(r.Columns); err != nil {
		return err
	}
	line := make([]string, len(r.Columns))
	for i, v := range r.Data {
		c := i % len(line)
		line[c] = strconv.FormatFloat(v, 'g', -1, 64)
		if c == len(line)-1 {
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// WriteFile writes rows as .csv, or as .npy, which has no names.
func (r *Rows) WriteFile(path string) error {
	if err := Writable(path); err != nil {
		return err
	}
	var b bytes.Buffer
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		if err := r.WriteCSV(&b); err != nil {
			return err
		}
	} else {
		writeHeader(&b, "<f8", len(r.Data)/len(r.Columns), len(r.Columns))
		word := make([]byte, 0, 8)
		for _, v := range r.Data {
			b.Write(binary.LittleEndian.AppendUint64(word, math.Float64bits(v)))
		}
	}
	return files.Write(path, b.Bytes())
}
