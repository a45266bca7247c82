package reduced

import (
	"math"
	"testing"
)

// value is what the bits of a 16-bit float with so many bits of fraction stand for, by the definition of IEEE 754.
func value(bits uint16, fractionBits int) float64 {
	exponentBits := 15 - fractionBits
	exponent := int(bits&0x7fff) >> fractionBits
	fraction := math.Ldexp(float64(int(bits)&(1<<fractionBits-1)), -fractionBits)
	bias := 1<<(exponentBits-1) - 1
	v := math.Ldexp(1+fraction, exponent-bias)
	switch {
	case exponent == 1<<exponentBits-1 && fraction == 0:
		v = math.Inf(1)
	case exponent == 1<<exponentBits-1:
		return math.NaN()
	case exponent == 0:
		v = math.Ldexp(fraction, 1-bias)
	}
	if bits >= 1<<15 {
		return -v
	}
	return v
}

// formats are the two formats of 16 bits.
var formats = []struct {
	name     string
	fraction int
	to       func(float32) uint16
	from     func(uint16) float32
}{{"f16", 10, Half, FromHalf}, {"bf16", 7, Bfloat16, FromBfloat16}}

// TestEveryPattern takes all 65,536 patterns of 16 bits to float32 and back.
func TestEveryPattern(t *testing.T) {
	for _, f := range formats {
		for bits := range 1 << 16 {
			h := uint16(bits)
			got, want := f.from(h), value(h, f.fraction)
			if math.IsNaN(want) {
				if back := f.to(got); got == got || !math.IsNaN(value(back, f.fraction)) || back>>15 != h>>15 {
					t.Errorf("%s %#04x is %v and comes back as %#04x, want a NaN of the same sign", f.name, h, got, back)
				}
				continue
			}
			if float64(got) != want || math.Signbit(float64(got)) != math.Signbit(want) {
				t.Errorf("%s %#04x is %v, want %v", f.name, h, got, want)
			}
			if back := f.to(got); back != h {
				t.Errorf("%s %#04x comes back as %#04x", f.name, h, back)
			}
		}
	}
}

// TestBetweenPatterns rounds what lies halfway between every two neighbours, and the float32 on both sides of it.
func TestBetweenPatterns(t *testing.T) {
	for _, f := range formats {
		infinity := uint16(0x7fff) >> f.fraction << f.fraction
		for low := range infinity {
			lower, upper := value(low, f.fraction), value(low+1, f.fraction)
			if low+1 == infinity { // what it would be with an exponent more
				upper = 2*lower - value(low-1, f.fraction)
			}
			middle := float32((lower + upper) / 2)
			even := low + low&1
			for _, sign := range []uint16{0, 1 << 15} {
				v := middle
				if sign != 0 {
					v = -v
				}
				if got := f.to(v); got != even|sign {
					t.Errorf("%s of %v is %#04x, want %#04x", f.name, v, got, even|sign)
				}
				if got := f.to(math.Float32frombits(math.Float32bits(v) - 1)); got != low|sign {
					t.Errorf("%s below %v is %#04x, want %#04x", f.name, v, got, low|sign)
				}
				if got := f.to(math.Float32frombits(math.Float32bits(v) + 1)); got != (low+1)|sign {
					t.Errorf("%s above %v is %#04x, want %#04x", f.name, v, got, (low+1)|sign)
				}
			}
		}
	}
}

func TestSpecialValues(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		v          float32
		half, bf16 uint16
	}{
		{float32(math.Copysign(0, -1)), 0x8000, 0x8000}, {inf, 0x7c00, 0x7f80}, {-inf, 0xfc00, 0xff80},
		{65504, 0x7bff, 0x4780}, {65519, 0x7bff, 0x4780}, {65520, 0x7c00, 0x4780}, {-1e9, 0xfc00, 0xce6e},
		{math.SmallestNonzeroFloat32, 0, 0}, {0x1p-25, 0, 0x3300}, {0x1.8p-25, 1, 0x3340}, {math.MaxFloat32, 0x7c00, 0x7f80},
	} {
		if half, bf16 := Half(c.v), Bfloat16(c.v); half != c.half || bf16 != c.bf16 {
			t.Errorf("%v is %#04x and %#04x, want %#04x and %#04x", c.v, half, bf16, c.half, c.bf16)
		}
	}
}
