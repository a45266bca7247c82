// Package codegen turns a scheduled program into the files of a Go package, in memory.
package codegen

import (
	"fmt"
	"go/token"

	"github.com/aegen/aegen/codegen/asm"
	"github.com/aegen/aegen/codegen/gosrc"
	"github.com/aegen/aegen/compiler/plan"
)

// Runtime is the import path of the runtime that generated packages use.
const Runtime = "github.com/aegen/aegen/runtime"

// Options say how the package is named and where its runtime is.
type Options struct {
	Package     string // name of the package
	RuntimePath string // import path of the runtime, "" for Runtime
}

// A File is one file of a generated package.
type File = gosrc.File

// Package prints the package of a program. The same program gives the same bytes.
// The package's test is among the files if the program has golden vectors.
func Package(p *plan.Program, opt Options) ([]File, error) {
	if !token.IsIdentifier(opt.Package) || opt.Package == "_" {
		return nil, fmt.Errorf("%q is not a name for a Go package", opt.Package)
	}
	if opt.RuntimePath == "" {
		opt.RuntimePath = Runtime
	}
	files := gosrc.Package(p, opt.Package, opt.RuntimePath, asm.Signature)
	if len(p.Functions) > 0 {
		files = append(files, File{Name: gosrc.Base(p, opt.Package) + "_ae_amd64.s", Data: asm.Source(p)})
	}
	return files, nil
}
