// Package weights reads and writes trained numbers as safetensors files.
package weights

import (
	"fmt"
	"slices"
	"strings"
)

// A Tensor is a named array, row-major.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// A File is what one safetensors file holds.
type File struct {
	Metadata map[string]string
	Tensors  []Tensor
}

// Keys of the metadata that aegen writes.
const (
	KeyModel       = "aegen.model"
	KeyFingerprint = "aegen.fingerprint"
	KeyScale       = "aegen.scale"
	KeyFormat      = "aegen.format"
	KeyRounded     = "aegen.rounded" // what weights were rounded to: "f16"; none for float32
)

// Format is the value of KeyFormat.
const Format = "1"

// Check returns an error, which names both, unless the file holds weights of the model with the fingerprint.
func (f File) Check(model, fingerprint string) error {
	found, ok := f.Metadata[KeyFingerprint]
	if !ok {
		return fmt.Errorf("weights: the file does not say which spec it belongs to: no %s in its metadata", KeyFingerprint)
	}
	if found != fingerprint {
		return fmt.Errorf("weights: weights of %s (fingerprint %s) expected, those of %s (fingerprint %s) found",
			model, fingerprint, f.Metadata[KeyModel], found)
	}
	if format := f.Metadata[KeyFormat]; format != Format {
		return fmt.Errorf("weights: %s %q expected, %q found", KeyFormat, Format, format)
	}
	return nil
}

// Tensor returns the data of a tensor that must have the shape.
func (f File) Tensor(name string, shape ...int) ([]float32, error) {
	for _, t := range f.Tensors {
		if t.Name != name {
			continue
		}
		if !slices.Equal(t.Shape, shape) {
			return nil, fmt.Errorf("weights: %s: shape %v expected, %v found", name, shape, t.Shape)
		}
		return t.Data, nil
	}
	return nil, fmt.Errorf("weights: %s: shape %v expected, no such tensor found", name, shape)
}

// Only returns an error unless the file's tensors have exactly these names. It names those missing and those unexpected.
func (f File) Only(names []string) error {
	var found []string
	for _, t := range f.Tensors {
		found = append(found, t.Name)
	}
	var faults []string
	if missing := without(names, found); len(missing) > 0 {
		faults = append(faults, "missing: "+list(missing))
	}
	if extra := without(found, names); len(extra) > 0 {
		faults = append(faults, "not expected: "+list(extra))
	}
	if faults == nil {
		return nil
	}
	return fmt.Errorf("weights: tensors %s", strings.Join(faults, "; "))
}

// without returns the names that are not among others.
func without(names, others []string) []string {
	set := make(map[string]bool, len(others))
	for _, name := range others {
		set[name] = true
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return set[name] })
}

// list joins a few names and counts the rest.
func list(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// size is the number of values of a shape. It is false for negative dimensions, and for sizes whose bytes overflow an int.
func size(shape []int) (int, bool) {
	const most = int(^uint(0)>>1) / 4
	n, zero := 1, false
	for _, d := range shape {
		if d < 0 || d > 0 && n > most/d {
			return 0, false
		}
		if d == 0 {
			zero = true
			continue
		}
		n *= d
	}
	if zero {
		return 0, true
	}
	return n, true
}
