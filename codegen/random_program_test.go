package codegen_test

// program is a main function that runs every generated package on the samples of plan.Hash and prints reports.
const program = `package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"

	"github.com/aegen/aegen/runtime/weights"
%s)

func hash(array, i int) float32 {
	h := uint32(i)*2654435761 + uint32(array)*40503 + 977
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	return float32(float64(h>>8)/(1<<23) - 1)
}

func hashed(file weights.File) *bytes.Buffer {
	for n, t := range file.Tensors {
		bound := float32(0.1)
		if len(t.Shape) > 1 {
			bound = float32(math.Sqrt(3 / float64(len(t.Data)/t.Shape[0])))
		}
		for i := range t.Data {
			t.Data[i] = hash(n, i) * bound
		}
	}
	var b bytes.Buffer
	if err := weights.Write(&b, file); err != nil {
		panic(err)
	}
	return &b
}

type report struct {
	Kernels                      int
	Code, Reconstruction, Scores []float32
	Loss                         float64
	Gradients, One, Ten          map[string][]float32
	Parts                        []float64
	LogVar                       []float32
	Probabilities                []float32
}

func tensors(list []weights.Tensor) map[string][]float32 {
	m := map[string][]float32{}
	for _, t := range list {
		m[t.Name] = append([]float32(nil), t.Data...)
	}
	return m
}

func main() {
	out := json.NewEncoder(os.Stdout)
%s}
`

// kernels are what the packages run by, one after the other: the numbers that SetKernels of hook takes.
var kernels = []string{"portable", "AVX2", "AVX-512"}

// hook is a file of every package that makes it run by other kernels than the fastest that the processor has.
const hook = `package %s

var has = [...]bool{true, assembly, assembly && avx512}

func SetKernels(number int) bool {
	assembly, avx512 = number >= 1, number >= 2
	return has[number]
}
`

// runModel is the part of the program that runs package m%[1]d. Batches have %[2]d samples, with the targets %[3]s.
const runModel = `	for kernels := range 3 {
		if !m%[1]d.SetKernels(kernels) {
			continue
		}
		m, err := m%[1]d.Load(hashed(m%[1]d.New(1).Weights()))
		if err != nil {
			panic(err)
		}
		x := make([]m%[1]d.Sample, %[2]d)
		m%[1]d.Fill(x)
%[3]s
		r := report{Kernels: kernels}
		z, d, s := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Decoded, len(x)), make([]float32, len(x))
		m.EncodeBatch(z, x)
		m.ReconstructBatch(d, x)
		m.ScoreBatch(s, x%[4]s)
		for i := range x {
			r.Code, r.Reconstruction = append(r.Code, z[i][:]...), append(r.Reconstruction, m%[1]d.Decodings(&d[i])...)
		}
		r.Scores = s
%[6]s		t := m%[1]d.NewTrainer(m, 1+%[1]d%%3)
		t.SetEpoch(0.75)
		var g []weights.Tensor
		r.Loss, g = t.Gradients(x%[4]s)
		r.Gradients = tensors(g)
		t.Step(x%[4]s)
		r.One = tensors(t.Weights().Tensors)
		for range 9 {
			t.Step(x%[4]s)
		}
		r.Ten = tensors(t.Weights().Tensors)
		shared, alone := make([]float32, len(x)), make([]float32, len(x))
		t.ScoreBatch(shared, x%[4]s)
		t.Model().ScoreBatch(alone, x%[4]s)
		if !slices.EqualFunc(shared, alone, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			panic("m%[1]d: a trainer's scores are not its model's")
		}
		t.Close()
		if err := out.Encode(r); err != nil {
			panic(err)
		}
	}
`

// runExplain is the rest of it for a score that is a sum of parts, runPosterior that for a code that is sampled, and runClasses that for one of
// discrete units.
const (
	runExplain = `		for i := range x {
			var c m%[1]d.Contributions
			sum := 0.0
			score := m.Explain(&c, &x[i])
			for _, v := range c {
				sum += v
			}
			if score != s[i] || float32(sum) != score {
				panic("m%[1]d: a score is not the sum of its parts")
			}
			r.Parts = append(r.Parts, c[:]...)
		}
`
	runPosterior = `		means, logvars := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Code, len(x))
		m.PosteriorBatch(means, logvars, x)
		if !slices.Equal(means, z) {
			panic("m%[1]d: a mean is not the code")
		}
		for i := range logvars {
			r.LogVar = append(r.LogVar, logvars[i][:]...)
		}
`
	runClasses = `		q, kl := make([]m%[1]d.Code, len(x)), make([]m%[1]d.Code, len(x))
		m.PosteriorBatch(q, kl, x)
		for i := range q {
			r.Probabilities = append(r.Probabilities, q[i][:]...)
		}
`
)
