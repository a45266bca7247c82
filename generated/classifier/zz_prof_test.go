package classifier
import "testing"
func BenchmarkStep(b *testing.B) {
	x := samples(Batch)
	y := targets(Batch)
	tr := NewTrainer(New(1), 1)
	defer tr.Close()
	tr.SetEpoch(0.5)
	tr.SetRate(1e-6)
	b.ResetTimer()
	for range b.N { tr.Step(x , y) }
}
func BenchmarkScore(b *testing.B) {
	x := samples(Batch)
	y := targets(Batch)
	m := New(1)
	s := make([]float32, Batch)
	for range b.N { m.ScoreBatch(s, x , y) }
}
func BenchmarkEncode(b *testing.B) {
	x := samples(Batch)
	m := New(1)
	var z Code
	for i := range b.N { m.Encode(&z, &x[i%Batch]) }
}
func BenchmarkReconstruct(b *testing.B) {
	x := samples(Batch)
	m := New(1)
	r := samples(Batch)
	for range b.N { m.ReconstructBatch(r, x) }
}
