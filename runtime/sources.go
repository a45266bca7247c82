// Package sources holds the runtime's own files, Go and assembly, so that the aegen command can write them into other modules.
package sources

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed */*.go */*.s
var files embed.FS

// List names all files of the runtime, tests excluded, sorted: "weights/read.go".
func List() []string {
	all, err := fs.Glob(files, "*/*.*")
	if err != nil {
		panic("internal error: " + err.Error())
	}
	var names []string
	for _, name := range all {
		if !strings.HasSuffix(name, "_test.go") {
			names = append(names, name)
		}
	}
	return names
}

// Read returns the text of a file that List names.
func Read(name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return text
}
