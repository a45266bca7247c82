package grammar

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/grammar/source"
)

// String is the tree as text: one line for each line of the spec, with its place, and with brackets around every operation.
func (f *File) String() string {
	t := &treeText{}
	if f.Model != nil {
		t.line(f.Model.At, "model "+f.Model.Name)
	}
	for _, s := range f.Stmts {
		t.stmt(s)
	}
	for _, b := range f.Broken {
		t.line(b.At, "broken "+b.Name)
	}
	return t.String()
}

type treeText struct {
	strings.Builder
	depth int
}

func (t *treeText) line(at source.Span, words ...string) {
	p := at.File.Position(at.Start)
	place := fmt.Sprintf("%d:%d", p.Line, p.Column)
	fmt.Fprintf(t, "%-7s%s%s\n", place, strings.Repeat("  ", t.depth), strings.TrimSpace(strings.Join(words, " ")))
}

func (t *treeText) stmt(s Stmt) {
	switch s := s.(type) {
	case *Let:
		t.line(s.At, "let", s.Name.Name, "=", exprText(s.Value))
	case *Block:
		t.line(s.At, "block", s.Name.Name+identsText(s.Params))
		t.lines(s.Body)
	case *Input:
		t.line(s.At, "input", s.Name.Name, "=", callText(s.Type), scaleText(s.Scale))
		for _, f := range s.Fields {
			t.inner(func() { t.line(f.At, f.Name.Name+":", callText(f.Type)) })
		}
	case *Target:
		t.line(s.At, "target", s.Name.Name, "=", callText(s.Type))
	case *Predict:
		t.line(s.At, "predict", s.What.Name, "from", callText(s.From))
	case *Augment:
		t.line(s.At, "augment", callText(s.By))
	case *Corrupt:
		t.line(s.At, "corrupt", callText(s.By))
	case *Encoder:
		t.encoder(s)
	case *Bottleneck:
		t.line(s.At, "bottleneck", s.Name.Name, "=", opsText(s.Ops))
		t.settings(s.Settings)
	case *Decoder:
		t.decoder(s)
	case *Reconstruct:
		t.line(s.At, "reconstruct", callText(s.By))
	case *Train:
		t.line(s.At, "train")
		t.settings(s.Settings)
	case *Alarm:
		t.line(s.At, "alarm", exprText(s.Count), "per", exprText(s.Per))
	default:
		panic(fmt.Sprintf("internal error: unknown statement %T", s))
	}
}

func (t *treeText) encoder(s *Encoder) {
	if s.From != nil {
		t.line(s.At, "encoder from", s.From.Text)
		t.settings(s.Settings)
		return
	}
	t.line(s.At, "encoder")
	t.lines(s.Body)
}

func (t *treeText) decoder(s *Decoder) {
	if s.Call != nil {
		t.line(s.At, "decoder", callText(s.Call))
		return
	}
	t.line(s.At, "decoder")
	t.lines(s.Body)
}

func (t *treeText) inner(write func()) {
	t.depth++
	write()
	t.depth--
}

func (t *treeText) lines(body []Line) {
	t.inner(func() {
		for _, l := range body {
			t.bodyLine(l)
		}
	})
}

func (t *treeText) bodyLine(l Line) {
	switch l := l.(type) {
	case *Layer:
		as := ""
		if l.As != nil {
			as = "as " + l.As.Name
		}
		t.line(l.At, opsText(l.Ops), as)
	case *Repeat:
		t.line(l.At, "repeat", exprText(l.Count))
		t.lines(l.Body)
	case *Residual:
		t.line(l.At, "residual")
		t.lines(l.Body)
	default:
		panic(fmt.Sprintf("internal error: unknown line %T", l))
	}
}

func (t *treeText) settings(list []*Setting) {
	t.inner(func() {
		for _, s := range list {
			switch {
			case s.Args != nil:
				t.line(s.At, s.Name.Name+argsText(s.Args))
			case s.Value != nil:
				t.line(s.At, s.Name.Name, exprText(s.Value))
			default:
				t.line(s.At, s.Name.Name)
			}
		}
	})
}

func identsText(list []Ident) string {
	if len(list) == 0 {
		return ""
	}
	names := make([]string, len(list))
	for i, id := range list {
		names[i] = id.Name
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func scaleText(c *Call) string {
	if c == nil {
		return ""
	}
	return "scale " + callText(c)
}

func opsText(ops []*Call) string {
	texts := make([]string, len(ops))
	for i, c := range ops {
		texts[i] = callText(c)
	}
	return strings.Join(texts, " ")
}

func callText(c *Call) string {
	if !c.Parens {
		return c.Name.Name
	}
	return c.Name.Name + argsText(c.Args)
}

func argsText(args []*Arg) string {
	texts := make([]string, len(args))
	for i, a := range args {
		if a.Name != nil {
			texts[i] = a.Name.Name + ": "
		}
		texts[i] += exprText(a.Value)
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

func exprText(x Expr) string {
	switch x := x.(type) {
	case *Number:
		return x.Text
	case *String:
		return x.Text
	case *Call:
		return callText(x)
	case *Unary:
		return "(-" + exprText(x.X) + ")"
	case *Binary:
		return "(" + exprText(x.X) + " " + string(x.Op) + " " + exprText(x.Y) + ")"
	case *Paren:
		return exprText(x.X)
	default:
		panic(fmt.Sprintf("internal error: unknown expression %T", x))
	}
}
