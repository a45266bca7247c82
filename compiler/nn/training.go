package nn

// Training is what a spec's `train` section says, defaults filled in.
type Training struct {
	Optimizer Optimizer
	Schedule  Schedule
	Clip      Clip
	Decay     Decay
	Batch     int // samples a step
	Epochs    int
	Seed      uint64
	Stop      Stop
	Pretrain  Pretrain
	Augment   *Augment // nil for none
}

// Pretrain is greedy layer-wise pretraining: each layer on its own, one after the other, before all are trained together
// (Hinton and Salakhutdinov 2006; Bengio et al. 2007). Epochs 0 means none.
type Pretrain struct {
	Epochs int     // of each layer
	Rate   float64 // learning rate, before the schedule
}

// Stage is the training of one layer of pretraining: the same but for its epochs and its learning rate. It never stops early.
func (t Training) Stage() Training {
	t.Epochs, t.Optimizer.Rate = t.Pretrain.Epochs, t.Pretrain.Rate
	t.Stop, t.Pretrain = Stop{}, Pretrain{}
	return t
}

// A Method is an optimisation algorithm.
type Method int

const (
	SGD Method = iota
	Adam
	AdamW
	RMSProp
)

// An Optimizer is a method with its parameters. Unused ones are 0. All follow the update rules of PyTorch's torch.optim.
type Optimizer struct {
	Method   Method
	Rate     float64 // learning rate
	Momentum float64 // sgd
	Nesterov bool    // sgd
	Beta1    float64 // adam, adamw
	Beta2    float64 // adam, adamw
	Alpha    float64 // rmsprop: decay of the mean square
	Eps      float64 // adam, adamw, rmsprop
	Decay    float64 // adamw: decoupled weight decay, of weight matrices only
}

// A ScheduleKind is the curve of the learning rate.
type ScheduleKind int

const (
	Constant ScheduleKind = iota
	Step                  // Rate · Factor^floor(epoch/Every)
	Cosine                // from Rate to Floor·Rate along half a cosine over the run
)

// A Schedule is the factor on the learning rate as a function of the epoch, counted in fractions.
// During the first Warmup epochs the factor also rises linearly from 0.
type Schedule struct {
	Kind   ScheduleKind
	Every  float64 // Step: epochs
	Factor float64 // Step
	Floor  float64 // Cosine: the last factor
	Warmup float64 // epochs
}

// A ClipKind says how gradients are bounded.
type ClipKind int

const (
	NoClip    ClipKind = iota
	ClipNorm           // the norm of all gradients together is at most Max
	ClipValue          // each component is at most Max in absolute value
)

// A Clip bounds gradients before the update.
type Clip struct {
	Kind ClipKind
	Max  float64
}

// Stop ends training early: after Patience epochs without an improvement of the validation loss by more than Delta.
// Patience 0 means never. The best weights are kept.
type Stop struct {
	Patience int
	Delta    float64
}
