package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/spf13/cobra"
)

// addLabels adds the flags that name the targets of samples.
func addLabels(cmd *cobra.Command, labels string) {
	cmd.Flags().String("labels", "", labels)
	cmd.Flags().StringSlice("label-column", nil, "columns of the .csv file of -data that are the target, by name or number from 1")
	_ = cmd.MarkFlagFilename("labels", "npy", "csv", "gz", "idx")
}

// labelColumns are the columns of a file of samples that are no values of a sample.
func labelColumns(cmd *cobra.Command) []string {
	columns, _ := cmd.Flags().GetStringSlice("label-column") // nil where the command has no such flag
	return columns
}

// readPairs reads the samples of a flag, and their targets if the model has any: from the file of another flag, or from columns of the
// samples' own.
func readPairs(cmd *cobra.Command, flag, labels string, p *plan.Program) (*dataset.Table, error) {
	path, _ := cmd.Flags().GetString(labels)
	columns := labelColumns(cmd)
	switch {
	case p.Goal == nil && len(columns) > 0:
		return nil, usageError{fmt.Errorf("-label-column: %s has no `target`", p.File)}
	case path != "" && len(columns) > 0:
		return nil, usageError{fmt.Errorf("-%s and -label-column exclude each other", labels)}
	case p.Goal != nil && path == "" && len(columns) == 0:
		return nil, usageError{fmt.Errorf("-%s FILE or -label-column NAME is missing: `%s` of %s is the target of each sample", labels, goalForm(p.Goal), p.File)}
	}
	t, err := readData(cmd, flag, p)
	if err != nil || p.Goal == nil {
		return t, err
	}
	if path == "" {
		path = t.Name
	}
	if t.Targets, err = dataset.Read(path, dataset.Options{Columns: columns}); err != nil {
		return nil, err
	}
	return t, checkTargets(t, p)
}

// goalForm is a target as the spec says it.
func goalForm(g *plan.Goal) string {
	if g.Classes > 0 {
		return fmt.Sprintf("%s = class(%d)", g.Name, g.Classes)
	}
	if g.Labels != nil {
		return fmt.Sprintf("%s = labels(%d, %d, %v)", g.Name, g.Dims[0], g.Dims[1], g.Labels)
	}
	return fmt.Sprintf("%s, %d values", g.Name, g.Len())
}

// checkTargets holds the targets of samples against the model.
func checkTargets(t *dataset.Table, p *plan.Program) error {
	y, width, what := t.Targets, 1, "a class"
	switch {
	case p.Goal.Labels != nil:
		width, what = p.Goal.Len(), "an image of classes"
	case p.Goal.Classes == 0:
		width, what = p.Goal.Len(), "a target"
	}
	if y.Width != width {
		return fmt.Errorf("%s: %s of width %d expected for `%s` of %s, %d values a sample found", y.Name, what, width, goalForm(p.Goal), p.File, y.Width)
	}
	if y.Len() != t.Len() {
		return fmt.Errorf("%s: %s for each of the %d samples of %s expected, %d found", y.Name, what, t.Len(), t.Name, y.Len())
	}
	if p.Goal.Labels != nil {
		return checkLabels(y, p)
	}
	if p.Goal.Classes == 0 {
		if y.Bytes && !p.Counts() {
			for i := range y.Data {
				y.Data[i] /= 255
			}
		}
		return fitting(y, p, 0, 1, "choose another likelihood")
	}
	for i, v := range y.Data {
		if c := float64(v); c != math.Trunc(c) || c < 0 || c >= float64(p.Goal.Classes) {
			return fmt.Errorf("%s: %s: a class from 0 to %d expected for `%s` of %s, %v found", y.Name, y.Place(i, 0), p.Goal.Classes-1, goalForm(p.Goal), p.File, v)
		}
	}
	return nil
}

// checkLabels reports the first place whose number is no class and stands for none.
func checkLabels(y *dataset.Table, p *plan.Program) error {
	l, columns := p.Goal.Labels, p.Goal.Dims[1]
	for i, v := range y.Data {
		if c := float64(v); c == math.Trunc(c) && math.Abs(c) <= math.MaxInt32 && l.Valid(int(c)) {
			continue
		}
		ignored := ""
		if l.Ignores {
			ignored = fmt.Sprintf(", or %d for none,", l.Ignore)
		}
		place := i % y.Width
		return fmt.Errorf("%s: %s, row %d and column %d of the image: a class from 0 to %d%s expected for `%s` of %s, %v found",
			y.Name, y.Place(i/y.Width, place), place/columns, place%columns, l.Classes-1, ignored, goalForm(p.Goal), p.File, v)
	}
	return nil
}

// withoutTarget reports a flag that asks for more than a model with a target can do.
func withoutTarget(cmd *cobra.Command, p *plan.Program, flags ...string) error {
	for _, name := range flags {
		if p.Goal != nil && cmd.Flags().Changed(name) {
			return usageError{fmt.Errorf("-%s: a model that is compared with its input expected, %s has the target `%s`", name, p.File, goalForm(p.Goal))}
		}
	}
	return nil
}

// errTarget says that a command is for models without a target.
var errTarget = usageError{errors.New("a model with a `target` has no alarms: its scores are not those of inputs alone")}
