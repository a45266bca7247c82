package reduced

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/aegen/aegen/runtime/block"
	"github.com/aegen/aegen/runtime/weights"
)

// blocks are a weight of 3 inputs and 18 outputs, both ways, with its bias, and a bias alone.
func blocks(panels func(in, out int) Panels, steps bool) []Block {
	b := Block{Weight: "a.weight", Bias: "a.bias", In: 3, Out: 18, Bound: 0.5, Values: panels(3, 18), Transposed: panels(18, 3), Biases: make([]float32, 32)}
	if steps {
		b.Steps = make([]float32, 32)
	}
	return []Block{b, {Bias: "c.bias", Out: 5, Biases: make([]float32, 16)}}
}

// kinds make blocks of each format.
var kinds = map[string]func() []Block{
	"f16": func() []Block {
		return blocks(func(in, out int) Panels { return Halves(make([]uint16, (out+15)/16*in*16)) }, false)
	},
	"bf16": func() []Block {
		return blocks(func(in, out int) Panels { return Bfloats(make([]uint16, (out+15)/16*in*16)) }, false)
	},
	"int8":  func() []Block { return blocks(integers(2), true) },
	"fours": func() []Block { return blocks(integers(4), true) },
}

func integers(group int) func(in, out int) Panels {
	return func(in, out int) Panels {
		return Integers{make([]int8, (out+15)/16*((in+group-1)/group)*group*16), group}
	}
}

// file holds weights and biases for the blocks: those of a seed, of many magnitudes.
func file(seed uint64) weights.File {
	float32Blocks := []block.Block{
		{Weight: "a.weight", Bias: "a.bias", In: 3, Out: 18, Bound: 0.5, Panels: make([]float32, 2*4*16)},
		{Bias: "c.bias", Out: 5, Panels: make([]float32, 16)},
	}
	block.Init(float32Blocks, seed)
	f := weights.File{Tensors: block.Tensors(float32Blocks, "")}
	for i := range f.Tensors[0].Data {
		f.Tensors[0].Data[i] *= float32(math.Ldexp(1, int(seed)%15-i/3))
	}
	f.Tensors[0].Data[4], f.Tensors[1].Data[17], f.Tensors[2].Data[4] = float32(math.Copysign(0, -1)), 0.1, -7
	return f
}

// TestRoundedWeightsAreTheirOwn loads weights and what they became: to the same bits.
func TestRoundedWeightsAreTheirOwn(t *testing.T) {
	for name, make := range kinds {
		for seed := range uint64(30) {
			one, two := make(), make()
			if err := Load(one, file(seed)); err != nil {
				t.Fatal(err)
			}
			rounded := weights.File{Tensors: Tensors(one)}
			if err := Load(two, rounded); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(written(t, rounded), written(t, weights.File{Tensors: Tensors(two)})) {
				t.Fatalf("%s, seed %d: rounded again, %v become %v", name, seed, rounded.Tensors[0].Data, Tensors(two)[0].Data)
			}
			if got := rounded.Tensors; got[1].Data[17] != 0.1 || got[2].Data[4] != -7 {
				t.Errorf("%s: biases %v and %v are rounded", name, got[1].Data, got[2].Data)
			}
			for i := range 3 {
				for o := range 18 {
					if one[0].Values.at(3, i, o) != one[0].Transposed.at(18, o, i) {
						t.Errorf("%s: the copy differs at input %d, output %d", name, i, o)
					}
				}
			}
		}
	}
}

func written(t *testing.T, f weights.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := weights.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLayouts holds where input 2 of outputs 9 and 17 lies.
func TestLayouts(t *testing.T) {
	f := file(1)
	for _, o := range []int{9, 17} {
		f.Tensors[0].Data[3*o+2] = 1.5
	}
	f16, bf16, int8, fours := kinds["f16"](), kinds["bf16"](), kinds["int8"](), kinds["fours"]()
	for _, b := range [][]Block{f16, bf16, int8, fours} {
		if err := Load(b, f); err != nil {
			t.Fatal(err)
		}
	}
	if v := f16[0].Values.(Halves); v[2*16+9] != 0x3e00 || v[(3+2)*16+1] != 0x3e00 {
		t.Errorf("halves %#v", v)
	}
	if v := bf16[0].Values.(Bfloats); v[2*16+1*2+1] != 0x3fc0 || v[(3+2)*16+1*2] != 0x3fc0 {
		t.Errorf("upper halves %#v", v)
	}
	if v := int8[0].Values.(Integers).Values; v[(1*16+9)*2] != 127 || v[((2+1)*16+1)*2] != 127 || v[(1*16+9)*2+1] != 0 {
		t.Errorf("pairs %v", v)
	}
	if v := fours[0].Values.(Integers).Values; v[9*4+2] != 127 || v[(16+1)*4+2] != 127 || v[9*4+3] != 0 {
		t.Errorf("fours %v", v)
	}
}

// TestSteps holds that 127 steps are a float32 not below the largest weight, and hardly above it.
func TestSteps(t *testing.T) {
	for exponent := -100; exponent <= 126; exponent++ {
		for _, fraction := range []float64{1, 1.3, 1.9843, 127. / 64, 1.99999} {
			largest := float32(math.Ldexp(fraction, exponent))
			step := stepOf(largest)
			most := 127 * float64(step)
			if float64(float32(most)) != most || most < float64(largest) || most > float64(largest)*(1+0x1p-15) {
				t.Errorf("the step of %v is %v: 127 of them are %v", largest, step, most)
			}
			if again := stepOf(float32(most)); again != step {
				t.Errorf("the step of %v is %v, that of 127 of these %v", largest, step, again)
			}
		}
	}
	if step := stepOf(0x1.fp-101); step != 0 {
		t.Errorf("the step of 2⁻¹⁰⁰ and less is %v, want 0", step)
	}
}

func TestWeightsBeyondAFormat(t *testing.T) {
	for name, c := range map[string]struct {
		v    float32
		want string
	}{
		"f16":  {-65505, "weights: a.weight[5, 1] is -65505: f16 holds weights within ±65504"},
		"bf16": {math.MaxFloat32, "weights: a.weight[5, 1] is 3.4028235e+38: bf16 holds weights within ±3.3895314e+38"},
		"int8": {float32(math.NaN()), "weights: a.weight[5, 1] is NaN: int8 holds weights within ±1.7014118e+38"},
	} {
		b, f := kinds[name](), file(1)
		f.Tensors[0].Data[16] = c.v
		if err := Load(b, f); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
		if v := Tensors(b)[0].Data; slices.Max(v) != 0 || slices.Min(v) != 0 {
			t.Errorf("%s: a failed Load changed the weights: %v", name, v)
		}
	}
	f := file(1)
	f.Tensors[2].Shape = []int{5, 1}
	if err := Load(kinds["f16"](), f); err == nil || err.Error() != "weights: c.bias: shape [5] expected, [5 1] found" {
		t.Errorf("%v", err)
	}
}

// TestInitialWeights holds that they are those of float32 blocks, rounded.
func TestInitialWeights(t *testing.T) {
	panels := []block.Block{{Weight: "a.weight", Bias: "a.bias", In: 3, Out: 18, Bound: 0.5, Panels: make([]float32, 2*4*16)}, {Bias: "c.bias", Out: 5, Panels: make([]float32, 16)}}
	block.Init(panels, 7)
	for name, make := range kinds {
		initial, loaded := make(), make()
		Init(initial, 7)
		if err := Load(loaded, weights.File{Tensors: block.Tensors(panels, "")}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(written(t, weights.File{Tensors: Tensors(initial)}), written(t, weights.File{Tensors: Tensors(loaded)})) {
			t.Errorf("%s: %v, want %v", name, Tensors(initial)[0].Data, Tensors(loaded)[0].Data)
		}
		if got, want := Names(initial), []string{"a.weight", "a.bias", "c.bias"}; !slices.Equal(got, want) {
			t.Errorf("names %v, want %v", got, want)
		}
	}
}
