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

// readCSV reads numbers separated by commas. The first row is a header if a column is chosen by a name in it,
// or if a chosen field holds text that is not a number.
func readCSV(r io.Reader, opt Options) (*Table, error) {
	in := csv.NewReader(withoutMark(r))
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
			var named bool
			if chosen, named, err = columns(record, opt); err != nil {
				return nil, err
			}
			fields, t.Width = len(record), len(chosen)
			if named || isHeader(record, chosen) {
				for _, c := range chosen {
					t.Columns = append(t.Columns, strings.TrimSpace(record[c]))
				}
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

// withoutMark drops the byte order mark that spreadsheets write before UTF-8.
func withoutMark(r io.Reader) io.Reader {
	const mark = "\ufeff"
	in := bufio.NewReader(r)
	if start, _ := in.Peek(len(mark)); string(start) == mark {
		in.Discard(len(mark))
	}
	return in
}

// isHeader reports whether a chosen field holds text. An empty field is a missing number, not text.
func isHeader(record []string, chosen []int) bool {
	return slices.ContainsFunc(chosen, func(c int) bool {
		text := strings.TrimSpace(record[c])
		_, err := strconv.ParseFloat(text, 32)
		return text != "" && err != nil && !errors.Is(err, strconv.ErrRange)
	})
}

// columns finds the columns asked for in the first row: all, or all but some, or some. named reports that one was found by its name.
func columns(first []string, opt Options) (chosen []int, named bool, err error) {
	if len(opt.Columns) > 0 {
		return columnsOf(first, opt.Columns)
	}
	others, named, err := columnsOf(first, opt.Except)
	for i := range first {
		if !slices.Contains(others, i) {
			chosen = append(chosen, i)
		}
	}
	if err == nil && len(chosen) == 0 {
		err = errors.New(".csv: no column is left")
	}
	return chosen, named, err
}

// columnsOf finds columns by number from 1, or by name.
func columnsOf(first []string, names []string) (chosen []int, named bool, err error) {
	for _, name := range names {
		if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(first) {
			chosen = append(chosen, n-1)
			continue
		}
		i := slices.IndexFunc(first, func(s string) bool { return strings.TrimSpace(s) == name })
		if i < 0 {
			return nil, false, fmt.Errorf(".csv: no column %q among %.200s", name, strings.Join(first, ", "))
		}
		chosen, named = append(chosen, i), true
	}
	return chosen, named, nil
}

// WriteCSV writes a row a sample; of a record, below a header.
func (t *Table) WriteCSV(w io.Writer) error {
	if t.Record != nil {
		return t.writeRecords(w)
	}
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
