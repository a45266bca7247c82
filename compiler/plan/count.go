package plan

// ParamCount is the number of trained numbers, padding excluded.
func (p *Program) ParamCount() int {
	n := 0
	for _, b := range p.Params {
		if b.Fixed && !b.Frozen {
			continue
		}
		n += b.In * b.Out
		if b.Bias != "" {
			n += b.Out
		}
	}
	return n
}

// MultiplyAdds is the number of multiply-adds of one reconstruction.
func (p *Program) MultiplyAdds() int {
	n := 0
	for _, l := range p.Layers {
		n += l.MultiplyAdds
	}
	return n
}
