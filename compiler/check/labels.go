package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// The largest number that may stand for no class: more than files of labels have in a byte or two.
const maxIgnore = 65535

var labelParams = []param{
	intArg("height", 1, maxWidth).first(), intArg("width", 1, maxWidth).first(), intArg("classes", 2, maxClasses),
	intArg("ignore", -maxIgnore, maxIgnore).or(0),
}

// labels reads `labels(64, 64, classes: 3, weights: each(1, 2, 2), ignore: 255)`; the names of the classes may stand instead of their number.
func (c *checker) labels(t *target, call *grammar.Call) {
	l := &nn.Labels{}
	rest, names, weights, ignore := []*grammar.Arg{}, (*grammar.Call)(nil), (*grammar.Call)(nil), (*grammar.Arg)(nil)
	for _, a := range call.Args {
		list, isCall := a.Value.(*grammar.Call)
		switch {
		case a.Name != nil && a.Name.Name == "classes" && names == nil && isCall && list.Name.Name == "names":
			names = list
		case a.Name != nil && a.Name.Name == "weights" && weights == nil:
			if !isCall || list.Name.Name != "each" {
				c.labelsForm(a.Value.Span(), fmt.Sprintf("%s is no list of weights", textOf(a.Value.Span())), "`each(1, 2, 2)`, a weight for each class", "")
				return
			}
			weights = list
		default:
			if a.Name != nil && a.Name.Name == "ignore" {
				ignore = a
			}
			rest = append(rest, a)
		}
	}
	params := labelParams
	if names != nil {
		params = slices.DeleteFunc(slices.Clone(params), func(p param) bool { return p.name == "classes" })
	}
	args, ok := c.bind(call.Name, rest, params, nil)
	if names != nil {
		var named bool
		l.Names, named = c.classes(names)
		ok = ok && named
	}
	if !ok {
		return
	}
	if l.Classes = len(l.Names); names == nil {
		l.Classes = args.whole("classes")
	}
	if ignore != nil {
		l.Ignores, l.Ignore = true, args.whole("ignore")
	}
	if weights != nil && !c.labelWeights(l, weights) {
		return
	}
	if l.Ignores && l.Ignore >= 0 && l.Ignore < l.Classes {
		c.labelsForm(ignore.At, fmt.Sprintf("%d is a class", l.Ignore), fmt.Sprintf("a number that no class has: the classes are 0 to %d", l.Classes-1),
			"write `weights: each(…)` with a 0 to leave a class out of the loss")
		return
	}
	dims := []int{args.whole("height"), args.whole("width")}
	if product(dims) == 1 {
		c.labelsForm(call.At, "an image of one place", "two places or more", fmt.Sprintf("write `class(%d)`: one class for a sample", l.Classes))
		return
	}
	size := product([]int{dims[0], dims[1], l.Classes})
	if size > maxWidth {
		c.add(source.Diagnostic{
			Code: source.OutOfRange, Span: call.At, Message: "the target has too many places and classes",
			Expected: "at most " + shown(maxWidth) + " in all", Found: shown(float64(size)),
		})
		return
	}
	t.grid = nn.Grid{H: dims[0], W: dims[1], C: l.Classes}
	t.Dims, t.Labels, t.size, t.grid = dims, l, size, nn.Grid{H: dims[0], W: dims[1], C: l.Classes}
}

// labelWeights reads the weights of classes, and reports whether they can be taken.
func (c *checker) labelWeights(l *nn.Labels, list *grammar.Call) bool {
	weight := realArg("weight", limits{low: 0, high: 1e6})
	most := 0.0
	for _, a := range list.Args {
		if a.Name != nil {
			c.labelsForm(a.At, fmt.Sprintf("%s has a name", textOf(a.At)), "weights alone, in the order of the classes", "")
			return false
		}
		w := c.argument(&weight, a.Value, nil)
		if !w.ok {
			return false
		}
		most = max(most, w.value)
		l.Weights = append(l.Weights, w.value)
	}
	switch {
	case len(l.Weights) != l.Classes:
		c.labelsForm(list.At, fmt.Sprintf("%s for %d classes", counted(len(l.Weights), "weight"), l.Classes), fmt.Sprintf("%d weights", l.Classes), "")
		return false
	case most == 0:
		c.labelsForm(list.At, "no class has a weight above 0", "a weight above 0", "the loss would be 0 whatever the model says")
		return false
	}
	return true
}

func (c *checker) labelsForm(at source.Span, message, expected, hint string) {
	c.add(source.Diagnostic{Code: source.LabelsForm, Span: at, Message: message, Expected: expected, Found: textOf(at), Hint: hint})
}
