package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// file is a safetensors file with the header text and so many bytes of data.
func file(header string, data int) string {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return string(length) + header + strings.Repeat("\x00", data)
}

func TestReadAcceptsAnyOrder(t *testing.T) {
	f, err := Read(strings.NewReader(file(`{"b":{"data_offsets":[4,12],"dtype":"F32","shape":[2]},`+
		`"__metadata__":{},"a":{"shape":[],"dtype":"F32","data_offsets":[0,4]}}   `, 12)))
	if err != nil {
		t.Fatal(err)
	}
	want := File{map[string]string{}, []Tensor{{"a", []int{}, []float32{0}}, {"b", []int{2}, []float32{0, 0}}}}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("read %v, want %v", f, want)
	}
}

// tensor is a header of one tensor.
func tensor(fields string) string { return `{"w":{` + fields + `}}` }

func TestReadRefuses(t *testing.T) {
	good := tensor(`"dtype":"F32","shape":[2],"data_offsets":[0,8]`)
	for _, c := range []struct{ in, want string }{
		{"", "not a safetensors file: the file is cut off"},
		{"\x01\x02\x03", "not a safetensors file: the file is cut off"},
		{"\x89PNG\r\n\x1a\n", "not a safetensors file: a header of 727905341920923785 bytes"},
		{"\x01\xe1\xf5\x05\x00\x00\x00\x00{}", "not a safetensors file: a header of 100000001 bytes"},
		{file(good, 0)[:20], "header: the file is cut off"},
		{file("", 0), "not a safetensors file: the header does not start with {"},
		{file(" {}", 0), "not a safetensors file: the header does not start with {"},
		{file("{\"\xff\":1}", 0), "the header is not UTF-8"},
		{file("{}x", 0), "header: text after its end"},
		{file("{", 0), "header: EOF"},
		{file(`{"w":3}`, 0), "header: w: { expected, 3 found"},
		{file(`{"__metadata__":{"a":1}}`, 0), "header: a string expected, 1 found"},
		{file(`{"__metadata__":{"a":"","a":""}}`, 0), `header: the key "a" stands twice`},
		{file(`{"__metadata__":{},"__metadata__":{}}`, 0), `header: the key "__metadata__" stands twice`},
		{file(strings.TrimSuffix(good, "}")+","+good[1:], 8), `header: the key "w" stands twice`},
		{file(tensor(`"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":0`), 8), `header: w: unknown key "x"`},
		{file(tensor(`"dtype":"F32","shape":[2]`), 8), "header: w: dtype, shape and data_offsets expected"},
		{file(tensor(`"dtype":"F32","dtype":"F32","shape":[2]`), 8), `header: w: the key "dtype" stands twice`},
		{file(tensor(`"dtype":"F16","shape":[2],"data_offsets":[0,4]`), 4), "w: dtype F32 expected, F16 found"},
		{file(tensor(`"dtype":"F32","shape":[2],"data_offsets":[0,8,9]`), 8), "header: w: data_offsets [0 8 9] are not a begin and an end"},
		{file(tensor(`"dtype":"F32","shape":[2],"data_offsets":[8,0]`), 8), "header: w: data_offsets [8 0] are not a begin and an end"},
		{file(tensor(`"dtype":"F32","shape":[-2],"data_offsets":[0,8]`), 8), "header: w: -2 is not a size"},
		{file(tensor(`"dtype":"F32","shape":[2.0],"data_offsets":[0,8]`), 8), "header: w: 2.0 is not a size"},
		{file(tensor(`"dtype":"F32","shape":["2"],"data_offsets":[0,8]`), 8), "header: w: 2 is not a size"},
		{file(tensor(`"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,8]`), 8), "header: w: 18446744073709551616 is not a size"},
		{file(tensor(`"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]`), 0), "w: shape [4294967296 4294967296] is too large"},
		{file(tensor(`"dtype":"F32","shape":[3],"data_offsets":[0,8]`), 8), "w: shape [3] takes 12 bytes, the file gives it 8"},
		{file(tensor(`"dtype":"F32","shape":[1],"data_offsets":[4,8]`), 8), "w: data at offset 0 expected, 4 found"},
		{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), "b: data at offset 4 expected, 0 found"},
		{file(good, 7), "w: the file is cut off"},
		{file(good, 9), "there are bytes after the last tensor"},
	} {
		_, err := Read(strings.NewReader(c.in))
		if err == nil || err.Error() != "weights: "+c.want {
			t.Errorf("%.60q: error %v, want weights: %s", c.in, err, c.want)
		}
	}
}

// TestReadAllocatesAsDataArrives: a header of a hundred bytes that claims 4 GB costs little.
func TestReadAllocatesAsDataArrives(t *testing.T) {
	claim := file(tensor(`"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]`), 1000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Read(strings.NewReader(claim)); err == nil {
		t.Error("no error")
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<18 {
		t.Errorf("%d bytes allocated, want at most %d", taken, 1<<18)
	}
}

func TestErrorsOfTheReaderArePassedOn(t *testing.T) {
	_, err := Read(io.MultiReader(strings.NewReader(file(tensor(`"dtype":"F32","shape":[2],"data_offsets":[0,8]`), 4)), iotest.ErrReader(errors.New("the disk is broken"))))
	fails(t, err, "weights: w: the disk is broken")
}

// FuzzRead: whatever is read can be written, and is then read again as the same.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(file(tensor(`"dtype":"F32","shape":[0,9],"data_offsets":[0,0]`), 0)))
	f.Add([]byte(file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  `, 8)))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := Write(&once, first); err != nil {
			t.Fatal(err)
		}
		second, err := Read(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := Write(&twice, second); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("%q, then %q", once.Bytes(), twice.Bytes())
		}
	})
}
