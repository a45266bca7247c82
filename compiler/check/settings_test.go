package check

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
	"github.com/aegen/aegen/grammar/source/chunks"
)

const small = `model M
let latent = 2
let half = latent * 3
input x = vector(12)
encoder { dense(half) relu }
bottleneck z = dense(latent)
decoder mirror(encoder)
reconstruct mse
`

func TestTraining(t *testing.T) {
	adam := nn.Optimizer{Method: nn.Adam, Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}
	for _, c := range []struct {
		settings string
		want     func(*nn.Training)
	}{
		{"", func(*nn.Training) {}},
		{"optimizer adam", func(*nn.Training) {}},
		{"optimizer adam(lr: 0.1, beta1: 0.8, beta2: 0.9, eps: 1e-6)", func(t *nn.Training) {
			t.Optimizer = nn.Optimizer{Method: nn.Adam, Rate: 0.1, Beta1: 0.8, Beta2: 0.9, Eps: 1e-6}
		}},
		{"optimizer adamw", func(t *nn.Training) { t.Optimizer.Method, t.Optimizer.Decay = nn.AdamW, 0.01 }},
		{"optimizer adamw(decay: 0)", func(t *nn.Training) { t.Optimizer.Method = nn.AdamW }},
		{"optimizer sgd", func(t *nn.Training) { t.Optimizer = nn.Optimizer{Method: nn.SGD, Rate: 1e-3} }},
		{"optimizer sgd(lr: 1/2, momentum: 0.9, nesterov: true)", func(t *nn.Training) {
			t.Optimizer = nn.Optimizer{Method: nn.SGD, Rate: 0.5, Momentum: 0.9, Nesterov: true}
		}},
		{"optimizer rmsprop", func(t *nn.Training) {
			t.Optimizer = nn.Optimizer{Method: nn.RMSProp, Rate: 1e-2, Alpha: 0.99, Eps: 1e-8}
		}},
		{"schedule constant(warmup: 1.5)", func(t *nn.Training) { t.Schedule.Warmup = 1.5 }},
		{"schedule step(every: 10)", func(t *nn.Training) { t.Schedule = nn.Schedule{Kind: nn.Step, Every: 10, Factor: 0.1} }},
		{"schedule cosine(floor: 0.01, warmup: 2)", func(t *nn.Training) {
			t.Schedule = nn.Schedule{Kind: nn.Cosine, Floor: 0.01, Warmup: 2}
		}},
		{"batch latent * 32", func(t *nn.Training) { t.Batch = 64 }},
		{"epochs 7", func(t *nn.Training) { t.Epochs = 7 }},
		{"seed 9_007_199_254_740_992", func(t *nn.Training) { t.Seed = 1 << 53 }},
		{"clip norm(1)", func(t *nn.Training) { t.Clip = nn.Clip{Kind: nn.ClipNorm, Max: 1} }},
		{"clip value(0.5)", func(t *nn.Training) { t.Clip = nn.Clip{Kind: nn.ClipValue, Max: 0.5} }},
		{"decay l2(1e-4)", func(t *nn.Training) { t.Decay = nn.Decay{Kind: nn.L2Decay, Strength: 1e-4} }},
		{"stop early", func(t *nn.Training) { t.Stop = nn.Stop{Patience: 5} }},
		{"stop early(patience: 3, delta: 0.1)", func(t *nn.Training) { t.Stop = nn.Stop{Patience: 3, Delta: 0.1} }},
	} {
		want := nn.Training{Optimizer: adam, Batch: 128, Epochs: 20, Seed: 1}
		c.want(&want)
		if m := checked(t, small+"train {\n"+c.settings+"\n}\n", nil); m.Training != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.settings, m.Training, want)
		}
	}
	if m := checked(t, small, nil); m.Training != Defaults() {
		t.Errorf("without a train section: %+v", m.Training)
	}
}

func TestOverride(t *testing.T) {
	for _, c := range []struct {
		set    map[string]string
		widths [2]int
	}{
		{nil, [2]int{6, 2}},
		{map[string]string{"latent": "3"}, [2]int{9, 3}},
		{map[string]string{"half": "1_0"}, [2]int{10, 2}},
		{map[string]string{"half": "5", "latent": "4e0"}, [2]int{5, 4}},
	} {
		m := checked(t, small, c.set)
		if got := [2]int{m.Layers[0].Out, m.Layers[1].Out}; got != c.widths {
			t.Errorf("%v: widths %v, want %v", c.set, got, c.widths)
		}
	}
}

func TestWrongOverride(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"latnt", "3", "error AE0113: -set latnt: the spec has no `let` of that name; help: did you mean `latent`?"},
		{"width", "3", "error AE0113: -set width: the spec has no `let` of that name; help: write `latent` or `half`"},
		{"latent", "wide", "error AE0114: -set latent=wide is no number; expected a number such as `-set latent=16`; found `wide`; line 2: the `let` is here"},
		{"latent", "", "error AE0114: -set latent= is no number"},
		{"latent", "NaN", "error AE0114: -set latent=NaN is no number"},
		{"latent", "1e999", "error AE0114: -set latent=1e999 is no number"},
		{"latent", "0x10", "error AE0114: -set latent=0x10 is no number"},
		{"latent", "0", "error AE0301: width must be at least 1"},
		{"latent", "2.5", "error AE0302: width must be a whole number"},
	} {
		file, _ := grammar.Parse(&source.File{Name: "test.ae", Text: small})
		m, list := Model(file, Options{Set: map[string]string{c.name: c.value}})
		if m != nil || len(list) == 0 || !strings.HasPrefix(chunks.Text(list[0]), c.want) {
			t.Errorf("%s=%s: got %v, want %s", c.name, c.value, list, c.want)
		}
	}
	file, _ := grammar.Parse(&source.File{Name: "test.ae", Text: strings.ReplaceAll(readSpec(t, "fashion"), "Fashion", "F")})
	_, list := Model(file, Options{Set: map[string]string{"latent": "3"}})
	const want = "error AE0113: -set latent: the spec has no `let` of that name; help: the spec has no `let`; write `let latent = 32` and use the name"
	if len(list) != 1 || chunks.Text(list[0]) != want {
		t.Errorf("got %v, want %s", list, want)
	}
}

func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		spec    string
		samples int
		want    string
	}{
		{"fashion", 60_000, ""},
		{"fashion", 561, ""}, // 561 × 784 = 439_824 > 439_728
		{"fashion", 560, "warning AE0504: the data cannot determine the model: 439_728 parameters, and 560 samples of 784 values are 439_040 numbers"},
		{"fashion", 200, "warning AE0505: the decoder is large enough to memorise the data: 220_240 weights, and 200 samples of 784 values are 156_800 numbers"},
		{"tabular", 1, "warning AE0505: the decoder is large enough to memorise the data: 590 weights, and 1 sample of 30 values are 30 numbers"},
		{"digits", 1438, ""},
	} {
		m := checked(t, readSpec(t, c.spec), nil)
		got := ""
		for _, d := range Capacity(m, c.samples) {
			got += chunks.Text(d)
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s with %d samples: got %q, want %q", c.spec, c.samples, got, c.want)
		}
	}
	tied := checked(t, strings.Replace(small, "mirror(encoder)", "mirror(encoder, tied: true)", 1), nil)
	if got := Capacity(tied, 1); len(got) != 1 || got[0].Code != source.Memorising {
		t.Errorf("a tied decoder: %v", got)
	}
}
