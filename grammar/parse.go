package grammar

import (
	"cmp"
	"slices"

	"github.com/aegen/aegen/grammar/source"
)

// Parse reads one spec. It never panics and always returns a File: one that lacks the lines that could not be read,
// which File.Broken lists, where there are diagnostics.
func Parse(file *source.File) (*File, []source.Diagnostic) {
	f, m, _ := read(file)
	return f, m.sorted()
}

// read parses a file and keeps its skeleton for the formatter.
func read(file *source.File) (*File, *mistakes, []*branch) {
	p := &parser{mistakes: &mistakes{file: file}, file: &File{Source: file}}
	if !p.readable() {
		return p.file, p.mistakes, nil
	}
	top := skeleton(p.mistakes, tokens(file))
	p.model(top)
	for _, b := range top {
		if len(b.head) > 0 && !p.full() {
			p.statement(b)
		}
	}
	return p.file, p.mistakes, top
}

// A parser turns the branches of a skeleton into the tree.
type parser struct {
	*mistakes
	file    *File
	keyword Ident // of the statement at hand
}

// statement parses one top-level statement with its body.
func (p *parser) statement(b *branch) {
	p.keyword = Ident{Name: b.word, At: p.at(b.head[0])}
	if b.broken {
		p.lost(b)
	} else if n, ok := parseHead(p.mistakes, headParser, b); !ok {
		p.lost(b)
	} else if n.Model != nil {
		return
	} else if s := p.stmt(n, b); s != nil {
		p.file.Stmts = append(p.file.Stmts, s)
		return
	}
	p.readBody(b)
}

// lost notes that a line could not be read.
func (p *parser) lost(b *branch) {
	p.file.Broken = append(p.file.Broken, Ident{Name: p.keyword.Name, At: p.over(b.head)})
}

// readBody reads the body of a statement that is lost, for its mistakes alone.
func (p *parser) readBody(b *branch) {
	switch b.kind {
	case noBody, unreadBody:
	case layerBody:
		p.layers(b.body)
	case settingBody:
		p.settings(b.body)
	case fieldBody:
		p.fields(b.body)
	default:
		panic("internal error: unknown kind of body")
	}
}

// model sees that the spec begins with one `model` line.
func (p *parser) model(top []*branch) {
	var first *branch
	for i, b := range top {
		if len(b.head) == 0 && b.open == nil {
			continue
		}
		if first == nil {
			first = top[i]
			if b.word != "model" {
				p.missingModel(top[i:])
			}
		}
		if b.word == "model" {
			p.modelLine(b)
		}
	}
	if first == nil {
		p.add(source.Diagnostic{
			Code: source.MissingModel, Span: source.Span{File: p.file.Source}, Message: "the spec is empty",
			Expected: "`model` and a name", Hint: "a spec begins with a line such as `model Fashion`",
		})
	}
}

// modelLine takes the model's name, once.
func (p *parser) modelLine(b *branch) {
	if b.broken || len(b.head) < 2 || b.head[1].Type != nameType {
		return
	}
	if p.file.Model != nil {
		b.broken = true
		p.add(source.Diagnostic{
			Code: source.SecondModel, Span: p.over(b.head), Message: "a second `model` line",
			Hint:    "one file describes one model; move the second to a file of its own",
			Related: []source.Related{{Span: p.file.Model.At, Message: "the model is named here"}},
		})
		return
	}
	p.file.Model = &Ident{Name: b.head[1].Value, At: p.at(b.head[1])}
}

func (p *parser) missingModel(rest []*branch) {
	d := source.Diagnostic{
		Code: source.MissingModel, Span: source.Span{File: p.file.Source}, Message: "the spec does not begin with `model`",
		Expected: "`model` and a name", Hint: "begin with a line such as `model Fashion`",
	}
	if head := rest[0].head; len(head) > 0 {
		d.Span, d.Found = p.at(head[0]), found(head[0])
	}
	for _, b := range rest {
		if b.word == "model" {
			d.Hint = "move this line to the front"
			d.Span = p.over(b.head)
			d.Message, d.Found = "`model` is not the first line", ""
			break
		}
	}
	p.add(d)
}

// sorted returns the diagnostics in the order of the text, and says so where some were dropped.
func (m *mistakes) sorted() []source.Diagnostic {
	slices.SortStableFunc(m.list, func(a, b source.Diagnostic) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	if m.full() {
		m.list = append(m.list, source.Diagnostic{
			Code: source.TooMany, Span: m.list[len(m.list)-1].Span, Message: "too many mistakes: the rest is not reported",
			Hint: "perhaps this file is no spec",
		})
	}
	return m.list
}
