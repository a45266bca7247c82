package pass

import (
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
)

// onGrids write graphs of one operation each, whose arguments are parameters, and random models.
var onGrids = map[string]func(s *spatial){
	"conv": func(s *spatial) {
		w, adjoint := s.window(nn.Grid{}, nn.Grid{}), s.IntN(3) == 0
		s.end(s.g.Add(ir.Conv{Window: w, Adjoint: adjoint}, here, s.param(ir.Samples(w.In.Len())), s.convWeight(w, adjoint)))
	},
	"deconv": func(s *spatial) {
		w, adjoint := s.window(nn.Grid{}, nn.Grid{}), s.IntN(3) == 0
		s.end(s.g.Add(ir.Deconv{Window: w, Adjoint: adjoint}, here, s.param(ir.Samples(w.Out.Len())), s.convWeight(w, !adjoint)))
	},
	"add_channels": func(s *spatial) {
		c := s.between(1, 5)
		s.end(s.g.Add(ir.AddChannels{}, here, s.param(ir.Samples(c*s.between(1, 6))), s.param(ir.Floats(c))))
	},
	"max_pool": func(s *spatial) {
		w := s.pool(nn.Grid{})
		s.end(s.g.Add(ir.MaxPool{Window: w}, here, s.param(ir.Samples(w.In.Len()))))
	},
	"max_unpool": func(s *spatial) {
		w := s.pool(nn.Grid{})
		s.end(s.g.Add(ir.MaxUnpool{Window: w}, here, s.param(ir.Samples(w.Out.Len())), s.input(ir.Samples(w.In.Len()))))
	},
	"max_gather": func(s *spatial) {
		w := s.pool(nn.Grid{})
		s.end(s.g.Add(ir.MaxGather{Window: w}, here, s.param(ir.Samples(w.In.Len())), s.input(ir.Samples(w.In.Len()))))
	},
	"avg_pool": func(s *spatial) {
		w := s.pool(nn.Grid{})
		s.end(s.g.Add(ir.AvgPool{Window: w}, here, s.param(ir.Samples(w.In.Len()))))
	},
	"avg_pool_grad": func(s *spatial) {
		w := s.pool(nn.Grid{})
		s.end(s.g.Add(ir.AvgPoolGrad{Window: w}, here, s.param(ir.Samples(w.Out.Len()))))
	},
	"upsample": func(s *spatial) {
		op := s.upsample(nn.Grid{H: s.between(1, 5), W: s.between(1, 5), C: s.between(1, 3)})
		s.end(s.g.Add(op, here, s.param(ir.Samples(op.Grid.Len()))))
	},
	"upsample_grad": func(s *spatial) {
		op := s.upsample(nn.Grid{H: s.between(1, 5), W: s.between(1, 5), C: s.between(1, 3)})
		s.end(s.g.Add(ir.UpsampleGrad(op), here, s.param(ir.Samples(op.Grid.Len()*op.FH*op.FW))))
	},
	"concat": func(s *spatial) {
		positions := s.between(1, 6)
		var args []*ir.Value
		for range s.between(1, 4) {
			args = append(args, s.param(ir.Samples(positions*s.between(1, 3))))
		}
		s.end(s.g.Add(ir.Concat{Positions: positions}, here, args...))
	},
	"channels": func(s *spatial) {
		op := s.channels(s.between(1, 6))
		s.end(s.g.Add(op, here, s.param(ir.Samples(op.Of*s.between(1, 5)))))
	},
	"channels_grad": func(s *spatial) {
		op := s.channels(s.between(1, 6))
		s.end(s.g.Add(ir.ChannelsGrad(op), here, s.param(ir.Samples((op.To-op.From)*s.between(1, 5)))))
	},
	"models on grids": (*spatial).model,
}

// derive holds the gradients of a random graph against differences.
func (s *spatial) derive(t *testing.T, seen kinds) {
	t.Helper()
	s.env.Rate = 1
	m := &ir.Model{Loss: nn.Loss{Likelihood: nn.MSE}, Training: nn.Training{Optimizer: nn.Optimizer{Method: nn.SGD}}}
	derive(t, m, s.g, s.env, seen)
	if t.Failed() {
		t.Fatal(s.g)
	}
}

// TestSpatialModels takes the graphs of random models through each pass: what they mean is the same before and after.
func TestSpatialModels(t *testing.T) {
	optimizers := []nn.Training{
		{Optimizer: nn.Optimizer{Method: nn.SGD}},
		{Optimizer: nn.Optimizer{Method: nn.SGD}, Clip: nn.Clip{Kind: nn.ClipValue, Max: 0.01}},
		{Optimizer: nn.Optimizer{Method: nn.SGD}, Clip: nn.Clip{Kind: nn.ClipNorm, Max: 0.5}, Decay: nn.Decay{Kind: nn.L2Decay, Strength: 0.01}},
	}
	for seed := range uint64(200) {
		s := newSpatial(seed)
		s.model()
		training := optimizers[seed%uint64(len(optimizers))]
		for _, g := range []*ir.Graph{s.g, grad.Differentiate(s.g), grad.Train(s.g, training)} {
			want := run(t, g, s.env)
			for _, p := range Default {
				next, err := Run(g, []Pass{p})
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, g)
				}
				g = next
				got := run(t, g, s.env)
				for _, err := range []error{near(want.Outputs, got.Outputs), near(want.Params, got.Params), near(want.State, got.State)} {
					if err != nil {
						t.Fatalf("seed %d, graph %s after %s: %v\n%s", seed, g.Name, p.Name, err, g)
					}
				}
			}
			for _, v := range g.Values {
				switch v.Op.(type) {
				case ir.Conv, ir.Deconv, ir.ConvWeightGrad:
					t.Errorf("seed %d: %s is left\n%s", seed, ir.Word(v.Op), g)
				}
			}
		}
	}
}

// TestTiedConvolutionsGetOneUpdate looks at the fused training graph of a convolution and the deconvolution by its weight.
func TestTiedConvolutionsGetOneUpdate(t *testing.T) {
	s := newSpatial(1)
	w := nn.Window{In: nn.Grid{H: 7, W: 6, C: 2}, Out: nn.Grid{H: 4, W: 3, C: 3}, KH: 3, KW: 3, SH: 2, SW: 2, DH: 1, DW: 1, Top: 1, Left: 1, Bottom: 1, Groups: 1}
	x, weight := s.input(ir.Samples(w.In.Len())), s.convWeight(w, false)
	relu := ir.Activate{Activation: nn.Activation{Func: nn.ReLU}}
	h := s.g.Add(ir.AddChannels{}, here, s.g.Add(ir.Conv{Window: w}, here, x, weight), s.param(ir.Floats(w.Out.C)))
	y := s.g.Add(ir.Deconv{Window: w, Adjoint: true}, here, s.g.Add(relu, here, h), weight)
	s.end(s.g.Add(ir.AddChannels{}, here, y, s.param(ir.Floats(w.In.C))))
	g, err := Run(grad.Train(s.g, nn.Training{Optimizer: nn.Optimizer{Method: nn.SGD}}), Default)
	if err != nil {
		t.Fatal(err)
	}
	const window = "7×6×2→4×3×3 kernel 3×3 stride 2×2 pad 1,1,1,0"
	for _, line := range []string{
		"%3   = conv_layer[" + window + ", relu] %0, %1, %2 : f32[B,36]\n",
		"%5   = deconv_layer[" + window + ", adjoint, identity] %3, %1, %4 : f32[B,84]\n",
		"%9   = link_nll_grad[mse] %5, %6 : f32[B,84]\n",
		"%11  = conv_back[" + window + ", relu] %9, %1, %3 : f32[B,36]\n",
		"= weight_update[sgd, bias, conv " + window + "] %1, %2, %0, %11, %9, %3 : effect\n",
		"= update[sgd] %4, %10 : effect\n",
	} {
		if strings.Count(g.Text(), line) != 1 {
			t.Errorf("%q is not once in\n%s", line, g)
		}
	}
}
