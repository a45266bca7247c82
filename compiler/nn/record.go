package nn

import (
	"fmt"
	"math"
	"strings"
)

// A FieldKind is what a field of a record holds, and with that its likelihood.
type FieldKind int

const (
	RealField     FieldKind = iota // a number; normal
	LogField                       // a number of at least 0, whose log(1+x) is normal
	CategoryField                  // one of some names; softmax
	BinaryField                    // yes or no; Bernoulli
	CountField                     // a whole number of at least 0; Poisson
)

// A Field is one column of a record.
type Field struct {
	Name    string
	Kind    FieldKind
	Classes []string // of a CategoryField
}

// A Record is the fields of a sample. A sample as given is a row of one number a field: a category is its place among the classes,
// yes is 1. The network sees Width features, and ends in as many numbers o. Feature and o of a field lie at the same place.
type Record []Field

// Width is the number of a field's features: one a class, else one.
func (f Field) Width() int {
	if f.Kind == CategoryField {
		return len(f.Classes)
	}
	return 1
}

// Standardised reports whether the feature is taken relative to a mean and a deviation that are learned from the data.
func (f Field) Standardised() bool {
	return f.Kind == RealField || f.Kind == LogField || f.Kind == CountField
}

// Logarithmic reports whether mean and deviation are those of log(1+x).
func (f Field) Logarithmic() bool { return f.Kind == LogField || f.Kind == CountField }

// Normal reports whether the field has a deviation σ that is trained.
func (f Field) Normal() bool { return f.Kind == RealField || f.Kind == LogField }

// String is the field as a spec says it: "bytes: real(log)".
func (f Field) String() string {
	switch f.Kind {
	case RealField:
		return f.Name + ": real"
	case LogField:
		return f.Name + ": real(log)"
	case CategoryField:
		return fmt.Sprintf("%s: category(%s)", f.Name, strings.Join(f.Classes, ", "))
	case BinaryField:
		return f.Name + ": binary"
	case CountField:
		return f.Name + ": count"
	}
	panic(fmt.Sprintf("internal error: field kind %d", f.Kind))
}

// String is the record as a spec says it.
func (r Record) String() string {
	parts := make([]string, len(r))
	for i, f := range r {
		parts[i] = f.String()
	}
	return "record { " + strings.Join(parts, ", ") + " }"
}

// A Slot is a field with its places: its first feature, its mean and deviation among those learned, its σ among those trained.
type Slot struct {
	Field
	At, Standard, Std int // the last two only where the field has them
}

// Slots lists the fields with their places.
func (r Record) Slots() []Slot {
	slots := make([]Slot, len(r))
	at, standard, std := 0, 0, 0
	for i, f := range r {
		slots[i] = Slot{f, at, standard, std}
		at += f.Width()
		if f.Standardised() {
			standard++
		}
		if f.Normal() {
			std++
		}
	}
	return slots
}

// Width is the number of features.
func (r Record) Width() int { return r.count(Field.Width) }

// Standards is the number of fields with a mean and a deviation.
func (r Record) Standards() int { return r.count(func(f Field) int { return one(f.Standardised()) }) }

// Deviations is the number of fields with a trained σ.
func (r Record) Deviations() int { return r.count(func(f Field) int { return one(f.Normal()) }) }

func (r Record) count(of func(Field) int) int {
	n := 0
	for _, f := range r {
		n += of(f)
	}
	return n
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Standard is what is learned of the data before training: for each standardised field the mean m and log s, s the deviation.
type Standard struct{ Mean, LogDeviation []float64 }

// Features is what the network sees of a row: (x-m)/s, the same of log(1+x), 1 for a row's class and 0 for the others, 0 or 1.
func (r Record) Features(x []float64, by Standard) []float64 {
	u := make([]float64, r.Width())
	for i, f := range r.Slots() {
		switch f.Kind {
		case RealField, LogField, CountField:
			v := x[i]
			if f.Logarithmic() {
				v = math.Log1p(v)
			}
			u[f.At] = (v - by.Mean[f.Standard]) * math.Exp(-by.LogDeviation[f.Standard])
		case CategoryField:
			for c := range f.Classes {
				u[f.At+c] = float64(one(x[i] == float64(c)))
			}
		case BinaryField:
			u[f.At] = x[i]
		}
	}
	return u
}

// LeastVariance is what a field's variance is above: in units of s, a deviation of a thousandth. A field that can be told exactly
// from the code would else have an infinite density.
const LeastVariance = 1e-6

// LogVariance is log σ² for σ² = e^2ρ + 10⁻⁶ of a trained ρ, finite for every finite ρ.
func LogVariance(rho float64) float64 {
	least := math.Log(LeastVariance)
	return max(2*rho, least) + math.Log1p(math.Exp(-math.Abs(2*rho-least)))
}

// FieldNLL is the negative log-likelihood of one field in nats, in the units of the row: the density of a real number as it stands in
// the data, not of its standardised value. With m and s of the field, u its feature, log σ² = LogVariance(ρ):
//
//	real       (u-o)²/2σ² + log σ + ½ log 2π + log s
//	real(log)  the same + log(1+x), by log(1+x) = m + s·u
//	category   log Σ e^o - o of the class
//	binary     log(1+e^o) - o·x
//	count      λ - x·log λ + log x!, λ = PoissonRate(m + s·o)
func (f Slot) FieldNLL(o, u []float64, x float64, by Standard, rho []float64) float64 {
	switch f.Kind {
	case RealField, LogField:
		log, d := LogVariance(rho[f.Std]), u[f.At]-o[f.At]
		nll := d*d/2*math.Exp(-log) + log/2 + math.Log(2*math.Pi)/2 + by.LogDeviation[f.Standard]
		if f.Kind == LogField {
			nll += by.Mean[f.Standard] + math.Exp(by.LogDeviation[f.Standard])*u[f.At]
		}
		return nll
	case CategoryField:
		nll := logSumExp(o[f.At : f.At+f.Width()])
		for c := range f.Classes {
			nll -= u[f.At+c] * o[f.At+c]
		}
		return nll
	case BinaryField:
		return softplus(o[f.At]) - o[f.At]*u[f.At]
	case CountField:
		return countNLL(by.Mean[f.Standard]+math.Exp(by.LogDeviation[f.Standard])*o[f.At], x)
	}
	panic(fmt.Sprintf("internal error: field kind %d", f.Kind))
}

// NLL is the sum over the fields, in their order.
func (r Record) NLL(o, u, x []float64, by Standard, rho []float64) float64 {
	sum := 0.0
	for i, f := range r.Slots() {
		sum += f.FieldNLL(o, u, x[i], by, rho)
	}
	return sum
}

// NLLGrad is the derivative of NLL by o, and by each ρ.
func (r Record) NLLGrad(o, u, x []float64, by Standard, rho []float64) (do, dRho []float64) {
	do, dRho = make([]float64, r.Width()), make([]float64, r.Deviations())
	for i, f := range r.Slots() {
		switch f.Kind {
		case RealField, LogField:
			log, d := LogVariance(rho[f.Std]), u[f.At]-o[f.At]
			do[f.At] = -d * math.Exp(-log)
			dRho[f.Std] = math.Exp(2*rho[f.Std]-log) * (1 - d*d*math.Exp(-log))
		case CategoryField:
			sum := logSumExp(o[f.At : f.At+f.Width()])
			for c := range f.Classes {
				do[f.At+c] = math.Exp(o[f.At+c]-sum) - u[f.At+c]
			}
		case BinaryField:
			do[f.At] = logistic(o[f.At]) - u[f.At]
		case CountField:
			s := math.Exp(by.LogDeviation[f.Standard])
			do[f.At] = s * countSlope(by.Mean[f.Standard]+s*o[f.At], x[i])
		}
	}
	return do, dRho
}

// Likeliest is the row that o stands for: m + s·o; its e^… - 1, at least 0; the first of the most probable classes; 1 where yes is more
// probable than no; the whole number next to the rate, at most MaxCount.
func (r Record) Likeliest(o []float64, by Standard) []float64 {
	x := make([]float64, len(r))
	for i, f := range r.Slots() {
		a := o[f.At]
		if f.Standardised() {
			a = by.Mean[f.Standard] + math.Exp(by.LogDeviation[f.Standard])*a
		}
		switch f.Kind {
		case RealField:
			x[i] = a
		case LogField:
			x[i] = min(max(math.Expm1(a), 0), math.MaxFloat32)
		case CategoryField:
			best := f.At
			for c := range f.Classes {
				if o[f.At+c] > o[best] {
					best = f.At + c
				}
			}
			x[i] = float64(best - f.At)
		case BinaryField:
			x[i] = float64(one(a > 0))
		case CountField:
			rate, _ := PoissonRate(a)
			x[i] = min(math.Floor(rate+0.5), MaxCount)
		}
	}
	return x
}

// Example is a value that the field can have, for tests: it follows from h in [-1, 1).
func (f Field) Example(h float64) float64 {
	switch f.Kind {
	case RealField:
		return 2 * h
	case LogField:
		return 4 * (h + 1)
	case CategoryField:
		return math.Floor((h + 1) / 2 * float64(len(f.Classes)))
	case BinaryField:
		return float64(one(h >= 0))
	case CountField:
		return math.Floor(3 * (h + 1))
	}
	panic(fmt.Sprintf("internal error: field kind %d", f.Kind))
}

// logSumExp is log Σ e^o, finite for every finite o.
func logSumExp(o []float64) float64 {
	top := o[0]
	for _, v := range o {
		top = max(top, v)
	}
	sum := 0.0
	for _, v := range o {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}
