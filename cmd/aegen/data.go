package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/random"
	"github.com/spf13/cobra"
)

// addData adds the flags that name data.
func addData(cmd *cobra.Command) {
	cmd.Flags().String("data", "", "samples: .npy, .csv or IDX, packed with gzip or not")
	cmd.Flags().StringSlice("columns", nil, "columns of a .csv file, by name or number from 1")
	_ = cmd.MarkFlagFilename("data", "npy", "csv", "gz", "idx")
}

// readData reads the samples of a flag for a model, in the units of the spec's input.
func readData(cmd *cobra.Command, flag string, p *plan.Program) (*dataset.Table, error) {
	path, _ := cmd.Flags().GetString(flag)
	if path == "" {
		return nil, usageError{fmt.Errorf("-%s FILE is missing", flag)}
	}
	columns, _ := cmd.Flags().GetStringSlice("columns")
	record := fields(p)
	if record != nil && len(columns) > 0 {
		return nil, usageError{errors.New("-columns: the fields of a record find their columns by name")}
	}
	t, err := dataset.Read(path, dataset.Options{Columns: columns, Record: record})
	if err != nil {
		return nil, err
	}
	return t, prepare(t, p)
}

// fields are those of a record, or nil.
func fields(p *plan.Program) nn.Record {
	if p.Record == nil {
		return nil
	}
	var record nn.Record
	for _, f := range p.Record.Fields {
		record = append(record, f.Field)
	}
	return record
}

// prepare holds samples against the model. Bytes become numbers in [0, 1] unless the spec scales them itself.
func prepare(t *dataset.Table, p *plan.Program) error {
	if want := p.Input.Len(); t.Width != want {
		return fmt.Errorf("%s: %d values a sample expected for `%s` of %s, %d found", t.Name, want, p.Input.Name, p.File, t.Width)
	}
	scaled := p.Low != p.High
	if t.Bytes && !scaled {
		for i := range t.Data {
			t.Data[i] /= 255
		}
	}
	if p.Loss.Likelihood != nn.Bernoulli {
		return nil
	}
	low, high := 0.0, 1.0
	if scaled {
		low, high = p.Low, p.High
	}
	for i, v := range t.Data {
		if float64(v) < low || float64(v) > high {
			return fmt.Errorf("%s: %s: `reconstruct bernoulli` expects values in [%g, %g], %g found; add `scale range(…)` to the input or choose another likelihood",
				t.Name, t.Place(i/t.Width, i%t.Width), low, high, v)
		}
	}
	return nil
}

// split takes a share of the samples away for validation: the first of a permutation by the seed.
// Both parts keep the order of the file.
func split(t *dataset.Table, share float64, seed uint64) (train, val *dataset.Table, err error) {
	n := int(math.Round(share * float64(t.Len())))
	if n < 1 || n >= t.Len() {
		return nil, nil, usageError{fmt.Errorf("-val-split %g of %d samples leaves %d for validation and %d for training", share, t.Len(), n, t.Len()-n)}
	}
	order := make([]int32, t.Len())
	random.Permutation(order, seed, 1<<33) // training takes the streams below
	held := make([]bool, t.Len())
	for _, i := range order[:n] {
		held[i] = true
	}
	train, val = &dataset.Table{Name: t.Name, Width: t.Width}, &dataset.Table{Name: t.Name, Width: t.Width}
	for i, isHeld := range held {
		part := train
		if isHeld {
			part = val
		}
		part.Data = append(part.Data, t.Data[i*t.Width:(i+1)*t.Width]...)
	}
	return train, val, nil
}

// writeRaw writes samples as the model's program reads them, and returns the path.
func writeRaw(dir, name string, t *dataset.Table) (string, error) {
	path := filepath.Join(dir, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	var word [4]byte
	for _, v := range t.Data {
		binary.LittleEndian.PutUint32(word[:], math.Float32bits(v))
		out.Write(word[:])
	}
	if err := out.Flush(); err != nil {
		return "", err
	}
	return path, f.Close()
}

// readRaw reads what the model's program wrote.
func readRaw(path string, width int) (*dataset.Table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := &dataset.Table{Name: path, Width: width, Data: make([]float32, len(data)/4)}
	for i := range t.Data {
		t.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return t, nil
}
