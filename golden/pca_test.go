package golden

import (
	"context"
	"math"
	"testing"

	"github.com/aegen/aegen/generated/pca"
	"github.com/aegen/aegen/runtime/train"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// TestLinearAutoencoderIsPCA trains pca.ae on the digits and compares it with exact PCA by gonum (Baldi and Hornik 1989:
// the decoder of a linear autoencoder at its minimum spans the first principal components).
// The largest principal angle between the two subspaces is below 0.01 rad, and the held-out errors agree to 0.1 %.
func TestLinearAutoencoderIsPCA(t *testing.T) {
	learn, held := digits(t)
	trainer := pca.NewTrainer(pca.New(pca.Training().Seed), 2)
	defer trainer.Close()
	if _, err := train.Run(context.Background(), trainer, pca.Training(), learn, nil, train.Options{}); err != nil {
		t.Fatal(err)
	}

	mean, axes := exactPCA(learn, pca.CodeSize)
	decoder, err := trainer.Weights().Tensor("decoder.0.weight", pca.InputSize, pca.CodeSize)
	if err != nil {
		t.Fatal(err)
	}
	angle := largestAngle(mat.NewDense(pca.InputSize, pca.CodeSize, float64s(decoder)), axes)
	t.Logf("largest principal angle %.5f rad", angle)
	if !(angle < 1e-2) {
		t.Errorf("largest principal angle %v rad, want below 0.01", angle)
	}

	model, sse, want := trainer.Model(), 0.0, 0.0
	for i := range held {
		var r pca.Input
		model.Reconstruct(&r, &held[i])
		x, projected := mat.NewVecDense(pca.InputSize, nil), mat.NewVecDense(pca.InputSize, nil)
		for j, v := range held[i] {
			d := float64(v-r[j]) / 16
			sse += d * d
			x.SetVec(j, float64(v)/16-mean[j])
		}
		var code mat.VecDense
		code.MulVec(axes.T(), x)
		projected.MulVec(axes, &code)
		x.SubVec(x, projected)
		want += mat.Dot(x, x)
	}
	t.Logf("held-out sse %.6f, PCA %.6f", sse/float64(len(held)), want/float64(len(held)))
	if math.Abs(sse-want) > 1e-3*want {
		t.Errorf("held-out sse %v, PCA %v: more than 0.1 %% apart", sse, want)
	}
}

// digits are the demo's samples, the last fifth held out.
func digits(t *testing.T) (learn, held []pca.Input) {
	t.Helper()
	raw := optdigits(t)
	all := make([]pca.Input, len(raw)/pca.InputSize)
	for i, v := range raw {
		all[i/pca.InputSize][i%pca.InputSize] = float32(v)
	}
	return all[:len(all)*4/5], all[len(all)*4/5:]
}

// exactPCA returns the mean and the first principal axes of scaled samples.
func exactPCA(x []pca.Input, components int) ([]float64, mat.Matrix) {
	m := mat.NewDense(len(x), pca.InputSize, nil)
	mean := make([]float64, pca.InputSize)
	for i := range x {
		for j, v := range x[i] {
			m.Set(i, j, float64(v)/16)
			mean[j] += float64(v) / 16 / float64(len(x))
		}
	}
	var pc stat.PC
	if !pc.PrincipalComponents(m, nil) {
		panic("no principal components")
	}
	var vectors mat.Dense
	pc.VectorsTo(&vectors)
	return mean, mat.DenseCopyOf(vectors.Slice(0, pca.InputSize, 0, components))
}

// largestAngle is the largest principal angle between the column spaces of a and of orthonormal b:
// the arc sine of the norm of what is left of an orthonormal basis of a outside b (Björck and Golub 1973).
func largestAngle(a *mat.Dense, b mat.Matrix) float64 {
	var svd mat.SVD
	svd.Factorize(a, mat.SVDThin)
	var q, inside, outside mat.Dense
	svd.UTo(&q)
	inside.Mul(b.T(), &q)
	outside.Mul(b, &inside)
	outside.Sub(&q, &outside)
	svd.Factorize(&outside, mat.SVDNone)
	return math.Asin(min(1, svd.Values(nil)[0]))
}
