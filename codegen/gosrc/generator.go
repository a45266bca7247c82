// Package gosrc prints a scheduled program as the Go source of one package. It decides nothing.
//
// What is the same in every package is a template, so that it reads like what comes out; kernels are written line by line.
// All files go through go/format.
package gosrc

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"text/template"

	"github.com/aegen/aegen/compiler/plan"
)

// A File is one file of the package.
type File struct {
	Name string // base name
	Data []byte
}

//go:embed templates
var templates embed.FS

// generator is the printing of one package.
type generator struct {
	p             *plan.Program
	pkg           string
	runtime       string // import path of the runtime
	kernels       writer
	scalars       writer                    // scalar functions that kernels call
	functions     map[string]bool           // those printed
	bodies        map[string]string         // of kernels, and the first with each
	math          bool                      // whether the kernels file imports math
	random        bool                      // whether it imports the runtime's random
	fastMath      bool                      // whether that of kernels by assembly functions imports math
	fastDiscretes bool                      // whether that of kernels by assembly functions does
	fastRandom    bool                      // whether that of kernels by assembly functions does
	reduced       bool                      // whether it imports the runtime's reduced
	discretes     bool                      // whether it imports the runtime's discrete
	codebooks     bool                      // whether it imports the runtime's codebook
	topk          bool                      // whether it imports the runtime's topk
	kept          keptTraining              // of codes of few values
	terms         map[*plan.Update][]string // calls that add terms to gradients
	units         []task                    // that scale vectors of blocks to norm 1
	forms         []form                    // the kernels that have a form by assembly functions
}

// Package prints all Go files of package pkg. Runtime is the import path of the runtime; signature gives the Go types of
// assembly functions.
func Package(p *plan.Program, pkg, runtime string, signature func(plan.FunctionOp) string) []File {
	g := &generator{p: p, pkg: pkg, runtime: runtime, functions: map[string]bool{}, bodies: map[string]string{}, terms: map[*plan.Update][]string{}}
	base := Base(p, pkg)
	files := []File{
		{base + "_ae.go", g.execute("model.go", g.model())},
		{base + "_ae_team.go", g.execute("team.go", g.model())},
		{base + "_ae_kernels.go", g.kernelsFile()},
	}
	if p.Goal == nil { // else a score is not that of an input alone
		files = append(files, File{base + "_ae_alarm.go", g.execute("alarm.go", g.model())})
	}
	if p.Record != nil {
		files = append(files, File{base + "_ae_record.go", g.execute("record.go", g.record())})
	}
	if p.Train != nil {
		files = append(files, File{base + "_ae_trainer.go", g.execute("trainer.go", g.trainer())}, File{base + "_ae_diagnosis.go", g.execute("diagnosis.go", g.diagnosis())})
	}
	if p.Sampled() {
		files = append(files, File{base + "_ae_sampled.go", g.execute(g.sampledTemplate(".go"), g.sampled())})
	}
	if g.p.Quantized() != nil {
		files = append(files, File{base + "_ae_codebook.go", g.execute("codebook.go", g.codebook())})
	}
	files = append(files, g.assemblyFiles(base+"_ae", signature)...)
	if p.Vectors != nil {
		files = append(files, File{base + "_ae_test.go", g.execute("test.go", g.test())}, File{base + "_ae_team_test.go", g.execute("team_test.go", g.teamTest())})
		if p.Train != nil {
			files = append(files, File{base + "_ae_diagnosis_test.go", g.execute("diagnosis_test.go", g.test())})
		}
		if p.Goal == nil {
			files = append(files, File{base + "_ae_alarm_test.go", g.execute("alarm_test.go", g.alarmTest())})
		}
		if p.Sampled() {
			files = append(files, File{base + "_ae_sampled_test.go", g.execute(g.sampledTemplate("_test.go"), g.sampled())})
		}
		if p.Quantized() != nil {
			files = append(files, File{base + "_ae_codebook_test.go", g.execute("codebook_test.go", g.codebook())})
		}
		if len(p.Functions) > 0 {
			files = append(files, File{base + "_ae_assembly_test.go", g.execute("assembly_test.go", g.test())})
		}
	}
	return files
}

// Base is what the names of all files start with. Go passes over files whose names start with a dot or an underscore.
func Base(p *plan.Program, pkg string) string {
	if name := strings.TrimLeft(strings.TrimSuffix(path.Base(p.File), ".ae"), "._"); name != "" {
		return name
	}
	return pkg
}

// execute fills a template in.
func (g *generator) execute(name string, data any) []byte {
	functions := template.FuncMap{"blockType": blockType, "transposedType": transposedType, "transposeName": transposeName, "float": float,
		"matrixType": matrixType, "slotDoc": slotDoc, "panelsOf": panelsOf, "rowsType": rowsType}
	t, err := template.New(name+".tmpl").Funcs(functions).ParseFS(templates, "templates/"+name+".tmpl", "templates/reduced.tmpl", "templates/goal.tmpl")
	if err != nil {
		panic(fmt.Sprintf("internal error: %v", err))
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(fmt.Sprintf("internal error: %v", err))
	}
	return gofmt(name, b.String())
}

// kernelsFile prints the kernels, the gradients, and the scalar functions that they use.
func (g *generator) kernelsFile() []byte {
	for _, k := range g.p.Kernels {
		g.shared(k.Name, func() { g.kernel(k) })
	}
	for _, r := range g.p.Routines {
		if r.Network != nil {
			g.networkForm(r)
		}
	}
	if g.p.Train != nil {
		g.updates()
	}
	head := fmt.Sprintf("// Code generated by aegen from %s. DO NOT EDIT.\n\npackage %s\n\n", g.p.File, g.pkg)
	return gofmt("kernels", head+g.kernelImports()+g.kernels.b.String()+g.scalars.b.String())
}

// kernelImports are the imports of the kernels file.
func (g *generator) kernelImports() string {
	packages := g.reducedImports()
	if g.random {
		packages = append(packages, "random")
	}
	if g.discretes {
		packages = append([]string{"discrete"}, packages...)
	}
	if g.codebooks {
		packages = append([]string{"codebook"}, packages...)
	}
	if g.topk {
		packages = append(packages, "topk")
	}
	text := ""
	for _, name := range packages {
		text += fmt.Sprintf("%q\n", g.runtime+"/"+name)
	}
	switch {
	case g.math && text != "":
		return "import (\n\"math\"\n\n" + text + ")\n\n"
	case g.math:
		return "import \"math\"\n\n"
	case len(packages) == 1:
		return "import " + text + "\n"
	case text != "":
		return "import (\n" + text + ")\n\n"
	}
	return ""
}

// updates prints gradients, transposed copies and the optimiser.
func (g *generator) updates() {
	for _, u := range g.p.Train.Updates {
		if u.Rows != nil { // a row at a time
			continue
		}
		if u.Gathered() {
			u = panelOf(u)
			u.Pairs = u.Pairs[:1] // one kernel: what it takes is gathered of all codes
		}
		for i := range u.Pairs {
			g.shared(gradientName(u, i), func() { g.gradient(u, i) })
		}
		g.terms[u] = g.printTerms(u)
		if fused(u) {
			g.fusedUpdate(u)
		}
	}
	g.transposes()
	g.units = g.printUnits()
	g.optimizer()
	g.kept = g.keptTraining()
}

// header is what all templates need.
type header struct {
	File, Package, Runtime, Name, Fingerprint string
	In, Code                                  int
	Input                                     string // Go type of a sample
	Record                                    bool   // whether it is a struct
	RecordOut                                 bool   // whether what is decoded is one too
	Decodes                                   bool   // whether a code is all that the decoder needs
	Standard                                  bool   // whether values are scaled by means and deviations of the data
	Fixed                                     bool   // whether blocks are not trained
	Huge                                      bool   // whether large blocks are asked for in huge pages
	goal
}

// New makes a value of a type that holds weights or activations.
func (h header) New(t string) string {
	if h.Huge {
		return "arena.Huge(new(" + t + "))"
	}
	return "new(" + t + ")"
}

func (g *generator) header() header {
	return header{File: g.p.File, Package: g.pkg, Runtime: g.runtime, Name: g.p.Name, Fingerprint: g.p.Fingerprint,
		In: g.p.Input.Len(), Code: g.p.Code.Len(), Input: g.inputType(), Record: g.p.Record != nil, RecordOut: g.p.Record != nil && g.p.Goal == nil, Decodes: g.p.Decodes(), Standard: g.p.Standard, Fixed: g.p.Fixed(), Huge: g.p.Huge, goal: g.goal()}
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
