package dataset

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// readCSV reads numbers separated by commas. A first row that is not all numbers is a header.
func readCSV(r io.Reader, opt Options) (*Table, error) {
	in := csv.NewReader(r)
	in.ReuseRecord, in.TrimLeadingSpace, in.FieldsPerRecord = true, true, -1
	t := &Table{}
	var lines []int // of each sample
	var chosen []int
	fields := 0
	for {
		record, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf(".csv: %w", err)
		}
		line, _ := in.FieldPos(0)
		if chosen == nil {
			if chosen, err = columns(record, opt.Columns); err != nil {
				return nil, err
			}
			fields, t.Width = len(record), len(chosen)
			if isHeader(record) {
				continue
			}
		}
		if len(record) != fields {
			return nil, fmt.Errorf(".csv: line %d: %d columns expected, %d found", line, fields, len(record))
		}
		for _, c := range chosen {
			v, err := strconv.ParseFloat(strings.TrimSpace(record[c]), 32)
			if err != nil && !errors.Is(err, strconv.ErrRange) {
				return nil, fmt.Errorf(".csv: line %d, column %d: a number expected, %.40q found", line, c+1, record[c])
			}
			t.Data = append(t.Data, float32(v))
		}
		lines = append(lines, line)
	}
	if len(t.Data) == 0 {
		return nil, errors.New(".csv: no rows of numbers")
	}
	t.origin = func(sample, value int) string {
		return fmt.Sprintf("line %d, column %d", lines[sample], chosen[value]+1)
	}
	return t, nil
}

func isHeader(record []string) bool {
	return slices.ContainsFunc(record, func(s string) bool {
		_, err := strconv.ParseFloat(strings.TrimSpace(s), 32)
		return err != nil && !errors.Is(err, strconv.ErrRange)
	})
}

// columns finds the columns asked for in the first row: all, or by name, or by number from 1.
func columns(first []string, names []string) ([]int, error) {
	var chosen []int
	if len(names) == 0 {
		for i := range first {
			chosen = append(chosen, i)
		}
		return chosen, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(first, func(s string) bool { return strings.TrimSpace(s) == name })
		if n, err := strconv.Atoi(name); i < 0 && err == nil {
			i = n - 1
		}
		if i < 0 || i >= len(first) {
			return nil, fmt.Errorf(".csv: no column %q among %.200s", name, strings.Join(first, ", "))
		}
		chosen = append(chosen, i)
	}
	return chosen, nil
}

// WriteCSV writes a row a sample.
func (t *Table) WriteCSV(w io.Writer) error {
	out := bufio.NewWriter(w)
	var text []byte
	for i, v := range t.Data {
		text = strconv.AppendFloat(text[:0], float64(v), 'g', -1, 32)
		end := byte(',')
		if (i+1)%t.Width == 0 {
			end = '\n'
		}
		out.Write(append(text, end))
	}
	return out.Flush()
}
