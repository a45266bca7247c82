// Package gomod knows Go modules as far as generated packages need it: import paths, package names,
// and the runtime's sources under another import path.
package gomod

import (
	"bufio"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ImportPath is the import path of a folder, by the go.mod above it.
func ImportPath(dir string) (string, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for root := whole; ; root = filepath.Dir(root) {
		if module, err := modulePath(filepath.Join(root, "go.mod")); err == nil {
			below, err := filepath.Rel(root, whole)
			if err != nil {
				return "", err
			}
			return path.Join(module, filepath.ToSlash(below)), nil
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("no go.mod in %s or above it: the runtime needs an import path", whole)
		}
	}
}

// modulePath reads the module line of a go.mod.
func modulePath(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) >= 2 && fields[0] == "module" {
			return strings.Trim(fields[1], `"`), nil
		}
	}
	return "", fmt.Errorf("%s has no module line", file)
}

// PackageIn is the name of the Go package in a folder, tests excluded, or "".
func PackageIn(dir string) string {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		p := filepath.Join(dir, e.Name())
		if file, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.PackageClauseOnly); err == nil {
			return file.Name.Name
		}
	}
	return ""
}
