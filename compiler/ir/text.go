package ir

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// String is the graph as text, a value a line, each with its place in the source.
func (g *Graph) String() string { return g.text(true) }

// Text is String without places: what the graph computes and nothing else.
func (g *Graph) Text() string { return g.text(false) }

func (g *Graph) text(places bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph %s\n", g.Name)
	for _, v := range g.Values {
		line := fmt.Sprintf("  %-4s = %s", ref(v), Word(v.Op))
		for i, a := range v.Args {
			if i > 0 {
				line += ","
			}
			line += " " + ref(a)
		}
		line += " : " + v.Type.String()
		if places && v.At.Valid() {
			line = fmt.Sprintf("%-64s // %s", line, v.At)
		}
		b.WriteString(line + "\n")
	}
	for _, o := range g.Outputs {
		fmt.Fprintf(&b, "  return %s = %s\n", o.Name, ref(o.Value))
	}
	return b.String()
}

func ref(v *Value) string { return "%" + strconv.Itoa(v.ID) }

// Word is an operation as the text form names it, its attributes included.
func Word(op Op) string {
	switch op := op.(type) {
	case Input:
		return "input " + op.Name
	case Param:
		if op.Fixed {
			return fmt.Sprintf("param %s fixed", op.Name)
		}
		return fmt.Sprintf("param %s ±%s", op.Name, number(op.Bound)) + unit(op.Unit)
	case Fill:
		return "fill " + number(op.Value)
	case Affine:
		return fmt.Sprintf("affine[%s, %s]", number(op.Scale), number(op.Shift))
	case Standardise:
		return "standardise" + flags(op.Back, " back", false, "")
	case Features, FieldsNLL, Likeliest, FieldsNLLGrad, FieldsStdGrad:
		return fieldsWord(op)
	case Corrupt:
		return "corrupt" + fmt.Sprint(op.Noises)
	case Sample:
		return "sample[" + op.Draw.String() + "]"
	case Relax, RelaxGrad, Choose, ClassKL, ClassKLGrad, AddClassKLGrad:
		return classesWord(op)
	case Quantize, QuantizeBatch, Commit, CommitGrad, AddCommitGrad:
		return quantizedWord(op)
	case KL:
		return "kl[" + op.Prior.String() + "]"
	case Dropout:
		return fmt.Sprintf("dropout[%s, stream %#x]", number(op.P), nn.DropoutStream(op.Number))
	case MatMul:
		return "matmul" + flags(op.TransA, "ᵀ·", op.TransB, "·ᵀ")
	case SubBias:
		return "sub_bias"
	case Sub:
		return "sub"
	case AddBias:
		return "add_bias"
	case Activate:
		return op.Activation.String()
	case Softmax:
		return "softmax" + ofClasses(op.Classes)
	case SoftmaxGrad:
		return "softmax_grad" + ofClasses(op.Classes)
	case TopK:
		return fmt.Sprintf("topk[%d]", op.K)
	case BatchTopK:
		return fmt.Sprintf("batch_topk[%d]", op.K)
	case Above:
		return "above"
	case DeadTopK:
		return fmt.Sprintf("dead_topk[%d after %d]", op.K, op.After)
	case KeptGrad:
		return "kept_grad"
	case Add:
		return "add"
	case NLL:
		return "nll[" + op.Loss.String() + "]"
	case Conv, Deconv, ConvWeightGrad, ConvLayer, ConvBack, AddChannels, SumChannels, MaxPool, MaxUnpool, MaxGather, AvgPool, AvgPoolGrad, Upsample, UpsampleGrad,
		Concat, Channels, ChannelsGrad:
		return spatialWord(op)
	case UnitSlope, UnitSlopeGrad, ActivateCurve, Squares, SquaresGrad, SquaresMean:
		return jacobianWord(op)
	case Penalize:
		return "penalize[" + op.Penalty.String() + "]"
	case MeanSamples:
		return "mean_samples"
	case PenalizeMeans:
		return "penalize_means[" + op.Penalty.String() + "]"
	case ColumnSquares:
		return "column_squares"
	case Contract:
		return "contract[" + op.Contraction.String() + "]"
	case Orthogonal:
		return "orthogonal[" + number(op.Strength) + "]"
	case ColumnSquaresGrad:
		return "column_squares_grad"
	case ContractGrad:
		return "contract_grad[" + op.Contraction.String() + "]"
	case ContractNormGrad:
		return "contract_norm_grad[" + op.Contraction.String() + "]"
	case OrthogonalGrad:
		return "orthogonal_grad[" + number(op.Strength) + "]"
	case AddContractGrad:
		return "add_contract_grad[" + op.Contraction.String() + slope(op.Slope) + "]"
	case ContractNormMean:
		return "contract_norm_mean[" + op.Contraction.String() + "]"
	case OrthogonalSlope:
		return "orthogonal_slope[" + number(op.Strength) + "]"
	case AddWeightGrad:
		return "add_weight_grad"
	case MeanBatch:
		return "mean_batch"
	case ActivateGrad:
		return "grad[" + op.Activation.String() + "]"
	case NLLGrad:
		return "nll_grad[" + op.Loss.String() + "]"
	case GaussianNLL:
		return "gaussian_nll"
	case GaussianNLLGrad:
		return "gaussian_nll_grad" + flags(op.Std, "[by ρ]", op.Mean, "[mean]")
	case SampleGrad:
		return "sample_grad" + posterior(op.Draw.String(), op.LogVar)
	case KLGrad:
		return "kl_grad" + posterior(op.Prior.String(), op.LogVar)
	case PosteriorGrad:
		return "posterior_grad" + posterior(op.Draw.String()+", "+op.Prior.String(), op.LogVar)
	case PenalizeGrad:
		return "penalize_grad[" + op.Penalty.String() + "]"
	case MeanSamplesGrad:
		return "mean_samples_grad"
	case PenalizeMeansGrad:
		return "penalize_means_grad[" + op.Penalty.String() + "]"
	case PenalizeMeansSlope:
		return "penalize_means_slope[" + op.Penalty.String() + "]"
	case AddMeanGrad:
		if op.Slope.Func != nn.Identity {
			return "add_mean_grad[" + op.Slope.String() + "]"
		}
		return "add_mean_grad"
	case MeanBatchGrad:
		return "mean_batch_grad"
	case SumBatch:
		return "sum_batch"
	case GradNorm:
		return "grad_norm"
	case ClipToNorm:
		return "clip_to_norm[" + number(op.Max) + "]"
	case ClipToValue:
		return "clip_to_value[" + number(op.Max) + "]"
	case Update:
		return "update[" + op.text() + "]"
	case Dense:
		return "dense" + attributes(op.Activation.String(), op.TransW)
	case LinkNLL:
		return "link_nll[" + op.Loss.String() + "]"
	case LinkNLLGrad:
		return "link_nll_grad[" + op.Loss.String() + "]"
	case AddPenalizeGrad:
		return "add_penalize_grad[" + op.Penalty.String() + slope(op.Slope) + "]"
	case DenseGrad:
		return "dense_grad" + attributes(op.Activation.String(), op.TransW)
	case WeightGrad:
		if op.Window != (nn.Window{}) {
			return fmt.Sprintf("%s[%v%s]", map[bool]string{false: "conv_weight_grad", true: "deconv_weight_grad"}[op.Deconv], op.Window, map[bool]string{true: ", bias"}[op.Bias])
		}
		return "weight_grad" + flags(op.Bias, "[bias]", false, "")
	case WeightUpdate:
		text := op.Update.text()
		if op.Clip != 0 {
			text += ", clip " + number(op.Clip)
		}
		if op.Window != (nn.Window{}) {
			text += fmt.Sprintf(", %s %v", map[bool]string{false: "conv", true: "deconv"}[op.Deconv], op.Window)
		}
		return "weight_update[" + text + "]"
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

// unit says which vectors of a weight are kept at norm 1.
func unit(u nn.Unit) string {
	if u == nn.NoUnit {
		return ""
	}
	return ", unit " + u.String()
}

func (u Update) text() string {
	text := u.Optimizer.Method.Name()
	if u.Bias {
		text += ", bias"
	}
	if u.Decay.Kind != nn.NoDecay {
		text += ", decay " + u.Decay.String()
	}
	return text + unit(u.Unit)
}

// posterior are the attributes of a derivative by the mean or the log-variance of a code.
func posterior(of string, logvar bool) string {
	if logvar {
		return "[" + of + ", by logvar]"
	}
	return "[" + of + ", by mean]"
}

func attributes(activation string, trans bool) string {
	if trans {
		return "[" + activation + ", ·ᵀ]"
	}
	return "[" + activation + "]"
}

func flags(a bool, ifA string, b bool, ifB string) string {
	text := ""
	if a {
		text += ifA
	}
	if b {
		text += ifB
	}
	return text
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// ofClasses says over how many values a softmax goes, where that is not all.
func ofClasses(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("[%d]", n)
}

// slope is the activation whose derivative a gradient is multiplied by, as a further attribute.
func slope(a nn.Activation) string {
	if a.Func == nn.Identity {
		return ""
	}
	return ", " + a.String()
}
