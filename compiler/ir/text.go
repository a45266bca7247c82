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
		return fmt.Sprintf("param %s ±%s", op.Name, number(op.Bound))
	case Fill:
		return "fill " + number(op.Value)
	case Affine:
		return fmt.Sprintf("affine[%s, %s]", number(op.Scale), number(op.Shift))
	case Corrupt:
		return "corrupt" + fmt.Sprint(op.Noises)
	case Dropout:
		return fmt.Sprintf("dropout[%s, %d]", number(op.P), op.Number)
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
	case TopK:
		return fmt.Sprintf("topk[%d]", op.K)
	case KeptGrad:
		return "kept_grad"
	case Add:
		return "add"
	case NLL:
		return "nll[" + op.Loss.String() + "]"
	case Penalize:
		return "penalize[" + op.Penalty.String() + "]"
	case MeanSamples:
		return "mean_samples"
	case PenalizeMeans:
		return "penalize_means[" + op.Penalty.String() + "]"
	case MeanBatch:
		return "mean_batch"
	case ActivateGrad:
		return "grad[" + op.Activation.String() + "]"
	case NLLGrad:
		return "nll_grad[" + op.Loss.String() + "]"
	case PenalizeGrad:
		return "penalize_grad[" + op.Penalty.String() + "]"
	case MeanSamplesGrad:
		return "mean_samples_grad"
	case PenalizeMeansGrad:
		return "penalize_means_grad[" + op.Penalty.String() + "]"
	case PenalizeMeansSlope:
		return "penalize_means_slope[" + op.Penalty.String() + "]"
	case AddMeanGrad:
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
		return "add_penalize_grad[" + op.Penalty.String() + "]"
	case DenseGrad:
		return "dense_grad" + attributes(op.Activation.String(), op.TransW)
	case WeightGrad:
		return "weight_grad" + flags(op.Bias, "[bias]", false, "")
	case WeightUpdate:
		text := op.Update.text()
		if op.Clip != 0 {
			text += ", clip " + number(op.Clip)
		}
		return "weight_update[" + text + "]"
	}
	panic(fmt.Sprintf("internal error: no text for %T", op))
}

func (u Update) text() string {
	text := u.Optimizer.Method.Name()
	if u.Bias {
		text += ", bias"
	}
	if u.Decay.Kind != nn.NoDecay {
		text += ", decay " + u.Decay.String()
	}
	return text
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
