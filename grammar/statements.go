package grammar

import "github.com/aegen/aegen/grammar/source"

// stmt builds the statement of a head and its body, or nil where the body that it needs is missing.
func (p *parser) stmt(n *headNode, b *branch) Stmt {
	at := p.over(b.head)
	if b.open == nil && needsBody(n, b) {
		p.missingBody(b)
		return nil
	}
	switch {
	case n.Let != nil:
		return &Let{At: at, Name: p.ident(n.Let.Name), Value: p.sum(n.Let.Value)}
	case n.Block != nil:
		return &Block{At: at, Name: p.ident(n.Block.Name), Params: p.names(n.Block.Params), Body: p.layers(b.body)}
	case n.Input != nil:
		return p.input(n.Input, b)
	case n.Target != nil:
		return &Target{At: at, Name: p.ident(n.Target.Name), Type: p.call(n.Target.Type)}
	case n.Predict != nil:
		return &Predict{At: at, What: p.ident(n.Predict.What), From: p.call(n.Predict.From)}
	case n.Augment != nil:
		return &Augment{At: at, By: p.call(n.Augment.By)}
	case n.Corrupt != nil:
		return &Corrupt{At: at, By: p.call(n.Corrupt.By)}
	case n.Encoder != nil:
		return p.encoder(n.Encoder, b)
	case n.Bottleneck != nil:
		s := n.Bottleneck
		return &Bottleneck{At: at, Name: p.ident(s.Name), Ops: p.calls(s.Ops), Settings: p.settings(b.body)}
	case n.Decoder != nil && n.Decoder.Call != nil:
		return &Decoder{At: at, Call: p.call(n.Decoder.Call)}
	case n.Decoder != nil:
		return &Decoder{At: at, Body: p.layers(b.body)}
	case n.Reconstruct != nil:
		return &Reconstruct{At: at, By: p.call(n.Reconstruct.By)}
	case n.Train != nil:
		return &Train{At: at, Settings: p.settings(b.body)}
	case n.Alarm != nil:
		return &Alarm{At: at, Count: p.sum(n.Alarm.Count), Per: p.sum(n.Alarm.Per)}
	}
	panic("internal error: a head of an unknown statement")
}

func needsBody(n *headNode, b *branch) bool {
	switch {
	case n.Block != nil, n.Train != nil:
		return true
	case n.Encoder != nil:
		return n.Encoder.From == nil
	case n.Decoder != nil:
		return n.Decoder.Call == nil
	case n.Input != nil:
		return bodyOf(b.word, words(b.head), noBody) == fieldBody
	}
	return false
}

func (p *parser) input(n *inputNode, b *branch) *Input {
	s := &Input{At: p.over(b.head), Name: p.ident(n.Name), Type: p.call(n.Type), Fields: p.fields(b.body)}
	if n.Scale != nil {
		s.Scale = p.call(n.Scale)
	}
	return s
}

func (p *parser) encoder(n *encoderNode, b *branch) *Encoder {
	s := &Encoder{At: p.over(b.head)}
	if n.From == nil {
		s.Body = p.layers(b.body)
		return s
	}
	s.From = &String{At: p.at(*n.From), Text: n.From.Value}
	s.Settings = p.settings(b.body)
	return s
}

// layers parses the lines of a body of layers.
func (p *parser) layers(body []*branch) []Line {
	var lines []Line
	for _, b := range body {
		if len(b.head) == 0 {
			continue
		}
		if l := p.line(b); l != nil {
			lines = append(lines, l)
		}
	}
	return lines
}

func (p *parser) line(b *branch) Line {
	if b.broken {
		p.lost(b)
		p.readBody(b)
		return nil
	}
	n, ok := parseHead(p.mistakes, lineParser, b)
	switch {
	case !ok:
		p.lost(b)
		p.readBody(b)
		return nil
	case n.Layer == nil && b.open == nil:
		p.missingBody(b)
		return nil
	}
	at := p.over(b.head)
	switch {
	case n.Repeat != nil:
		return &Repeat{At: at, Count: p.sum(n.Repeat), Body: p.layers(b.body)}
	case n.Residual != nil:
		return &Residual{At: at, Body: p.layers(b.body)}
	}
	l := &Layer{At: at, Ops: p.calls(n.Layer.Ops)}
	if n.Layer.As != nil {
		as := p.ident(n.Layer.As.Name)
		l.As = &as
	}
	return l
}

// settings parses the lines of a body of settings.
func (p *parser) settings(body []*branch) []*Setting {
	var list []*Setting
	for _, b := range body {
		if len(b.head) == 0 {
			continue
		}
		if n, ok := parseLine(p, settingParser, b); ok {
			s := &Setting{At: p.over(b.head), Name: p.ident(n.Name)}
			if n.Args != nil {
				s.Args = p.args(n.Args)
			}
			if n.Value != nil {
				s.Value = p.sum(n.Value)
			}
			list = append(list, s)
		}
	}
	return list
}

// fields parses the lines of a record.
func (p *parser) fields(body []*branch) []*Field {
	var list []*Field
	for _, b := range body {
		if len(b.head) == 0 {
			if b.comma != nil {
				p.emptyField(b)
			}
			continue
		}
		if n, ok := parseLine(p, fieldParser, b); ok {
			list = append(list, &Field{At: p.over(b.head), Name: p.ident(n.Name), Type: p.call(n.Type)})
		}
	}
	return list
}

// missingBody reports a head without the body that it needs.
func (p *parser) missingBody(b *branch) {
	last := b.head[len(b.head)-1]
	what := b.word
	if what == "input" {
		what = "record"
	}
	d := source.Diagnostic{
		Code: source.MissingBody, Span: p.after(last), Message: "`" + what + "` needs a body",
		Expected: "`{`", Hint: "it is written `" + likeOf(what) + "`",
	}
	p.add(d)
	p.lost(b)
}

// emptyField reports a comma of a record without a field before it.
func (p *parser) emptyField(b *branch) {
	p.add(source.Diagnostic{
		Code: source.MissingValue, Span: p.at(*b.comma), Message: "no field before `,`",
		Expected: "a field", Found: "`,`", Hint: "a field is written `bytes: real(log)`",
	})
}
