package ir

import (
	"fmt"

	"github.com/aegen/aegen/grammar/source"
)

// Leaf appends an operation without arguments: Input, Param or Fill.
func (g *Graph) Leaf(op Op, t Type, at source.Span) *Value { return g.add(op, t, at, nil) }

// Add appends an operation on values of the graph. Its type is inferred; arguments that do not fit are a defect of the caller.
func (g *Graph) Add(op Op, at source.Span, args ...*Value) *Value { return g.add(op, Type{}, at, args) }

func (g *Graph) add(op Op, declared Type, at source.Span, args []*Value) *Value {
	t, err := infer(op, typesOf(args), declared)
	if err != nil {
		panic(fmt.Sprintf("internal error: %s in graph %s: %v", Word(op), g.Name, err))
	}
	v := &Value{ID: len(g.Values), Op: op, Args: args, Type: t, At: at}
	g.Values = append(g.Values, v)
	return v
}

// SetOutput names a value as a result.
func (g *Graph) SetOutput(name string, v *Value) {
	g.Outputs = append(g.Outputs, Output{Name: name, Value: v})
}

// Output returns the result of a name, or nil.
func (g *Graph) Output(name string) *Value {
	for _, o := range g.Outputs {
		if o.Name == name {
			return o.Value
		}
	}
	return nil
}

// Params lists the parameters in their order in the graph.
func (g *Graph) Params() []*Value {
	var params []*Value
	for _, v := range g.Values {
		if _, ok := v.Op.(Param); ok {
			params = append(params, v)
		}
	}
	return params
}

func typesOf(values []*Value) []Type {
	types := make([]Type, len(values))
	for i, v := range values {
		types[i] = v.Type
	}
	return types
}
