package train

// A Config is what a spec's train section says. The generated package's Training function returns it.
type Config struct {
	Batch    int // samples a step
	Epochs   int
	Seed     uint64
	Rate     float64 // learning rate before the schedule
	Schedule Schedule
	Stop     Stop
	Augment  *Augment // nil where samples are taken as they are
}

// A Curve is the course of the learning rate.
type Curve int

const (
	Constant Curve = iota
	Step           // Factor^floor(epoch/Every)
	Cosine         // from 1 to Floor along half a cosine over all epochs
)

// A Schedule is the factor on the learning rate as a function of the epoch, counted in fractions.
// During the first Warmup epochs the factor also rises linearly from 0.
type Schedule struct {
	Curve  Curve
	Every  float64 // Step: epochs
	Factor float64 // Step
	Floor  float64 // Cosine: the last factor
	Warmup float64 // epochs
}

// Stop ends training after Patience epochs without an improvement of the validation loss by more than Delta.
// Patience 0 means never. The best weights are kept.
type Stop struct {
	Patience int
	Delta    float64
}
