package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/golden/randspec"
)

// small is 30-16-4-16-30: a batch of it takes about 10 µs.
const small = `model Small
input x = vector(30)
encoder { dense(16) relu }
bottleneck z = dense(4) relu
decoder mirror(encoder)
reconstruct mse
train { batch 128 }
`

// wide is a model of n inputs.
func wide(n int) string {
	return fmt.Sprintf(`model Wide
input x = vector(%d)
encoder { dense(64) sigmoid }
bottleneck z = dense(4)
decoder mirror(encoder)
reconstruct bernoulli
train {
optimizer adam
batch 300
}
`, n)
}

func specText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "specs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSplits holds what workers share: a small model's step nothing, its batches much; a large model's everything.
func TestSplits(t *testing.T) {
	p := compileText(t, "small.ae", small).Program
	if s := p.Train.Phases[0].Split; s.Fork <= 128 {
		t.Errorf("a step of the small model shares its samples: %+v", s)
	}
	if s := p.Train.Panels; s.Task != 5 {
		t.Errorf("a step of the small model shares its 5 panels: %+v", s)
	}
	if s := p.Routines[0].Split; s != (plan.Split{Task: 384, Fork: 758}) {
		t.Errorf("Encode of the small model: %+v, want tasks of 384 samples, 758 and more", s)
	}
	p = compileText(t, "fashion.ae", specText(t, "fashion.ae")).Program
	for name, s := range map[string]plan.Split{"Encode": p.Routines[0].Split, "a step": p.Train.Phases[0].Split} {
		if s.Task != 32 || s.Fork > 32 {
			t.Errorf("%s of the large model: %+v, want tasks of 32 samples", name, s)
		}
	}
	if s := p.Train.Panels; s.Task != 1 || s.Fork > 1 {
		t.Errorf("updates of the large model: %+v, want a task a panel", s)
	}
}

// TestLongestPanelsFirst holds the order of updates: by the inputs that a panel has.
func TestLongestPanelsFirst(t *testing.T) {
	var order []string
	for _, u := range compileText(t, "fashion.ae", specText(t, "fashion.ae")).Program.Train.Updates {
		order = append(order, u.Param.Field)
	}
	if want := []string{"encoder0", "encoder1", "decoder2", "bottleneck", "decoder1", "decoder0"}; !slices.Equal(order, want) {
		t.Errorf("updates in the order %v, want %v", order, want)
	}
}

// TestCallsAreShort bounds every call of an assembly function by 100 µs, for specs of all sizes.
func TestCallsAreShort(t *testing.T) {
	texts := []string{wide(5_000), wide(20_000), wide(60_000), wide(200_000)}
	for _, name := range []string{"anomaly.ae", "contractive.ae", "denoising.ae", "digits.ae", "dropout.ae", "fashion.ae", "hinton.ae", "pca.ae", "sparse_kl.ae", "sparse_l1.ae", "stacked.ae", "tabular.ae", "vae.ae"} {
		texts = append(texts, specText(t, name))
	}
	for seed := range uint64(100) {
		texts = append(texts, randspec.Text(seed), randspec.Image(seed))
	}
	for _, text := range texts {
		p := compileText(t, "m.ae", text).Program
		bounded := map[*plan.Function]bool{}
		for _, c := range p.Calls() {
			bounded[c.Function] = true
			if micros := p.Target.Micros(c); c.Count < 1 || micros > 100 {
				t.Errorf("%s: a call of %d takes %.0f µs\n%s", c.Function.Name, c.Count, micros, text)
			}
		}
		for _, f := range p.Functions {
			if !bounded[f] {
				t.Errorf("no bound of calls of %s\n%s", f.Name, text)
			}
		}
	}
}

// TestTooWideForACall holds what very wide layers do: fewer samples a call, fewer panels for one sample, then Go.
func TestTooWideForACall(t *testing.T) {
	for _, c := range []struct{ inputs, samples, panels int }{{5_000, 14, 4}, {20_000, 2, 1}, {60_000, 0, 0}} {
		f := compileText(t, "wide.ae", wide(c.inputs)).Program.Kernels[0].Op.(*plan.Product).Fast
		samples, panels := 0, 0
		if f != nil {
			samples, panels = f.Samples, f.Row.Op.(*plan.RowProduct).Panels
		}
		if samples != c.samples || panels != c.panels {
			t.Errorf("%d inputs: %d samples a call, %d panels of one sample; want %d and %d", c.inputs, samples, panels, c.samples, c.panels)
		}
	}
}

// TestNoiseTooWideForACall holds that noise of a sample which is too much for one call runs in Go.
func TestNoiseTooWideForACall(t *testing.T) {
	for inputs, fast := range map[int]bool{40_000: true, 42_000: false} {
		p := compileText(t, "wide.ae", strings.Replace(wide(inputs), "encoder", "corrupt gaussian(0.1)\nencoder", 1)).Program
		if f := p.Train.Phases[0].Rows[0].Kernel.Op.(*plan.Corrupt).Fast; (f != nil) != fast {
			t.Errorf("noise of %d values runs by %v", inputs, f)
		}
	}
}

// TestTextStaysInItsBudget compiles a hundred layers that all differ: functions end with the budget, and the rest runs in Go.
func TestTextStaysInItsBudget(t *testing.T) {
	var layers strings.Builder
	for width := 40; width < 140; width++ {
		fmt.Fprintf(&layers, "dense(%d) relu\n", width)
	}
	p := compileText(t, "deep.ae", "model Deep\ninput x = vector(30)\nencoder {\n"+layers.String()+"}\nbottleneck z = dense(8)\ndecoder mirror(encoder)\nreconstruct mse\n").Program
	const layer = 1 << 16 // the kernel with which the budget ends may go beyond it
	if got, most := p.TextBytes(), p.Target.Vector.Text; got < most || got > most+layer {
		t.Errorf("%d bytes of text, want from %d to %d", got, most, most+layer)
	}
	first, last := p.Kernels[0].Op.(*plan.Product), p.Train.Updates[len(p.Train.Updates)-1]
	if first.Fast == nil || last.Fast != nil {
		t.Errorf("the first kernel runs by %v, the last update by %v; want functions, and Go", first.Fast, last.Fast)
	}
}

// TestPhases holds how penalties of the whole batch cut a step: what weights alone say comes first, then forward and back as far as the
// code, then what needs the means.
func TestPhases(t *testing.T) {
	const head, tail = "model M\ninput x = vector(40)\nencoder { }\nbottleneck z = dense(20) sigmoid {\n", "}\ndecoder mirror(encoder, tied: true)\nreconstruct mse\n"
	for _, c := range []struct {
		body string
		want string
	}{
		{"", "bottleneck decoder0 lossAndGradient backBottleneckTied"},
		{"sparsity l1(0.1)\n", "bottleneck penalty decoder0 lossAndGradient add1 backBottleneckTied penaltyGradient"},
		{"sparsity kl(rho: 0.1, beta: 1)\n", "bottleneck decoder0 lossAndGradient backBottleneckTied (means 20) (penaltyOfMeans 20) | addMeanGradient"},
		{"orthogonal(1)\n", "(rowsOfBottleneck 40) (gramOfBottleneck 20) (timesGramBottleneck 40) | bottleneck decoder0 lossAndGradient backBottleneckTied"},
		{"contractive(1)\n", "(squaresOfBottleneck 20) | bottleneck contraction decoder0 lossAndGradient add1 backBottleneckTied contractionGradient (contractionOfNorms 20)"},
	} {
		var phases []string
		for _, p := range compileText(t, "m.ae", head+c.body+tail).Program.Train.Phases {
			var steps []string
			for _, s := range p.Rows {
				steps = append(steps, s.Kernel.Name)
			}
			for _, b := range p.Batch {
				steps = append(steps, fmt.Sprintf("(%s %d)", b.Kernel.Name, b.Columns))
			}
			phases = append(phases, strings.Join(steps, " "))
		}
		if got := strings.Join(phases, " | "); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.body, got, c.want)
		}
	}
}
