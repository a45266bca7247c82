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

// readData reads the samples of a flag that a model is trained with or judged on, in the units of the spec's input.
func readData(cmd *cobra.Command, flag string, p *plan.Program) (*dataset.Table, error) {
	t, err := readInputs(cmd, flag, p)
	if err != nil {
		return nil, err
	}
	return t, possible(t, p)
}

// readInputs reads samples that are only encoded. They may have values that the likelihood gives no probability: noisy ones.
func readInputs(cmd *cobra.Command, flag string, p *plan.Program) (*dataset.Table, error) {
	path, _ := cmd.Flags().GetString(flag)
	if path == "" {
		return nil, usageError{fmt.Errorf("-%s FILE is missing", flag)}
	}
	columns, _ := cmd.Flags().GetStringSlice("columns")
	record := fields(p)
	if record != nil && len(columns) > 0 {
		return nil, usageError{errors.New("-columns: the fields of a record find their columns by name")}
	}
	t, err := dataset.Read(path, dataset.Options{Columns: columns, Except: labelColumns(cmd), Record: record})
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

// prepare holds samples against the model. Bytes become numbers in [0, 1] unless the spec scales them itself, or they are counts.
func prepare(t *dataset.Table, p *plan.Program) error {
	if want := p.Input.Len(); t.Width != want {
		return fmt.Errorf("%s: %d values a sample expected for `%s` of %s, %d found", t.Name, want, p.Input.Name, p.File, t.Width)
	}
	if t.Bytes && p.Low == p.High && !p.Standard && !(p.Counts() && p.Goal == nil) {
		for i := range t.Data {
			t.Data[i] /= 255
		}
	}
	return nil
}

// possible reports the first value that the likelihood gives no probability, where it compares with the input.
func possible(t *dataset.Table, p *plan.Program) error {
	if p.Goal != nil {
		return nil
	}
	low, high := 0.0, 1.0
	if p.Low != p.High {
		low, high = p.Low, p.High
	}
	return fitting(t, p, low, high, "add `scale range(…)` to the input or choose another likelihood")
}

// fitting holds values against the likelihood that compares with them; low and high are what it sees as 0 and 1.
func fitting(t *dataset.Table, p *plan.Program, low, high float64, hint string) error {
	switch p.Loss.Likelihood {
	case nn.Categorical:
		return distributions(t, low, high)
	case nn.Poisson:
		return counts(t)
	case nn.Bernoulli:
	default:
		return nil
	}
	for i, v := range t.Data {
		if float64(v) < low || float64(v) > high {
			return fmt.Errorf("%s: %s: `reconstruct bernoulli` expects values in [%g, %g], %g found; %s", t.Name, t.Place(i/t.Width, i%t.Width), low, high, v, hint)
		}
	}
	return nil
}

// counts reports the first value that is none.
func counts(t *dataset.Table) error {
	for i, v := range t.Data {
		if c := float64(v); !(c >= 0 && c <= nn.MaxCount && c == math.Trunc(c)) {
			return fmt.Errorf("%s: %s: `reconstruct poisson` expects whole numbers from 0 to %d, %g found; choose another likelihood", t.Name, t.Place(i/t.Width, i%t.Width), nn.MaxCount, v)
		}
	}
	return nil
}

// distributions reports the first sample that is none: its values must not be negative and their sum must be 1, to a thousandth.
func distributions(t *dataset.Table, low, high float64) error {
	for s := range t.Len() {
		sum := 0.0
		for i, v := range t.Data[s*t.Width : (s+1)*t.Width] {
			share := (float64(v) - low) / (high - low)
			if share < 0 {
				return fmt.Errorf("%s: %s: `reconstruct categorical` expects shares of a distribution, not negative, %g found", t.Name, t.Place(s, i), v)
			}
			sum += share
		}
		if !(math.Abs(sum-1) <= 1e-3) {
			return fmt.Errorf("%s: %s: `reconstruct categorical` expects a distribution over the %d values of a sample, whose sum is 1, %.6g found", t.Name, t.Place(s, 0), t.Width, sum)
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
	train, val = parted(t, held)
	if t.Targets != nil {
		train.Targets, val.Targets = parted(t.Targets, held)
	}
	return train, val, nil
}

// parted are the samples that are not held, and those that are.
func parted(t *dataset.Table, held []bool) (others, those *dataset.Table) {
	others, those = &dataset.Table{Name: t.Name, Width: t.Width}, &dataset.Table{Name: t.Name, Width: t.Width}
	for i, isHeld := range held {
		part := others
		if isHeld {
			part = those
		}
		part.Data = append(part.Data, t.Data[i*t.Width:(i+1)*t.Width]...)
	}
	return others, those
}

// writeRaw writes samples as the model's program reads them, and returns the path.
func writeRaw(dir, name string, t *dataset.Table) (string, error) {
	return writeWords(filepath.Join(dir, name), t, math.Float32bits)
}

// writeTargets writes the targets of samples, if there are any, as the model's program reads them: classes as int32.
func writeTargets(dir, name string, t *dataset.Table, p *plan.Program) (string, error) {
	switch {
	case t.Targets == nil:
		return "", nil
	case p.Goal.Classes > 0 || p.Goal.Labels != nil:
		return writeWords(filepath.Join(dir, name), t.Targets, func(v float32) uint32 { return uint32(int32(v)) })
	}
	return writeRaw(dir, name, t.Targets)
}

// writeWords writes values as words of 32 bits.
func writeWords(path string, t *dataset.Table, bits func(float32) uint32) (string, error) {
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	var word [4]byte
	for _, v := range t.Data {
		binary.LittleEndian.PutUint32(word[:], bits(v))
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
