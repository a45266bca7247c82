package ir

import "fmt"

// Verify reports the first rule of the IR that g breaks: order, argument counts and types, unique names of
// inputs, parameters and outputs, and a place in the source for every value.
func Verify(g *Graph) error {
	seen := map[*Value]bool{}
	names := map[string]bool{}
	for i, v := range g.Values {
		if err := verifyValue(v, i, seen); err != nil {
			return fmt.Errorf("graph %s: %%%d = %s: %w", g.Name, i, Word(v.Op), err)
		}
		seen[v] = true
		if name := leafName(v.Op); name != "" && names[name] {
			return fmt.Errorf("graph %s: %%%d: a second %q", g.Name, i, name)
		} else if name != "" {
			names[name] = true
		}
	}
	outputs := map[string]bool{}
	for _, o := range g.Outputs {
		switch {
		case !seen[o.Value]:
			return fmt.Errorf("graph %s: output %s is not a value of the graph", g.Name, o.Name)
		case outputs[o.Name]:
			return fmt.Errorf("graph %s: a second output %s", g.Name, o.Name)
		}
		outputs[o.Name] = true
	}
	return nil
}

func verifyValue(v *Value, i int, seen map[*Value]bool) error {
	if v.ID != i {
		return fmt.Errorf("has number %d", v.ID)
	}
	for _, a := range v.Args {
		if !seen[a] {
			return fmt.Errorf("argument %%%d does not come before it", a.ID)
		}
	}
	t, err := infer(v.Op, typesOf(v.Args), v.Type)
	switch {
	case err != nil:
		return err
	case !t.Equal(v.Type):
		return fmt.Errorf("type is %v, want %v", v.Type, t)
	case !v.At.Valid():
		return fmt.Errorf("has no place in the source")
	}
	return nil
}

// leafName is the name of an input or a parameter, else "".
func leafName(op Op) string {
	switch op := op.(type) {
	case Input:
		return op.Name
	case Param:
		return op.Name
	}
	return ""
}
