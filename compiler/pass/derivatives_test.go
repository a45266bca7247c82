package pass

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/grad"
	"github.com/aegen/aegen/compiler/interp"
	"github.com/aegen/aegen/compiler/ir"
)

// parts are what a row of TestEveryDerivative says of a spec; what is empty is plain.
type parts struct{ input, target, noise, encoder, code, decoder, loss, train string }

func (p parts) text() string {
	or := func(text, plain string) string {
		if text == "" {
			return plain
		}
		return text
	}
	return fmt.Sprintf("model M\ninput x = %s\n%s\n%s\nencoder { %s }\nbottleneck z = %s\ndecoder %s\nreconstruct %s\ntrain {\noptimizer sgd(lr: 1)\nbatch 3\n%s\n}\n",
		or(p.input, "vector(6)"), p.target, p.noise, or(p.encoder, "dense(5) tanh"), or(p.code, "dense(3)"), or(p.decoder, "mirror(encoder)"), or(p.loss, "mse"), p.train)
}

// rows have each operation, likelihood, penalty and activation of a training step in one of their specs.
func rows() map[string]parts {
	r := map[string]parts{
		"mse":                 {loss: "mse"},
		"bernoulli":           {loss: "bernoulli"},
		"gaussian":            {loss: "gaussian(std: 0.5)"},
		"gaussian, learned":   {loss: "gaussian(std: learned)"},
		"categorical":         {loss: "categorical"},
		"classes":             {target: "target y = class(4)", decoder: "{ dense }", loss: "categorical"},
		"poisson":             {loss: "poisson"},
		"fields":              {input: "record { a: real, b: real(log), c: category(u, v, w), d: binary, e: count }", loss: "fields"},
		"fields, not normal":  {input: "record { c: category(u, v, w), d: binary, e: count }", loss: "fields"},
		"l1":                  {code: "dense(3) tanh {\nsparsity l1(0.1)\n}"},
		"l1, proximal":        {code: "dense(3) {\nsparsity l1(0.1, proximal: true)\n}"},
		"kl":                  {code: "dense(3) sigmoid {\nsparsity kl(rho: 0.05, beta: 0.3)\n}"},
		"orthogonal":          {code: "dense(3) {\northogonal(0.2)\n}"},
		"contractive":         {encoder: " ", code: "dense(3) sigmoid {\ncontractive(0.3)\n}", decoder: "{ dense }"},
		"contractive, deep":   {code: "dense(3) tanh {\ncontractive(0.3)\n}"},
		"gaussian code":       {code: "gaussian(3)", loss: "bernoulli"},
		"free bits, warm-up":  {code: "gaussian(3) {\nprior normal(beta: 2, free_bits: 0.01, warmup: 2)\n}", loss: "bernoulli"},
		"bernoulli code":      {code: "bernoulli(3, temperature: 0.7)", loss: "bernoulli"},
		"categorical code":    {code: "categorical(2, classes: 3)", loss: "gaussian(std: 1)"},
		"quantised code":      {code: "quantize(4, dim: 2, groups: 2)", loss: "gaussian(std: 1)"},
		"topk":                {code: "dense(6) topk(2)"},
		"batch_topk":          {code: "dense(6) relu batch_topk(2)"},
		"dead":                {encoder: " ", code: "dense(9) topk(2) {\ndead(after: 2, aux: 3)\n}", decoder: "{ dense }"},
		"pre_bias":            {code: "dense(3) relu {\npre_bias\n}", decoder: "{ dense }"},
		"tied":                {decoder: "mirror(encoder, tied: true)"},
		"residual":            {encoder: "dense(5) tanh\nresidual {\ndense(4) tanh\ndense(5)\n}\n"},
		"dropout":             {encoder: "dense(5) tanh dropout(0.4)", noise: "corrupt gaussian(0.3)"},
		"scale":               {input: "vector(6) scale range(-1, 3)"},
		"scale standard":      {input: "vector(6) scale standard"},
		"decay l1":            {train: "decay l1(0.3)"},
		"decay l2":            {train: "decay l2(0.3)"},
		"a record's classes":  {input: "record { a: real, c: category(u, v, w) }", target: "target y = class(3)", decoder: "{ dense }", loss: "categorical"},
		"contractive, linear": {encoder: " ", code: "dense(3) {\ncontractive(0.3)\n}", decoder: "{ dense }"},
	}
	for _, word := range []string{"relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus", "softshrink(0.1)", "jumprelu(0.05)"} {
		r[word] = parts{encoder: "dense(5) " + word}
		r["contractive, "+word] = parts{encoder: " ", code: "dense(3) " + word + " {\ncontractive(0.3)\n}", decoder: "{ dense }"}
		r["contractive, deep, "+word] = parts{encoder: "dense(5) " + word, code: "dense(3) " + word + " {\ncontractive(0.3)\n}"}
	}
	return r
}

// without are the operations that no gradient goes through.
var without = map[string]string{
	"Input": "given", "Fill": "a constant", "Corrupt": "before the first weight", "Standardise": "before the first weight", "Features": "before the first weight",
	"Choose": "a mode, or draws of a score", "Quantize": "scores only: training has QuantizeBatch", "Likeliest": "makes a reconstruction",
	"GradNorm": "of gradients", "ClipToNorm": "of gradients", "ClipToValue": "of gradients",
}

// TestEveryDerivative holds gradients against central differences of the loss to 1e-6, as grad writes them and after all passes, where a step of sgd at
// the rate 1 is the gradient. There must be a row for each operation of ir, and for each likelihood, penalty, activation and field of nn.
func TestEveryDerivative(t *testing.T) {
	seen := kinds{}
	for name, p := range rows() {
		t.Run(name, func(t *testing.T) {
			m := model(t, p.text())
			e := env(m, 7)
			e.Rate = 1
			e.State = map[string][]float64{interp.IdleSteps: slices.Repeat([]float64{0, 3, 1}, 3)} // some values are dead
			derive(t, m, m.Objective, e, seen)
			if strings.Contains(p.code, "batch_topk") { // by the threshold
				derive(t, m, m.Forward, e, seen)
			}
		})
	}
	for name, write := range onGrids {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(100) {
				s := newSpatial(seed)
				write(s)
				s.derive(t, seen)
			}
		})
	}
	for _, name := range operations(t) {
		reason, none := without[name]
		if covered := seen["ir."+name] != nil; covered && none {
			t.Errorf("%s: a gradient goes through it, and `without` says %q", name, reason)
		} else if !covered && !none {
			t.Errorf("%s: an operation without a row", name)
		}
	}
	for typ, names := range constants(t, "Likelihood", "PenaltyKind", "DecayKind", "Func", "FieldKind") {
		for value, name := range names {
			if !seen["nn."+typ][value] {
				t.Errorf("nn.%s: a %s without a row", name, typ)
			}
		}
	}
}

// kinds are the types that values of operations have had, and of numbers which.
type kinds map[string]map[int]bool

// see notes the types within an operation.
func (k kinds) see(v reflect.Value) {
	name := v.Type().String()
	if k[name] == nil {
		k[name] = map[int]bool{}
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			k.see(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			k.see(v.Index(i))
		}
	case reflect.Int:
		k[name][int(v.Int())] = true
	}
}

// derive holds the gradient of a graph's loss against differences, and notes what it is made of.
func derive(t *testing.T, m *ir.Model, g *ir.Graph, e interp.Env, seen kinds) {
	t.Helper()
	plain := grad.Differentiate(g)
	fused, err := Run(grad.Train(g, m.Training), Default)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []*ir.Graph{plain, fused} {
		active := map[*ir.Value]bool{}
		for _, v := range g.Values {
			p, isParam := v.Op.(ir.Param)
			active[v] = isParam && p.Trained() || g == plain && v.ID > g.Output(ir.Loss).ID
			for _, a := range v.Args {
				active[v] = active[v] || active[a]
			}
			if _, ok := v.Op.(ir.Fill); !ok && active[v] {
				seen.see(reflect.ValueOf(v.Op))
			}
		}
	}
	seen.see(reflect.ValueOf(m.Training.Decay))
	seen.see(reflect.ValueOf(m.Loss))
	outputs, step := run(t, plain, e).Outputs, run(t, fused, e).Params
	loss := straight(t, plain, e)
	random, moved := rand.New(rand.NewPCG(7, 3)), false
	for _, p := range g.Trained() {
		name := p.Op.(ir.Param).Name
		w, d := e.Params[name], outputs[grad.Gradient+name]
		for k := range 4 {
			i := random.IntN(len(w))
			if k == 0 { // the largest
				for j := range d {
					if math.Abs(d[j]) > math.Abs(d[i]) {
						i = j
					}
				}
			}
			moved = moved || d[i] != 0
			got, decay := w[i]-step[name][i], 0.0
			if len(p.Type.Dims) == 2 {
				decay = m.Training.Decay.Gradient(w[i])
			}
			want := byDifferences(t, loss, e, w, i, 1e-5)
			if !agree(d[i], want) {
				want = byDifferences(t, loss, e, w, i, 3e-7) // a kink may lie within the first step
			}
			if !agree(d[i], want) {
				t.Errorf("d loss / d %s[%d] = %v, by differences %v", name, i, d[i], want)
			}
			if !agree(got, want+decay) {
				t.Errorf("after all passes, %s[%d] moves by %v, differences and decay say %v", name, i, got, want+decay)
			}
		}
	}
	if !moved {
		t.Error("all gradients are 0")
	}
}

// byDifferences is the central difference of a graph's loss by w[i], an array of e.
func byDifferences(t *testing.T, g *ir.Graph, e interp.Env, w []float64, i int, h float64) float64 {
	t.Helper()
	at := w[i]
	defer func() { w[i] = at }()
	w[i] = at + h
	up := run(t, g, e).Outputs[ir.Loss][0]
	w[i] = at - h
	return (up - run(t, g, e).Outputs[ir.Loss][0]) / (2 * h)
}

// sources are the files of a package of the compiler beside this one, without tests.
func sources(t *testing.T, room string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("../" + room + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("no files of "+room, err)
	}
	var files []*ast.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := parser.ParseFile(token.NewFileSet(), name, text, 0); err != nil {
			t.Fatal(err)
		} else if !strings.HasSuffix(name, "_test.go") {
			files = append(files, f)
		}
	}
	return files
}

// operations are the types of ir that have the method op.
func operations(t *testing.T) []string {
	names := map[string]bool{}
	for _, f := range sources(t, "ir") {
		for _, d := range f.Decls {
			if method, ok := d.(*ast.FuncDecl); ok && method.Recv != nil && method.Name.Name == "op" {
				names[method.Recv.List[0].Type.(*ast.Ident).Name] = true
			}
		}
	}
	if len(names) < 80 {
		t.Fatalf("%d operations found in ir", len(names))
	}
	return slices.Sorted(maps.Keys(names))
}

// constants are the names that nn gives to numbers of some types, from 0.
func constants(t *testing.T, types ...string) map[string][]string {
	names := map[string][]string{}
	for _, f := range sources(t, "nn") {
		for _, d := range f.Decls {
			list, ok := d.(*ast.GenDecl)
			if !ok || list.Tok != token.CONST {
				continue
			}
			first, ok := list.Specs[0].(*ast.ValueSpec).Type.(*ast.Ident)
			if !ok || !slices.Contains(types, first.Name) {
				continue
			}
			for _, s := range list.Specs {
				names[first.Name] = append(names[first.Name], s.(*ast.ValueSpec).Names[0].Name)
			}
		}
	}
	for _, typ := range types {
		if len(names[typ]) < 2 {
			t.Fatalf("constants of nn.%s: %v", typ, names[typ])
		}
	}
	return names
}
