package grammar

import "github.com/aegen/aegen/grammar/source"

func (p *parser) ident(t token) Ident { return Ident{Name: t.Value, At: p.at(t)} }

func (p *parser) names(list []*nameNode) []Ident {
	var names []Ident
	for _, n := range list {
		names = append(names, p.ident(n.Name))
	}
	return names
}

func (p *parser) sum(n *sumNode) Expr {
	x := p.product(n.First)
	for _, tail := range n.Rest {
		x = binary(x, tail.Op, p.product(tail.X))
	}
	return x
}

func (p *parser) product(n *productNode) Expr {
	x := p.unary(n.First)
	for _, tail := range n.Rest {
		x = binary(x, tail.Op, p.unary(tail.X))
	}
	return x
}

func binary(x Expr, op token, y Expr) Expr {
	return &Binary{At: x.Span().Join(y.Span()), Op: op.Value[0], X: x, Y: y}
}

func (p *parser) unary(n *unaryNode) Expr {
	at := p.over(n.Tokens)
	switch {
	case n.Minus != nil:
		return &Unary{At: at, X: p.unary(n.Minus)}
	case n.Number != nil:
		return &Number{At: at, Text: n.Number.Value}
	case n.String != nil:
		return &String{At: at, Text: n.String.Value}
	case n.Call != nil:
		return p.call(n.Call)
	case n.Paren != nil:
		return &Paren{At: at, X: p.sum(n.Paren)}
	}
	panic("internal error: an expression of an unknown form")
}

func (p *parser) call(n *callNode) *Call {
	c := &Call{At: p.over(n.Tokens), Name: p.ident(n.Name), Parens: n.Args != nil}
	if n.Args != nil {
		c.Args = p.args(n.Args)
	}
	return c
}

func (p *parser) calls(list []*callNode) []*Call {
	var calls []*Call
	for _, n := range list {
		calls = append(calls, p.call(n))
	}
	return calls
}

func (p *parser) args(n *argsNode) []*Arg {
	args := []*Arg{} // not nil, so that `dead()` has arguments, though none
	for _, a := range n.List {
		args = append(args, p.arg(a))
	}
	return args
}

func (p *parser) arg(n *argNode) *Arg {
	a := &Arg{At: p.over(n.Tokens), Value: p.sum(n.First)}
	if n.Value == nil {
		return a
	}
	if c, ok := a.Value.(*Call); ok && !c.Parens {
		a.Name = &c.Name
	} else {
		p.badArgumentName(a.Value)
	}
	a.Value = p.sum(n.Value)
	return a
}

func (p *parser) badArgumentName(x Expr) {
	p.add(source.Diagnostic{
		Code: source.Syntax, Span: x.Span(), Message: "the part before `:` is not a name",
		Expected: "the name of an argument, as in `stride: 2`", Found: quote(p.file.Source.Text[x.Span().Start:x.Span().End]),
	})
}
