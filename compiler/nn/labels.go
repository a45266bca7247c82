package nn

import (
	"slices"
	"strconv"
	"strings"
)

// Labels are the classes of the places of an image, and how their losses are weighed: that of a place counts Weight times.
type Labels struct {
	Classes int
	Weights []float64 // by class; nil where each is 1
	Names   []string  // of the classes, or nil
	Ignores bool      // whether there is a number that stands for no class
	Ignore  int       // that number: no class has it
}

// Weight is what the loss of a place of a class is multiplied by: 0 where the place is ignored.
func (l *Labels) Weight(class int) float64 {
	switch {
	case class < 0 || class >= l.Classes:
		return 0
	case l.Weights == nil:
		return 1
	}
	return l.Weights[class]
}

// Valid reports whether a number is a class, or stands for none.
func (l *Labels) Valid(class int) bool {
	return class >= 0 && class < l.Classes || l.Ignores && class == l.Ignore
}

// Weighted reports whether places count differently.
func (l *Labels) Weighted() bool {
	return slices.ContainsFunc(l.Weights, func(w float64) bool { return w != 1 })
}

// Name is a class as reports say it.
func (l *Labels) Name(class int) string {
	if class < len(l.Names) {
		return l.Names[class]
	}
	return strconv.Itoa(class)
}

// String is the labels as a spec says them, without their size: "classes: 3, weights: each(1, 2, 2), ignore: 255".
func (l *Labels) String() string {
	s := "classes: " + strconv.Itoa(l.Classes)
	if l.Weighted() {
		var list []string
		for _, w := range l.Weights {
			list = append(list, strconv.FormatFloat(w, 'g', -1, 64))
		}
		s += ", weights: each(" + strings.Join(list, ", ") + ")"
	}
	if l.Ignores {
		s += ", ignore: " + strconv.Itoa(l.Ignore)
	}
	return s
}
