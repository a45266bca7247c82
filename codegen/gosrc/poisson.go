package gosrc

import (
	"math"

	"github.com/aegen/aegen/compiler/nn"
)

// poissonRate notes a function of the kernels file, printed once.
func (g *generator) poissonRate() {
	if g.functions["poissonRate"] {
		return
	}
	g.functions["poissonRate"], g.math = true, true
	g.scalars.line("// poissonRate is the rate of a count: the exponential of a, beyond %d its tangent there.", nn.RateBend)
	g.scalars.line("func poissonRate(a float64) float64 {\nif a <= %d {\nreturn math.Exp(a)\n}\nreturn %s * (1 + (a - %d))\n}\n", nn.RateBend, float64Literal(math.Exp(nn.RateBend)), nn.RateBend)
}

// tabulated is how many counts have their log k! in a table.
const tabulated = 128

// poisson notes a function of the kernels file, printed once.
func (g *generator) poisson() {
	if g.functions["poisson"] {
		return
	}
	g.poissonRate()
	g.functions["poisson"] = true
	g.scalars.line("// logFactorials are log k! of the counts that are frequent.")
	g.scalars.line("var logFactorials = func() (log [%d]float64) {\nfor k := range log {\nlog[k], _ = math.Lgamma(float64(k) + 1)\n}\nreturn log\n}()\n", tabulated)
	g.scalars.line("// logFactorial is log k!.\nfunc logFactorial(k float64) float64 {")
	g.scalars.line("if i := int(k); i >= 0 && i < len(logFactorials) && float64(i) == k {\nreturn logFactorials[i]\n}\nlog, _ := math.Lgamma(k + 1)\nreturn log\n}\n")
	g.scalars.line("// poisson is the negative log-likelihood of a count k, λ - k·log λ + log k! with λ = poissonRate(a), and its derivative by a.")
	g.scalars.line("func poisson(a, k float64) (nll, slope float64) {\nrate, factorial := poissonRate(a), logFactorial(k)")
	g.scalars.line("if a <= %d {\nreturn rate - k*a + factorial, rate - k\n}", nn.RateBend)
	g.scalars.line("return rate - k*(%d+math.Log1p(a-%d)) + factorial, %s * (1 - k/rate)\n}\n", nn.RateBend, nn.RateBend, float64Literal(math.Exp(nn.RateBend)))
}

// counted notes a function of the kernels file, printed once.
func (g *generator) counted() {
	if g.functions["counted"] {
		return
	}
	g.functions["counted"], g.math = true, true
	g.scalars.line("// counted is t where it is a count, a whole number from 0 to %d, else NaN: what is none has no likelihood.", nn.MaxCount)
	g.scalars.line("func counted(t float64) float64 {\nif t >= 0 && t <= %d && t == math.Floor(t) {\nreturn t\n}\nreturn math.NaN()\n}\n", nn.MaxCount)
}
