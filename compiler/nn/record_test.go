package nn

import (
	"math"
	"math/rand/v2"
	"testing"
)

var event = Record{
	{Name: "duration", Kind: RealField}, {Name: "bytes", Kind: LogField}, {Name: "proto", Kind: CategoryField, Classes: []string{"tcp", "udp", "icmp"}},
	{Name: "flag", Kind: BinaryField}, {Name: "hits", Kind: CountField},
}

func close(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// TestRecordDensity integrates the likelihood of each field over all values that it can have: it is a probability.
func TestRecordDensity(t *testing.T) {
	by := Standard{Mean: []float64{3, 1.5, 2}, LogDeviation: []float64{0.7, -0.4, -0.5}}
	rho := []float64{-0.3, 0.2}
	o := []float64{0.4, -0.6, 1, -2, 0.5, -0.8, 0.3}
	row := []float64{0, 0, 0, 0, 0}
	likelihood := func(field int, x float64) float64 {
		row[field] = x
		defer func() { row[field] = 0 }()
		return math.Exp(-event.Slots()[field].FieldNLL(o, event.Features(row, by), x, by, rho))
	}
	sum := func(field int, from, to, step, width float64) float64 {
		total := 0.0
		for x := from; x <= to; x += step {
			total += width * likelihood(field, x)
		}
		return total
	}
	close(t, "the density of a real number", sum(0, -60, 60, 0.01, 0.01), 1, 1e-6)
	close(t, "the probability of classes", sum(2, 0, 2, 1, 1), 1, 1e-12)
	close(t, "the probability of yes and no", sum(3, 0, 1, 1, 1), 1, 1e-12)
	close(t, "the probability of counts", sum(4, 0, 300, 1, 1), 1, 1e-12)
	total := 0.0 // by x = sinh²(v): most of the density lies near 0
	for v := 5e-5; v < 10; v += 1e-4 {
		x := math.Sinh(v) * math.Sinh(v)
		total += 1e-4 * math.Sinh(2*v) * likelihood(1, x)
	}
	below := 0.5 * math.Erfc((by.Mean[1]+math.Exp(by.LogDeviation[1])*o[1])/(math.Sqrt(2*math.Exp(LogVariance(rho[1])))*math.Exp(by.LogDeviation[1])))
	close(t, "the density of a number of at least 0, and what its normal distribution has below", total+below, 1, 1e-5)
}

// TestRecordGradient holds derivatives against differences, also where rates bend.
func TestRecordGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	by := Standard{Mean: []float64{3, 1.5, 2}, LogDeviation: []float64{0.7, -0.4, 0.5}}
	for try := range 50 {
		o, rho, x := make([]float64, event.Width()), []float64{r.NormFloat64(), r.NormFloat64()}, make([]float64, len(event))
		for i := range o {
			o[i] = 2 * r.NormFloat64()
		}
		if try%5 == 0 {
			o[6] = 11 + r.Float64() // log λ about 20
		}
		for i, f := range event {
			x[i] = f.Example(2*r.Float64() - 1)
		}
		u := event.Features(x, by)
		do, dRho := event.NLLGrad(o, u, x, by, rho)
		check := func(what string, v *float64, got float64) {
			at, h := *v, 1e-6
			*v = at + h
			up := event.NLL(o, u, x, by, rho)
			*v = at - h
			down := event.NLL(o, u, x, by, rho)
			*v = at
			close(t, what, got, (up-down)/(2*h), 1e-5*max(1, math.Abs(up)/1e3))
		}
		for i := range o {
			check("the derivative by o", &o[i], do[i])
		}
		for i := range rho {
			check("the derivative by ρ", &rho[i], dRho[i])
		}
	}
}

// TestRecordIsFinite takes numbers of any size through every field.
func TestRecordIsFinite(t *testing.T) {
	by := Standard{Mean: []float64{3, 1.5, 2}, LogDeviation: []float64{0.7, -0.4, 0.5}}
	for _, size := range []float64{0, 1e4, -1e4, 1e8} {
		o, rho := make([]float64, event.Width()), []float64{-size, size / 1e3}
		for i := range o {
			o[i] = size
			if i%2 == 1 {
				o[i] = -size
			}
		}
		for _, x := range [][]float64{{0, 0, 0, 0, 0}, {-1e6, 1e30, 2, 1, MaxCount}} {
			u := event.Features(x, by)
			do, dRho := event.NLLGrad(o, u, x, by, rho)
			for _, v := range append(append(do, dRho...), append(event.Likeliest(o, by), event.NLL(o, u, x, by, rho))...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("numbers of %v: %v, %v, %v", size, do, dRho, event.NLL(o, u, x, by, rho))
				}
			}
		}
	}
}

// TestLikeliest is the inverse of the features, but for what is rounded.
func TestLikeliest(t *testing.T) {
	by := Standard{Mean: []float64{3, 1.5, 2}, LogDeviation: []float64{0.7, -0.4, 0.5}}
	x := []float64{-2.5, 40, 1, 0, 7}
	o := event.Features(x, by)
	o[5] -= 0.5 // 0 is no: half of a truth value
	o[6] = (math.Log(7) - by.Mean[2]) / math.Exp(by.LogDeviation[2])
	for i, got := range event.Likeliest(o, by) {
		close(t, event[i].Name, got, x[i], 1e-12)
	}
}
