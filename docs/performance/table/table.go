package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A line is one measurement.
type line struct {
	Peer string
	row
	Median   float64 `json:"us_median"`
	Roofline float64 `json:"roofline_us"` // of aegen only
}

// A row is what was measured.
type row struct {
	Model, Mode    string
	Batch, Threads int
}

// A cell is a peer's place in a row.
type cell struct {
	row
	peer string
}

// A table holds the times of each cell, in microseconds. What is measured several times counts with its median.
type table struct {
	models, peers []string // in the order in which they came
	rows          []row
	times         map[cell][]float64
	rooflines     map[row][]float64
}

// ours is the peer that the others are compared with.
const ours = "aegen"

// bases begin the names of the peers whose times aegen's are divided by.
var bases = map[string]string{"infer": "onnxruntime", "train": "torch"}

func (t *table) readFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := t.read(f); err != nil {
		return fmt.Errorf("%s:%w", name, err)
	}
	return nil
}

// read adds lines of JSON. An error starts with the line's number.
func (t *table) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fmt.Errorf("%d: %w", n, err)
		}
		if l.Peer == "" || l.Model == "" || bases[l.Mode] == "" || l.Batch < 1 || l.Threads < 1 || !(l.Median > 0) {
			return fmt.Errorf("%d: a measurement expected, %s found", n, lines.Text())
		}
		t.add(l)
	}
	return lines.Err()
}

func (t *table) add(l line) {
	if t.times == nil {
		t.times, t.rooflines = map[cell][]float64{}, map[row][]float64{}
	}
	note(&t.models, l.Model)
	note(&t.peers, l.Peer)
	note(&t.rows, l.row)
	c := cell{l.row, l.Peer}
	t.times[c] = append(t.times[c], l.Median)
	if l.Roofline > 0 {
		t.rooflines[l.row] = append(t.rooflines[l.row], l.Roofline)
	}
}

// note adds what is new to a list.
func note[E comparable](list *[]E, e E) {
	if !slices.Contains(*list, e) {
		*list = append(*list, e)
	}
}

// markdown is the table: models in the order of the lines, then modes, batches and threads in ascending order; aegen's column
// comes first.
func (t *table) markdown() string {
	slices.SortFunc(t.rows, func(a, b row) int {
		return cmp.Or(slices.Index(t.models, a.Model)-slices.Index(t.models, b.Model), strings.Compare(a.Mode, b.Mode), a.Batch-b.Batch, a.Threads-b.Threads)
	})
	peers := []string{ours}
	for _, p := range t.peers {
		note(&peers, p)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| model | mode | batch | threads | %s | ratio | roofline | of roofline |\n", strings.Join(peers, " | "))
	fmt.Fprintf(&b, "| --- | --- | --: | --: |%s --: | --: | --: |\n", strings.Repeat(" --: |", len(peers)))
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s | %s | %d | %d |", r.Model, r.Mode, r.Batch, r.Threads)
		for _, p := range peers {
			fmt.Fprintf(&b, " %s |", number(median(t.times[cell{r, p}])))
		}
		own, bound := median(t.times[cell{r, ours}]), median(t.rooflines[r])
		fmt.Fprintf(&b, " %s | %s | %s |\n", ratio(own, t.base(r)), number(bound), ratio(own, bound))
	}
	return b.String()
}

// base is the time that aegen's is divided by: ONNX Runtime's, or for training that of PyTorch without a compiler; 0 if there
// is none.
func (t *table) base(r row) float64 {
	for _, p := range t.peers {
		if strings.HasPrefix(p, bases[r.Mode]) && (r.Mode == "infer" || strings.HasSuffix(p, "eager")) {
			return median(t.times[cell{r, p}])
		}
	}
	return 0
}

// median is the middle of some numbers, the upper one of two, or 0.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(v))[len(v)/2]
}

// ratio is a/b with two decimals, or nothing if one is not known.
func ratio(a, b float64) string {
	if a == 0 || b == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", a/b)
}

// number is microseconds with three digits or all before the point, or nothing for 0.
func number(v float64) string {
	switch {
	case v == 0:
		return ""
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	rounded, _ := strconv.ParseFloat(fmt.Sprintf("%.3g", v), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
