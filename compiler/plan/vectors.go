package plan

// Vectors are numbers that the generated package tests itself with: what the float64 interpreter makes of two samples.
//
// Weights and samples come from Hash: entry i of the safetensors array number a (arrays numbered in the order of Params,
// weight before bias) is Hash(a, i) times sqrt(3/In) for a weight [Out, In] and times 0.1 for a bias;
// entry i of the samples is Low + (High-Low)·(Hash(SampleStream, i)+1)/2, Low and High 0 and 1 where there is no scale;
// of a record it is the field's Example of that Hash.
// Targets follow from Goal.Hashed.
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

// Hashed are targets of so many samples: number i of their values is (Hash(GoalStream, i)+1)/2, and the class of sample i is that part
// of the classes.
func (g *Goal) Hashed(samples int) []float64 {
	n := samples
	if g.Classes == 0 {
		n *= g.Len()
	}
	y := make([]float64, n)
	for i := range y {
		y[i] = (float64(Hash(GoalStream, i)) + 1) / 2
		if g.Classes > 0 {
			y[i] = float64(int(y[i] * float64(g.Classes)))
		} else {
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
