package source

import (
	"cmp"
	"reflect"
	"slices"
)

// Count returns how many of the diagnostics are errors and how many are warnings.
func Count(list []Diagnostic) (errors, warnings int) {
	for _, d := range list {
		if d.Severity == Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// HasErrors reports whether a diagnostic of the list forbids to compile.
func HasErrors(list []Diagnostic) bool {
	errors, _ := Count(list)
	return errors > 0
}

// Sorted returns the diagnostics in the order of their places, each once.
func Sorted(list []Diagnostic) []Diagnostic {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(fileName(a.Span), fileName(b.Span)),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(sorted, func(a, b Diagnostic) bool { return reflect.DeepEqual(a, b) })
}

func fileName(s Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}
