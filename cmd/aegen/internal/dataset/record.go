package dataset

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// binaryTexts are what a binary field may stand as in a table.
var binaryTexts = map[string]float32{"0": 0, "1": 1, "false": 0, "true": 1, "no": 0, "yes": 1}

// readRecords reads rows of a table with a header, one number a field: columns are found by the fields' names, others are passed over.
func readRecords(r io.Reader, record nn.Record) (*Table, error) {
	in := csv.NewReader(withoutMark(r))
	in.ReuseRecord, in.TrimLeadingSpace, in.FieldsPerRecord = true, true, -1
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf(".csv: %w", err)
	}
	chosen, err := fieldColumns(header, record)
	if err != nil {
		return nil, err
	}
	t := &Table{Width: len(record), Record: record}
	var lines []int // of each sample
	columns := len(header)
	for {
		line, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf(".csv: %w", err)
		}
		number, _ := in.FieldPos(0)
		if len(line) != columns {
			return nil, fmt.Errorf(".csv: line %d: %d columns expected, %d found", number, columns, len(line))
		}
		for i, f := range record {
			v, err := fieldValue(f, strings.TrimSpace(line[chosen[i]]))
			if err != nil {
				return nil, fmt.Errorf(".csv: line %d, column %d (%s): %w", number, chosen[i]+1, f.Name, err)
			}
			t.Data = append(t.Data, v)
		}
		lines = append(lines, number)
	}
	if len(t.Data) == 0 {
		return nil, errors.New(".csv: no rows below the header")
	}
	for _, f := range record {
		t.Columns = append(t.Columns, f.Name)
	}
	t.origin = func(sample, value int) string {
		return fmt.Sprintf("line %d, column %d", lines[sample], chosen[value]+1)
	}
	return t, nil
}

// fieldColumns finds the columns of the fields by their names.
func fieldColumns(header []string, record nn.Record) ([]int, error) {
	var chosen []int
	var missing []string
	for _, f := range record {
		is := func(s string) bool { return strings.TrimSpace(s) == f.Name }
		i := slices.IndexFunc(header, is)
		switch {
		case i < 0:
			missing = append(missing, f.Name)
		case slices.ContainsFunc(header[i+1:], is):
			return nil, fmt.Errorf(".csv: two columns are called %s", f.Name)
		}
		chosen = append(chosen, i)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf(".csv: the first line names no column %s; it has %.200s", strings.Join(missing, ", "), strings.Join(header, ", "))
	}
	return chosen, nil
}

// fieldValue is the number of a text in a field's column.
func fieldValue(f nn.Field, text string) (float32, error) {
	missing := func(want string) (float32, error) {
		if text == "" {
			return 0, fmt.Errorf("%s expected, nothing found: a record has no missing values", want)
		}
		return 0, fmt.Errorf("%s expected, %.40q found", want, text)
	}
	switch f.Kind {
	case nn.RealField, nn.LogField:
		v, err := strconv.ParseFloat(text, 32)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return missing("a finite number")
		}
		if f.Kind == nn.LogField && v < 0 {
			return missing("a number of at least 0")
		}
		return float32(v), nil
	case nn.CategoryField:
		if i := slices.Index(f.Classes, text); i >= 0 {
			return float32(i), nil
		}
		return missing(fmt.Sprintf("one of %.200s", strings.Join(f.Classes, ", ")))
	case nn.BinaryField:
		if v, ok := binaryTexts[strings.ToLower(text)]; ok {
			return v, nil
		}
		return missing("0 or 1, true or false, yes or no")
	case nn.CountField:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= 0 && v <= nn.MaxCount) || v != math.Trunc(v) {
			return missing(fmt.Sprintf("a whole number from 0 to %d", nn.MaxCount))
		}
		return float32(v), nil
	}
	panic(fmt.Sprintf("internal error: field kind %d", f.Kind))
}

// writeRecords writes rows with a header, as Read takes them.
func (t *Table) writeRecords(w io.Writer) error {
	record := t.Record
	out := csv.NewWriter(w)
	line := make([]string, len(record))
	for i, f := range record {
		line[i] = f.Name
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for sample := range t.Len() {
		for i, f := range record {
			v := t.Data[sample*t.Width+i]
			switch {
			case f.Kind == nn.CategoryField && v >= 0 && int(v) < len(f.Classes):
				line[i] = f.Classes[int(v)]
			default:
				line[i] = strconv.FormatFloat(float64(v), 'g', -1, 32)
				if f.Kind == nn.CountField {
					line[i] = strconv.FormatFloat(float64(v), 'f', -1, 32)
				}
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
