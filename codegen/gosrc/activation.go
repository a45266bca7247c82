package gosrc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// activation is an activation function in generated Go: its value, and its derivative at what nn.Activation.FromOutput says.
type activation struct {
	name  string // of the function; name + "Slope" is the derivative
	value string // body of func(x float32) float32
	slope string // body of func(a float32) float32
	math  bool   // whether a body uses package math
}

// goActivation is the source of an activation. Values come from float64 functions of the standard library, rounded once.
func goActivation(a nn.Activation) activation {
	alpha := float(a.Alpha)
	switch a.Func {
	case nn.ReLU:
		return activation{name: "relu", value: "if x < 0 {\nreturn 0\n}\nreturn x", slope: below("a <= 0", "0")}
	case nn.LeakyReLU:
		return activation{name: "leakyRelu" + suffix(a.Alpha), value: "if x < 0 {\nreturn " + alpha + " * x\n}\nreturn x", slope: below("a <= 0", alpha)}
	case nn.ELU:
		return activation{name: "elu" + suffix(a.Alpha), math: true,
			value: "if x < 0 {\nreturn " + alpha + " * float32(math.Expm1(float64(x)))\n}\nreturn x",
			slope: below("a <= 0", "a + "+alpha)}
	case nn.SELU:
		scale, both := float(nn.SELUScale), float(nn.SELUScale*nn.SELUAlpha)
		return activation{name: "selu", math: true,
			value: "if x < 0 {\nreturn " + both + " * float32(math.Expm1(float64(x)))\n}\nreturn " + scale + " * x",
			slope: "if a <= 0 {\nreturn a + " + both + "\n}\nreturn " + scale}
	case nn.GELU:
		return activation{name: "gelu", math: true,
			value: "v := max(float64(x), -1000) // finite: the limit at -∞ is 0\nreturn float32(v * 0.5 * math.Erfc(-v/math.Sqrt2))",
			slope: finite + "return float32(0.5*math.Erfc(-x/math.Sqrt2) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi))"}
	case nn.SiLU:
		return activation{name: "silu", math: true,
			value: "v := max(float64(x), -1000) // finite: the limit at -∞ is 0\nreturn float32(v / (1 + math.Exp(-v)))",
			slope: finite + "s := 1 / (1 + math.Exp(-x))\nreturn float32(s * (1 + x*(1-s)))"}
	case nn.Sigmoid:
		return activation{name: "sigmoid", math: true, value: "return float32(1 / (1 + math.Exp(-float64(x))))", slope: "return a * (1 - a)"}
	case nn.Tanh:
		return activation{name: "tanh", math: true, value: "return float32(math.Tanh(float64(x)))", slope: "return 1 - a*a"}
	case nn.Softplus:
		return activation{name: "softplus", math: true,
			value: "return float32(math.Max(float64(x), 0) + math.Log1p(math.Exp(-math.Abs(float64(x)))))",
			slope: "return float32(-math.Expm1(-float64(a)))"}
	case nn.Softshrink:
		return activation{name: "softshrink" + suffix(a.Alpha),
			value: fmt.Sprintf("if x > %[1]s {\nreturn x - %[1]s\n}\nif x < -%[1]s {\nreturn x + %[1]s\n}\nreturn 0 * x // of the same sign, or NaN", alpha),
			slope: "if a > 0 || a < 0 {\nreturn 1\n}\nreturn 0"}
	case nn.JumpReLU:
		return activation{name: "jumprelu" + suffix(a.Alpha),
			value: "if x <= " + alpha + " && x != 0 { // -0 stays\nreturn 0\n}\nreturn x", slope: below("a <= 0", "0")}
	}
	if a.Func == nn.Rate {
		bend := float(math.Exp(nn.RateBend))
		return activation{name: "rate", math: true,
			value: fmt.Sprintf("if x > %[1]d {\nreturn %[2]s * (1 + (x - %[1]d))\n}\nreturn float32(math.Exp(float64(x)))", nn.RateBend, bend),
			slope: "return min(a, " + bend + ")"}
	}
	panic(fmt.Sprintf("internal error: no Go source of %v", a))
}

// finite begins a derivative that has limits at the infinities, where its formula has none.
const finite = "x := min(max(float64(a), -1000), 1000) // finite: there are limits at ±∞\n"

// below is 1, or otherwise where the condition holds.
func below(condition, otherwise string) string {
	return "if " + condition + " {\nreturn " + otherwise + "\n}\nreturn 1"
}

// suffix makes a part of a Go name of a parameter: 0.01 is 0_01.
func suffix(v float64) string {
	name := []byte(strconv.FormatFloat(v, 'f', -1, 64))
	for i, c := range name {
		if c == '.' {
			name[i] = '_'
		}
	}
	return string(name)
}

// float is a constant in Go source.
func float(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// float64Literal is a constant in Go source that gives a variable the type float64, also where its value is whole.
func float64Literal(v float64) string {
	text := float(v)
	if strings.ContainsAny(text, ".e") {
		return text
	}
	return text + ".0"
}
