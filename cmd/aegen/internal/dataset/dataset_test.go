package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npy is a .npy file of a header's dictionary and raw data.
func npy(version byte, dict string, data any) []byte {
	var b bytes.Buffer
	b.WriteString(npyMagic)
	b.Write([]byte{version, 0})
	if version == 1 {
		binary.Write(&b, binary.LittleEndian, uint16(len(dict)))
	} else {
		binary.Write(&b, binary.LittleEndian, uint32(len(dict)))
	}
	b.WriteString(dict)
	binary.Write(&b, binary.LittleEndian, data)
	return b.Bytes()
}

func idx(dims ...uint32) []byte {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return b
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

var six = []float32{1, 2, 3, 4, 5, 6}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		opt  Options
		want []float32
		wide int
	}{
		{"f4", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", six), Options{}, six, 3},
		{"f8 version 2", npy(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 1, 2), }", []float64{1, 2, 3, 4, 5, 6}), Options{}, six, 2},
		{"u1 version 3", npy(3, "{'descr': '|u1', 'fortran_order': False, 'shape': (6,), }", []byte{1, 2, 3, 4, 5, 6}), Options{}, six, 1},
		{"i1", npy(1, "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }", []int8{1, 2, 3, 4, 5, 6}), Options{}, six, 3},
		{"b1", npy(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", []bool{true, false, true}), Options{}, []float32{1, 0, 1}, 1},
		{"u2", npy(1, "{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", []uint16{1, 65535}), Options{}, []float32{1, 65535}, 1},
		{"i2", npy(1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", []int16{-2, 300}), Options{}, []float32{-2, 300}, 1},
		{"u4", npy(1, "{'descr': '<u4', 'fortran_order': False, 'shape': (2,), }", []uint32{1, 1 << 31}), Options{}, []float32{1, 1 << 31}, 1},
		{"i4", npy(1, "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", []int32{-2, 70000}), Options{}, []float32{-2, 70000}, 1},
		{"u8", npy(1, "{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }", []uint64{1, 1 << 63}), Options{}, []float32{1, 1 << 63}, 1},
		{"i8", npy(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", []int64{-2, 70000}), Options{}, []float32{-2, 70000}, 1},
		{"fortran", npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", []float32{1, 4, 2, 5, 3, 6}), Options{}, six, 3},
		{"npy.gz", packed(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", six)), Options{}, six, 3},
		{"idx", append(idx(3, 1, 2), 1, 2, 3, 4, 5, 6), Options{}, six, 2},
		{"idx.gz", packed(append(idx(1, 6), 1, 2, 3, 4, 5, 6)), Options{}, six, 6},
		{"csv", []byte("1,2,3\n4,5,6\n"), Options{}, six, 3},
		{"csv with header and CRLF", []byte("a,b,c\r\n1, 2,3\r\n\"4\",5,6\r\n"), Options{}, six, 3},
		{"csv columns", []byte("a,b,c\n9,2,1\n9,4,3\n9,6,5\n"), Options{Columns: []string{"c", "2"}}, six, 2},
		{"csv with a byte order mark", []byte("\ufeff1,2,3\n4,5,6\n"), Options{}, six, 3},
		{"csv columns beside text", []byte("1,2,yes\n3,4,no\n5,6,no\n"), Options{Columns: []string{"1", "2"}}, six, 2},
		{"csv columns whose numbers are values", []byte("1,9,2\n3,9,4\n5,9,6\n"), Options{Columns: []string{"1", "3"}}, six, 2},
		{"csv columns named by a year", []byte("2019,a,2020\n1,x,2\n3,x,4\n5,x,6\n"), Options{Columns: []string{"2019", "2020"}}, six, 2},
		{"csv exponents", []byte("1e0,2,0.3e1\n4,5,+6"), Options{}, six, 3},
	} {
		table, err := From(bytes.NewReader(c.data), c.opt, false)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(table.Data, c.want) || table.Width != c.wide {
			t.Errorf("%s: %v, %d wide; want %v, %d wide", c.name, table.Data, table.Width, c.want, c.wide)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		want string
		data []byte
	}{
		{"the file is empty", nil},
		{"not a known format", []byte("\x01\x02\x03\x04\x05\x06")},
		{"version 1, 2 or 3 expected, 9 found", npy(9, "{}", six)},
		{"a header with descr, fortran_order and shape expected", npy(1, "{'descr': '<f4'}", six)},
		{"big-endian", npy(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", six)},
		{`numbers of the type f4, f8, u1 to u8, i1 to i8 or b1 expected, "<c8" found`, npy(1, "{'descr': '<c8', 'fortran_order': False, 'shape': (2, 3), }", six)},
		{"truncated: 8 values expected, 6 found", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }", six)},
		{"no values", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", six)},
		{"a shape expected", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", six)},
		{"at most 16777216 values a sample expected", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 16777216, 1099511627777), }", six)},
		{"IDX: 4294967295 samples of 16777216 values are too large", idx(1<<32-1, 1<<24)},
		{`line 1, column 1: a number expected, "" found`, []byte(",2\n3,4\n")},
		{"is too large", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 4), }", six)},
		{"a header of at most 65536 bytes expected", npy(2, strings.Repeat(" ", 1<<17), six)},
		{"Fortran order is read for tables only", npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2, 3), }", six)},
		{"truncated header", idx(3, 2)[:6]},
		{"truncated: 12 values expected, 2 found", append(idx(3, 4), 1, 2)},
		{"unsigned bytes (magic 00 00 08)", []byte{0, 0, 13, 1, 0, 0}},
		{"no values: 0 samples", idx(0, 4)},
		{"at most 16777216 values a sample expected", idx(1, 1<<20, 1<<20)},
		{"line 2: 2 columns expected, 3 found", []byte("1,2\n1,2,3\n")},
		{`line 3, column 2: a number expected, "x" found`, []byte("a,b\n1,2\n1,x\n")},
		{"no rows of numbers", []byte("a,b\n")},
		{"gzip", []byte{0x1f, 0x8b, 1, 2, 3}},
	} {
		_, err := From(bytes.NewReader(c.data), Options{}, false)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestLimit reads files that unpack to more than the limit: no part of them is taken for the whole.
func TestLimit(t *testing.T) {
	for _, data := range [][]byte{packed([]byte(strings.Repeat("1,2\n", 1000))), append(idx(100, 100), make([]byte, 10_000)...)} {
		_, err := From(bytes.NewReader(data), Options{limit: 2000}, false)
		if err == nil || err.Error() != "at most 2000 bytes expected, more found" {
			t.Errorf("got %v", err)
		}
	}
}

func TestWriteAndReadBack(t *testing.T) {
	table := &Table{Width: 2, Data: []float32{1.5, -2e-9, 3e20, 4, 0.1, 6}}
	for _, name := range []string{"t.npy", "t.csv"} {
		path := filepath.Join(t.TempDir(), name)
		if err := table.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		again, err := Read(path, Options{})
		if err != nil || !slices.Equal(again.Data, table.Data) || again.Width != 2 {
			t.Errorf("%s: %+v, %v", name, again, err)
		}
	}
	if err := table.WriteFile("t.txt"); err == nil {
		t.Error("t.txt: no error")
	}
}

func TestNonFiniteValuesAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n3,inf\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path, Options{}); err == nil || !strings.HasSuffix(err.Error(), "t.csv: line 3, column 2: a finite number expected, +Inf found") {
		t.Errorf("got %v", err)
	}
}

func fuzz(f *testing.F, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := From(bytes.NewReader(data), Options{}, false)
		if err == nil && (table.Width < 1 || len(table.Data) == 0 || len(table.Data)%table.Width != 0) {
			t.Errorf("%d values, %d wide", len(table.Data), table.Width)
		}
	})
}

func FuzzNPY(f *testing.F) {
	fuzz(f, npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", six))
}

func FuzzCSV(f *testing.F) { fuzz(f, []byte("a,b\n1,\"2\"\n")) }

func FuzzIDX(f *testing.F) { fuzz(f, append(idx(3, 1, 2), 1, 2, 3, 4, 5, 6)) }
