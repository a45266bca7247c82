// Package dataset reads the tables and images that people have: .npy, .csv, IDX.
package dataset

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// A Table is samples of equal width, row-major.
type Table struct {
	Targets *Table // of the samples, or nil
	Name    string // of its file
	Width   int
	Data    []float32
	Bytes   bool      // values came as unsigned bytes, or are written so
	Shape   []int     // of a sample, where .npy files say it; nil for one dimension
	Columns []string  // names of the values of a sample, from the header of a .csv file; nil without
	Record  nn.Record // of rows of a record's fields, else nil
	origin  func(sample, value int) string
}

// Len is the number of samples.
func (t *Table) Len() int {
	if t.Width == 0 {
		return 0
	}
	return len(t.Data) / t.Width
}

// Place says where in the file a value stands.
func (t *Table) Place(sample, value int) string {
	if t.origin != nil {
		return t.origin(sample, value)
	}
	return fmt.Sprintf("sample %d, value %d", sample, value)
}

// Options say how to read a file.
type Options struct {
	Columns []string  // of a .csv file: names or numbers from 1; nil for all
	Except  []string  // of a .csv file: what all leaves out
	Record  nn.Record // read rows of its fields, by the names of columns
	limit   int64     // of bytes, unpacked; 0 for maxBytes
}

// maxBytes bounds what is read of one file, unpacked.
const maxBytes int64 = 8 << 30

// maxWidth bounds the values of a sample.
const maxWidth = 1 << 24

// Read reads the file of a path. Its content says the format; text is taken for CSV.
func Read(path string, opt Options) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := From(f, opt, strings.EqualFold(filepath.Ext(path), ".csv"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t.Name = path
	return t, t.finite()
}

// From reads a table of any known format, packed with gzip or not. csv says that the file's name ends so.
func From(r io.Reader, opt Options, csv bool) (*Table, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		in = bufio.NewReaderSize(unpacked, 1<<16)
	}
	limit := cmp.Or(opt.limit, maxBytes)
	limited := &io.LimitedReader{R: in, N: limit + 1}
	magic, err := in.Peek(6)
	if len(magic) == 0 && (err == nil || err == io.EOF) {
		return nil, errors.New("the file is empty")
	}
	if len(magic) == 0 {
		return nil, err
	}
	t, err := decode(limited, magic, opt, csv)
	if limited.N == 0 {
		return nil, fmt.Errorf("at most %d bytes expected, more found", limit)
	}
	return t, err
}

// decode reads the format that the first bytes show, else that of the name.
func decode(r io.Reader, magic []byte, opt Options, csv bool) (*Table, error) {
	isText := csv || printable(magic)
	switch {
	case opt.Record != nil && isText && string(magic) != npyMagic:
		return readRecords(r, opt.Record)
	case opt.Record != nil:
		return nil, errors.New("records are read from .csv with a header: the fields find their columns by name")
	case string(magic) == npyMagic:
		return readNPY(r)
	case len(magic) >= 4 && magic[0] == 0 && magic[1] == 0:
		return readIDX(r)
	case isText:
		return readCSV(r, opt)
	}
	return nil, fmt.Errorf("not a known format: .npy, .csv or IDX expected, % x found", magic)
}

func printable(magic []byte) bool {
	for _, b := range magic {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' {
			return false
		}
	}
	return true
}

// finite reports the first value that is not a number.
func (t *Table) finite() error {
	for i, v := range t.Data {
		if v != v || math.IsInf(float64(v), 0) {
			return fmt.Errorf("%s: %s: a finite number expected, %v found", t.Name, t.Place(i/t.Width, i%t.Width), v)
		}
	}
	return nil
}

// readFloats reads count values of size bytes each, converted by get. Memory is taken as data arrives.
func readFloats(r io.Reader, count, size int, get func([]byte) float32) ([]float32, error) {
	const step = 1 << 14
	data := make([]float32, 0, min(count, step))
	buffer := make([]byte, size*min(count, step))
	for len(data) < count {
		part := buffer[:size*min(step, count-len(data))]
		n, err := io.ReadFull(r, part)
		if err != nil {
			return nil, fmt.Errorf("truncated: %d values expected, %d found", count, len(data)+n/size)
		}
		for i := 0; i < len(part); i += size {
			data = append(data, get(part[i:]))
		}
	}
	return data, nil
}
