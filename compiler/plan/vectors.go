package plan

import "github.com/aegen/aegen/compiler/nn"

// Vectors are numbers that the generated package tests itself with: what the float64 interpreter makes of two samples.
//
// Weights and samples come from Hash: entry i of the safetensors array number a (arrays numbered in the order of Params,
// weight before bias) is Hash(a, i) times sqrt(3/In) for a weight [Out, In] and times 0.1 for a bias;
// entry i of the samples is Low + (High-Low)·(Hash(SampleStream, i)+1)/2, Low and High 0 and 1 where there is no scale;
// of counts it is nn.ExampleCount, of a record the field's Example of that Hash.
// Targets follow from Program.Targets.
// All products are rounded to float32 as written.
type Vectors struct {
	Code           []float64 // the first values of both codes, CodeKept each
	Reconstruction []float64 // the first values of both reconstructions, OutKept each
	Scores         []float64
	Contributions  []float64 // the first parts of both scores, OutKept each, where a score has parts
	CodeKept       int
	OutKept        int
	Tolerance      float64 // of values in float32, in parts of the largest
}

// SampleStream is the array number of samples, and GoalStream that of their targets.
const SampleStream, GoalStream = 1000, 1001

// Counts reports whether the decoder is compared with counts: the input's values, or those of the target.
func (p *Program) Counts() bool { return p.Loss.Likelihood == nn.Poisson }

// Example is a value of an input that is no record, for tests: it follows from h in [-1, 1).
func (p *Program) Example(h float64) float64 {
	switch {
	case p.Counts() && p.Goal == nil:
		return nn.ExampleCount((h + 1) / 2)
	case p.Low != p.High:
		return float64(float32(p.Low + (p.High-p.Low)*(h+1)/2))
	}
	return float64(float32((h + 1) / 2))
}

// Targets are those of so many samples: number i of their values is u = (Hash(GoalStream, i)+1)/2, of counts nn.ExampleCount of that, and the
// class of sample i is that part of the classes. Of the places of images, each fifth is ignored where that is possible.
func (p *Program) Targets(samples int) []float64 {
	g, n := p.Goal, samples
	if g.Classes == 0 {
		n *= g.Len()
	}
	y := make([]float64, n)
	for i := range y {
		y[i] = (float64(Hash(GoalStream, i)) + 1) / 2
		switch {
		case g.Labels != nil && g.Labels.Ignores && i%5 == 4:
			y[i] = float64(g.Labels.Ignore)
		case g.Labels != nil:
			y[i] = float64(int(y[i] * float64(g.Labels.Classes)))
		case g.Classes > 0:
			y[i] = float64(int(y[i] * float64(g.Classes)))
		case p.Counts():
			y[i] = nn.ExampleCount(y[i])
		default:
			y[i] = float64(float32(y[i]))
		}
	}
	return y
}

// Samples is the number of samples of Vectors.
const Samples = 2

// Hash is a float32 in [-1, 1) that looks random: a multiplicative hash of an array's number and an index.
func Hash(array, i int) float32 {
	h := uint32(i)*2654435761 + uint32(array)*40503 + 977
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	return float32(float64(h>>8)/(1<<23) - 1)
}
