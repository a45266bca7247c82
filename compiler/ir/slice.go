package ir

// Slice returns a new graph of only what the named outputs of g need.
// A value in cut is replaced by an input of the name given there, and nothing before it is kept for its sake.
func Slice(g *Graph, name string, cut map[*Value]string, outputs ...string) *Graph {
	needed := map[*Value]bool{}
	for _, o := range outputs {
		needed[g.Output(o)] = true
	}
	for i := len(g.Values) - 1; i >= 0; i-- {
		v := g.Values[i]
		if _, isCut := cut[v]; needed[v] && !isCut {
			for _, a := range v.Args {
				needed[a] = true
			}
		}
	}
	s := &Graph{Name: name}
	moved := map[*Value]*Value{}
	for _, v := range g.Values {
		if !needed[v] {
			continue
		}
		if input, isCut := cut[v]; isCut {
			moved[v] = s.Leaf(Input{Name: input}, v.Type, v.At)
			continue
		}
		args := make([]*Value, len(v.Args))
		for i, a := range v.Args {
			args[i] = moved[a]
		}
		moved[v] = s.add(v.Op, v.Type, v.At, args)
	}
	for _, o := range outputs {
		s.SetOutput(o, moved[g.Output(o)])
	}
	return s
}
