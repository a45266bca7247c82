package randspec

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Image is a spec of layers on an image or a sequence that compiles without errors. The same seed gives the same text.
func Image(seed uint64) string {
	r := &images{writer: writer{rand.New(rand.NewPCG(seed, 13))}}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("model Image%d", seed)
	r.input()
	input, from := r.now, r.text
	scale := r.pick("", "", " scale range(0, 16)", " scale range(-1, 3)")
	line("input x = %s%s", from, scale)
	if r.IntN(4) == 0 {
		line("%s", r.pick("corrupt gaussian(0.3)", "corrupt masking(0.25)"))
	}
	r.text = ""
	for range 1 + r.IntN(4) {
		r.layer()
	}
	line("encoder {\n%s}", r.text)
	r.text = ""
	r.bottleneck()
	line("bottleneck z = %s", r.text)
	r.text = ""
	line("decoder %s", r.decoder(input))
	loss := r.pick("mse", "gaussian(std: 0.5)", "gaussian(std: learned)")
	if scale != " scale range(-1, 3)" && r.IntN(2) == 0 {
		loss = "bernoulli"
	}
	if r.sampled && loss == "mse" {
		loss = "gaussian(std: 0.7)"
	}
	line("reconstruct %s", loss)
	line("train {\noptimizer %s\n%sbatch %d\nepochs 3\nseed %d\n}", r.optimizer(), r.maybe(r.pick("clip norm(0.5)\n", "clip value(0.01)\n", "decay l2(0.01)\n", "decay l1(0.01)\n")), 1+r.IntN(9), seed)
	return b.String()
}

// A shape is that of an image: a sequence has one column, which kernels do not go along.
type shape struct{ h, w, c int }

func (s shape) len() int { return s.h * s.w * s.c }

// images writes specs of layers on images.
type images struct {
	writer
	text    string  // so far, of a section
	now     shape   // what flows
	line    bool    // whether it is a sequence
	names   []shape // of the line that is called s0, once there is one
	oneWay  bool    // whether the encoder has no mirror
	pools   int     // max pools of the encoder
	uneven  bool    // whether some pools only unpool
	flat    bool    // whether the code has no places
	sampled bool
}

func (r *images) add(format string, args ...any) { r.text += fmt.Sprintf(format, args...) }

func (r *images) input() {
	if r.IntN(5) == 0 {
		r.now, r.line = shape{4 + r.IntN(16), 1, 1 + r.IntN(4)}, true
		r.text = fmt.Sprintf("sequence(%d, %d)", r.now.h, r.now.c)
		return
	}
	r.now = shape{4 + r.IntN(7), 4 + r.IntN(7), 1 + r.IntN(3)}
	r.text = fmt.Sprintf("image(%d, %d, %d)", r.now.h, r.now.w, r.now.c)
	if r.now.c == 1 {
		r.text = fmt.Sprintf("image(%d, %d)", r.now.h, r.now.w)
	}
}

// layer is a line or two of the encoder.
func (r *images) layer() {
	switch r.IntN(8) {
	case 3, 4:
		r.pool()
	case 5:
		if r.now.len() < 200 {
			r.upsample()
			break
		}
		r.conv()
	case 6:
		r.add("residual {\nconv(%d, kernel: 3) %s\nconv(%d, kernel: %d) %s\n}\n", 1+r.IntN(6), r.activation(), r.now.c, 1+r.IntN(3), r.activation())
		return
	case 7:
		r.join()
		r.conv()
	default:
		r.conv()
	}
	if r.IntN(6) == 0 {
		r.add(" dropout(0.2)")
	}
	if len(r.names) == 0 {
		r.add(" as s0")
		r.names = append(r.names, r.now)
	}
	r.add("\n")
}

// join puts the first named line beside what flows or adds it, where it fits.
func (r *images) join() {
	for _, s := range r.names {
		if s.h != r.now.h || s.w != r.now.w || r.now.c+s.c > 16 {
			continue
		}
		r.oneWay = true
		if s == r.now && r.IntN(2) == 0 {
			r.add("add(s0)\n")
			continue
		}
		r.add("concat(s0)\n")
		r.now.c += s.c
	}
}

// along is how many places a kernel has along n positions, with padding that keeps the size at stride 1, or with pad on both sides.
func along(n, k, stride, dilation, pad int) int {
	reach := (k-1)*dilation + 1
	if pad < 0 {
		return (n-1)/stride + 1
	}
	if n+2*pad < reach {
		return 0
	}
	return (n+2*pad-reach)/stride + 1
}

// conv is a convolution with an activation, of any settings that leave some positions.
func (r *images) conv() {
	for {
		k, stride, dilation, pad, groups := 1+r.IntN(4), 1+r.IntN(5)%3, 1+r.IntN(4)/3, -1, 1
		if r.IntN(3) == 0 {
			pad = r.IntN(min(3, (k-1)*dilation+1))
		}
		c := 1 + r.IntN(6)
		if r.IntN(4) == 0 {
			groups = 1 + r.IntN(r.now.c)
			c = groups * (1 + r.IntN(3))
		}
		after := shape{along(r.now.h, k, stride, dilation, pad), along(r.now.w, k, stride, dilation, pad), c}
		if r.line {
			after.w = 1
		}
		if after.h < 2 || after.w < 1 || r.now.c%groups != 0 {
			continue
		}
		r.now = after
		r.add("conv(%d, kernel: %d", c, k)
		for _, s := range []struct {
			name         string
			value, plain int
		}{{"stride", stride, 1}, {"pad", pad, -1}, {"dilation", dilation, 1}, {"groups", groups, 1}} {
			if s.value != s.plain {
				r.add(", %s: %d", s.name, s.value)
			}
		}
		r.add(") %s", r.activation())
		return
	}
}

// pool is one of 2 or 3, of places that meet now and then, where the image is large enough.
func (r *images) pool() {
	k := 2 + r.IntN(2)
	if r.now.h < 2*k || r.now.w < 2*k && !r.line {
		r.conv()
		return
	}
	kind, stride := r.pick("", ", avg"), k
	if r.IntN(3) == 0 {
		stride = 2
	}
	after := shape{along(r.now.h, k, stride, 1, 0), along(r.now.w, k, stride, 1, 0), r.now.c}
	if r.line {
		after.w = 1
	}
	if stride != k || after.h*k != r.now.h || after.w*k != r.now.w && !r.line {
		r.uneven = true
		r.oneWay = r.oneWay || kind != ""
	}
	if kind == "" {
		r.pools++
	}
	r.now = after
	r.add("pool(%d%s%s)", k, kind, map[bool]string{true: fmt.Sprintf(", stride: %d", stride)}[stride != k])
}

func (r *images) upsample() {
	r.add("upsample(2%s)", r.pick("", ", bilinear"))
	r.now.h *= 2
	if !r.line {
		r.now.w *= 2
	}
}

func (r *images) bottleneck() {
	switch r.IntN(4) {
	case 0:
		r.add("conv(%d, kernel: 3) %s", 1+r.IntN(4), r.activation())
		return
	case 1:
		r.sampled = true
		r.add("gaussian(%d)", 1+r.IntN(6))
	default:
		r.add("dense(%d) %s", 1+r.IntN(9), r.activation())
	}
	r.flat = true
}

// decoder is the mirror of the encoder where it has one, or layers of its own.
func (r *images) decoder(to shape) string {
	unpool := r.pools > 0 && !r.sampled && (r.uneven || r.IntN(2) == 0)
	if !r.oneWay && (unpool || !r.uneven) && r.IntN(4) > 0 {
		return "mirror(encoder" + r.maybe(", tied: true") + map[bool]string{true: ", unpool: true"}[unpool] + ")"
	}
	if r.IntN(4) == 0 {
		return "{ dense }"
	}
	if r.flat {
		r.now.c = 1 + r.IntN(3)
		r.add("dense(%d) %s\nunflatten(%d, %d)\n", r.now.len(), r.activation(), r.now.h, r.now.w)
	}
	r.add("deconv(%d, kernel: %d, stride: 2) %s\n", 1+r.IntN(4), 2+r.IntN(3), r.activation())
	r.now.h *= 2
	if !r.line {
		r.now.w *= 2
	}
	if len(r.names) > 0 && r.names[0].h == r.now.h && r.names[0].w == r.now.w && !r.sampled {
		r.add("concat(s0)\n")
	}
	if r.now.h == to.h && r.now.w == to.w {
		r.add("conv(kernel: 3)\n")
	} else {
		r.add("conv(2, kernel: 1) tanh\ndense\n")
	}
	return "{\n" + r.text + "}"
}
