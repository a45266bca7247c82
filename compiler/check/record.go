package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// The most fields of a record and classes of a field.
const maxFields, maxClasses = 1000, 255

// fieldWords are the types of fields. Their arguments are words, not numbers: see fieldForms.
var fieldWords = []word{
	{name: "real", places: []place{fieldType}},
	{name: "category", places: []place{fieldType}},
	{name: "binary", places: []place{fieldType}},
	{name: "count", places: []place{fieldType}},
}

// fieldForms says how each type may be written.
var fieldForms = map[string]string{
	"real": "`real`, or `real(log)` for numbers of at least 0 over many magnitudes", "category": "`category(tcp, udp)`, with the names of all classes",
	"binary": "`binary` alone", "count": "`count` alone",
}

// record checks the fields of an input. It is nil after a mistake.
func (c *checker) record(s *grammar.Input) nn.Record {
	if _, ok := c.bind(s.Type.Name, s.Type.Args, nil, nil); !ok {
		return nil
	}
	var record nn.Record
	whole := true
	names := map[string]source.Span{}
	for _, line := range s.Fields {
		f, ok := c.field(line)
		ok = c.fieldName(line.Name, names) && ok
		record = append(record, f)
		whole = whole && ok
	}
	switch {
	case len(s.Fields) == 0 && !c.broken("input"):
		c.add(source.Diagnostic{
			Code: source.NoFields, Span: s.Type.At, Message: "the record has no fields",
			Expected: "a line for each column", Hint: "write a field, as in `bytes: real(log)`",
		})
	case len(s.Fields) > maxFields:
		c.add(source.Diagnostic{
			Code: source.OutOfRange, Span: s.Type.At, Message: "the record has too many fields",
			Expected: "at most " + shown(maxFields), Found: shown(float64(len(s.Fields))),
		})
	case whole:
		return record
	}
	return nil
}

// fieldName sees that a field has a name of its own, in Go too: there it begins with a capital letter and has no `_`.
func (c *checker) fieldName(name grammar.Ident, names map[string]source.Span) bool {
	first, taken := names[ir.GoName(name.Name)]
	switch {
	case ir.GoName(name.Name) == "" || name.Name[0] == '_':
		c.add(source.Diagnostic{
			Code: source.FieldForm, Span: name.At, Message: fmt.Sprintf("the name %s has no form in Go", quoted(name.Name)),
			Expected: "a name that begins with a letter", Hint: "choose another name",
		})
		return false
	case taken:
		c.add(source.Diagnostic{
			Code: source.DuplicateName, Span: name.At, Message: fmt.Sprintf("the name %s is taken", quoted(name.Name)),
			Hint:    fmt.Sprintf("choose another name: in Go, both are `%s`", ir.GoName(name.Name)),
			Related: []source.Related{{Span: first, Message: "by this field"}},
		})
		return false
	}
	names[ir.GoName(name.Name)] = name.At
	return true
}

// field checks the type of a field.
func (c *checker) field(line *grammar.Field) (nn.Field, bool) {
	f := nn.Field{Name: line.Name.Name}
	w, ok := c.find(line.Type.Name, fieldType)
	if !ok {
		return f, false
	}
	args := line.Type.Args
	switch w.name {
	case "real":
		f.Kind = nn.RealField
		if len(args) == 1 && args[0].Name == nil && isWord(args[0].Value, "log") {
			f.Kind = nn.LogField
			return f, true
		}
	case "category":
		f.Kind = nn.CategoryField
		f.Classes, ok = c.classes(line.Type)
		return f, ok
	case "binary":
		f.Kind = nn.BinaryField
	case "count":
		f.Kind = nn.CountField
	default:
		panic(fmt.Sprintf("internal error: the field type %s has no meaning", w.name))
	}
	if len(args) > 0 || line.Type.Parens {
		c.fieldForm(line.Type)
		return f, false
	}
	return f, true
}

func (c *checker) fieldForm(t *grammar.Call) {
	c.add(source.Diagnostic{
		Code: source.FieldForm, Span: t.At, Message: fmt.Sprintf("%s is no type of a field", textOf(t.At)),
		Expected: fieldForms[t.Name.Name], Found: textOf(t.At),
	})
}

// classes are the names of a category: words, numbers or strings.
func (c *checker) classes(t *grammar.Call) ([]string, bool) {
	var list []string
	var at []source.Span
	for _, a := range t.Args {
		name, ok := className(a)
		if !ok {
			c.add(source.Diagnostic{
				Code: source.FieldForm, Span: a.At, Message: fmt.Sprintf("%s is not the name of a class", textOf(a.At)),
				Expected: "a word, a number, or a text between quotes", Hint: fieldForms["category"],
			})
			return nil, false
		}
		if i := slices.Index(list, name); i >= 0 {
			c.add(source.Diagnostic{
				Code: source.FieldForm, Span: a.At, Message: fmt.Sprintf("the class %s is there twice", textOf(a.At)),
				Hint: "remove one of the two", Related: []source.Related{{Span: at[i], Message: "the first is here"}},
			})
			return nil, false
		}
		list, at = append(list, name), append(at, a.At)
	}
	if len(list) < 2 || len(list) > maxClasses {
		c.add(source.Diagnostic{
			Code: source.FieldForm, Span: t.At, Message: "a category is one of some classes",
			Expected: fmt.Sprintf("the names of 2 to %d classes", maxClasses), Found: fmt.Sprint(len(list)), Hint: "write " + fieldForms["category"],
		})
		return nil, false
	}
	return list, true
}

// className is what stands in the data for a class.
func className(a *grammar.Arg) (string, bool) {
	if a.Name != nil {
		return "", false
	}
	switch e := a.Value.(type) {
	case *grammar.Call:
		return e.Name.Name, !e.Parens
	case *grammar.Number:
		return e.Text, true
	case *grammar.String:
		text, err := strconv.Unquote(e.Text)
		return text, err == nil && text != "" && text == strings.TrimSpace(text) && !strings.ContainsAny(text, "\r\n")
	}
	return "", false
}

// checkLikelihood sees that records, and only they, are judged field by field.
func (c *checker) checkLikelihood(d *design) {
	if !d.loss.ok || d.input.size == 0 {
		return
	}
	isRecord, byFields := d.input.record != nil && !d.target.own, d.loss.Likelihood == nn.Fields
	if l := d.loss.Likelihood; d.input.standard.Valid() && !d.target.own && (l == nn.Bernoulli || l == nn.Categorical) {
		c.add(source.Diagnostic{
			Code: source.LikelihoodOfInput, Span: d.loss.at, Message: quoted(d.loss.String()) + " is for values in [0, 1], and standardised ones go beyond",
			Hint:    "write `scale range(low, high)`, or `reconstruct gaussian(std: 1)`",
			Related: []source.Related{{Span: d.input.standard, Message: "the values are standardised here"}},
		})
		return
	}
	if scaled := d.scaledAt(); d.loss.Likelihood == nn.Poisson && !d.target.own && scaled.Valid() {
		c.add(source.Diagnostic{
			Code: source.LikelihoodOfInput, Span: d.loss.at, Message: "`poisson` is for counts as they stand in the data, and scaled values are none",
			Hint:    "leave out the `scale`, or write the counts as fields of a record: `hits: count` is standardised for the network",
			Related: []source.Related{{Span: scaled, Message: "the values are scaled here"}},
		})
		return
	}
	if isRecord == byFields {
		return
	}
	diagnostic := source.Diagnostic{
		Code: source.LikelihoodOfInput, Span: d.loss.at, Related: []source.Related{{Span: d.input.at, Message: "the input is here"}},
		Message: "`fields` is the likelihood of a record", Hint: "write `reconstruct mse`, `reconstruct bernoulli` or `reconstruct gaussian(std: 1)`",
	}
	if d.target.own {
		diagnostic.Hint = "write the likelihood of what the decoder is compared with"
		diagnostic.Related = []source.Related{{Span: d.target.at, Message: "that is here"}}
	}
	if isRecord {
		diagnostic.Message = fmt.Sprintf("%s is no likelihood of a record", textOf(d.loss.at))
		diagnostic.Hint = "write `reconstruct fields`: the type of each field says its likelihood"
	}
	c.add(diagnostic)
}

// scaledAt is where the input is scaled, invalid where it is not.
func (d *design) scaledAt() source.Span {
	if d.input.scaled {
		return d.input.scale.At
	}
	return d.input.standard
}

// features writes what the network sees of a record.
func (b *builder) features(in input, x *ir.Value) *ir.Value {
	b.rows = x
	if n := in.record.Standards(); n > 0 {
		b.learned(n, in.at)
	}
	return b.Add(ir.Features{Record: in.record}, in.at, append([]*ir.Value{x}, b.standard...)...)
}

// learned writes the n means and deviations that are learned of the data.
func (b *builder) learned(n int, at source.Span) {
	b.standard = []*ir.Value{
		b.Leaf(ir.Param{Name: "input.mean", Fixed: true}, ir.Floats(n), at),
		b.Leaf(ir.Param{Name: "input.log_deviation", Fixed: true}, ir.Floats(n), at),
	}
}

// fieldsLoss writes the loss of each record, of which u are the features.
func (b *builder) fieldsLoss(d *design, o, u *ir.Value) *ir.Value {
	record := d.input.record
	args := append([]*ir.Value{o, u, b.rows}, b.standard...)
	if n := record.Deviations(); n > 0 {
		if b.logStd == nil {
			b.logStd = b.Leaf(ir.Param{Name: "fields.log_std"}, ir.Floats(n), d.loss.at)
		}
		args = append(args, b.logStd)
	}
	return b.Add(ir.FieldsNLL{Record: record}, d.loss.at, args...)
}

// likeliest writes the record that o stands for.
func (b *builder) likeliest(d *design, o *ir.Value) *ir.Value {
	return b.Add(ir.Likeliest{Record: d.input.record}, d.loss.at, append([]*ir.Value{o}, b.standard...)...)
}
