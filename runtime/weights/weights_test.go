package weights

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"testing"
)

func sample() File {
	return File{
		Metadata: map[string]string{KeyModel: "Tiny", KeyFingerprint: "0123456789abcdef", KeyFormat: Format},
		Tensors: []Tensor{
			{"b", []int{2, 3}, []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-45}},
			{"a", []int{}, []float32{7}},
			{"none", []int{0, 5}, []float32{}},
		},
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if want := sample(); !reflect.DeepEqual(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
}

func TestBytesAreFixed(t *testing.T) {
	var b bytes.Buffer
	f := File{Metadata: map[string]string{"z": "1", "k": "é\""}, Tensors: []Tensor{{"w", []int{1}, []float32{1}}}}
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	want := "\x60\x00\x00\x00\x00\x00\x00\x00" +
		`{"__metadata__":{"k":"é\"","z":"1"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}` + "      " +
		"\x00\x00\x80\x3f"
	if b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}

func TestWriteRefuses(t *testing.T) {
	one := []float32{1}
	for want, f := range map[string]File{
		"weights: w: shape [2] does not hold 1 values":     {Tensors: []Tensor{{"w", []int{2}, one}}},
		"weights: w: shape [-1 -1] does not hold 1 values": {Tensors: []Tensor{{"w", []int{-1, -1}, one}}},
		"weights: two tensors have the name w":             {Tensors: []Tensor{{"w", []int{1}, one}, {"w", []int{1}, one}}},
		"weights: two tensors have the name __metadata__":  {Tensors: []Tensor{{"__metadata__", []int{1}, one}}},
		`weights: "\xff" is not UTF-8`:                     {Tensors: []Tensor{{"\xff", []int{1}, one}}},
	} {
		err := Write(new(bytes.Buffer), f)
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestCheckNamesBothSpecs(t *testing.T) {
	f := sample()
	if err := f.Check("Tiny", "0123456789abcdef"); err != nil {
		t.Errorf("error %v for the file's own spec", err)
	}
	fails(t, f.Check("Other", "fedcba9876543210"),
		"weights: weights of Other (fingerprint fedcba9876543210) expected, those of Tiny (fingerprint 0123456789abcdef) found")
	f.Metadata[KeyFormat] = "2"
	fails(t, f.Check("Tiny", "0123456789abcdef"), `weights: aegen.format "1" expected, "2" found`)
	fails(t, File{}.Check("Tiny", "0123456789abcdef"),
		"weights: the file does not say which spec it belongs to: no aegen.fingerprint in its metadata")
}

func TestTensorNeedsItsShape(t *testing.T) {
	f := sample()
	if data, err := f.Tensor("b", 2, 3); err != nil || data[2] != 3.5 {
		t.Errorf("b is %v, error %v", data, err)
	}
	_, err := f.Tensor("b", 3, 2)
	fails(t, err, "weights: b: shape [3 2] expected, [2 3] found")
	_, err = f.Tensor("c", 1)
	fails(t, err, "weights: c: shape [1] expected, no such tensor found")
}

func TestOnlyNamesTheOthers(t *testing.T) {
	f := sample()
	if err := f.Only([]string{"a", "b", "none"}); err != nil {
		t.Errorf("error %v for the file's own names", err)
	}
	fails(t, f.Only([]string{"a", "x", "y"}), "weights: tensors missing: x, y; not expected: b, none")
	fails(t, File{}.Only([]string{"1", "2", "3", "4", "5", "6", "7"}), "weights: tensors missing: 1, 2, 3, 4, 5 and 2 more")
}

func fails(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestPackPutsOutputsSideBySide(t *testing.T) {
	const in, out = 2, 17
	weight, bias := make([]float32, in*out), make([]float32, out)
	for i := range weight {
		weight[i] = float32(100 + i)
	}
	for i := range bias {
		bias[i] = float32(1 + i)
	}
	panels := slices.Repeat([]float32{-1}, 2*3*16)
	Pack(panels, weight, bias, in, out)
	for at, want := range map[int]float32{
		0: 1, 15: 16, // biases of outputs 0 and 15
		16: 100, 17: 102, 32: 101, // [0,0], [1,0], [0,1]
		48: 17, 49: 0, 64: 132, 80: 133, 95: 0, // output 16 alone in panel 1
	} {
		if panels[at] != want {
			t.Errorf("float %d is %g, want %g", at, panels[at], want)
		}
	}
}

func TestUnpackIsTheInverse(t *testing.T) {
	for _, c := range []struct {
		in, out int
		bias    bool
	}{{3, 5, true}, {3, 5, false}, {1, 16, true}, {7, 33, true}, {0, 20, true}} {
		weight := make([]float32, c.in*c.out)
		for i := range weight {
			weight[i] = float32(i + 1)
		}
		var bias, gotBias []float32
		rows := c.in
		if c.bias {
			rows, bias, gotBias = c.in+1, make([]float32, c.out), make([]float32, c.out)
			for i := range bias {
				bias[i] = float32(-i)
			}
		}
		panels, got := make([]float32, (c.out+15)/16*rows*16), make([]float32, len(weight))
		Pack(panels, weight, bias, c.in, c.out)
		Unpack(got, gotBias, panels, c.in, c.out)
		if !slices.Equal(got, weight) || !slices.Equal(gotBias, bias) {
			t.Errorf("%v: %v %v, want %v %v", c, got, gotBias, weight, bias)
		}
	}
}

func TestPackPanicsOnLengths(t *testing.T) {
	defer func() {
		if got, want := recover(), "weights: 16 floats of panels, weight 2, bias 1 do not fit 2 inputs and 1 outputs"; got != want {
			t.Errorf("recovered %v, want %s", got, want)
		}
	}()
	Pack(make([]float32, 16), make([]float32, 2), make([]float32, 1), 2, 1)
}
