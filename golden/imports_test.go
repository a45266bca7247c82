package golden

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/aegen/aegen/"

// rooms is the table of docs/architecture.md: what each room may import of the project and of other modules.
// A room is a folder with all below it that has no row of its own. Tests may import anything.
var rooms = []struct {
	room  string
	local string // rooms, separated by spaces
	other string // module path prefixes
}{
	{"grammar/source", "", ""},
	{"grammar", "grammar/source", "github.com/alecthomas/participle"},
	{"compiler/nn", "", ""},
	{"compiler/ir", "grammar/source compiler/nn", ""},
	{"compiler/check", "grammar/source grammar compiler/nn compiler/ir", ""},
	{"compiler/grad", "compiler/nn compiler/ir", ""},
	{"compiler/pass", "compiler/nn compiler/ir", ""},
	{"compiler/plan", "grammar/source compiler/nn", ""},
	{"compiler/lower", "grammar/source compiler/nn compiler/ir compiler/plan", ""},
	{"compiler/interp", "grammar/source compiler/nn compiler/ir compiler/plan", ""},
	{"compiler/vectors", "compiler/nn compiler/ir compiler/plan compiler/interp", ""},
	{"compiler", "grammar/source grammar compiler/nn compiler/ir compiler/check compiler/grad compiler/pass compiler/plan compiler/lower compiler/vectors", ""},
	{"codegen/gosrc", "compiler/nn compiler/plan grammar/source", "github.com/dave/jennifer"},
	{"codegen", "compiler/plan codegen/gosrc", ""},
	{"runtime", "runtime", ""},
	{"specs", "", ""},
	{"generated", "runtime", ""},
	{"cmd/aegen", "grammar grammar/source compiler codegen runtime specs cmd/aegen compiler/check compiler/ir compiler/nn compiler/plan", "github.com/spf13 golang.org/x/term golang.org/x/sys gonum.org github.com/rogpeppe/go-internal/diff"},
	{"golden", "", ""},
}

// TestImportsPointOneWay holds every import against the table.
func TestImportsPointOneWay(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		checkImports(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files seen: the walk is broken", files)
	}
}

func checkImports(t *testing.T, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	folder := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(path), "../")))
	room := roomOf(folder)
	if room < 0 {
		t.Errorf("%s: folder %s belongs to no room", path, folder)
		return
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if !allowed(room, name) {
			t.Errorf("%s imports %s, which %s may not", path, name, rooms[room].room)
		}
	}
}

// roomOf returns the row with the longest name that contains the folder, or -1.
func roomOf(folder string) int {
	best := -1
	for i, r := range rooms {
		if (folder == r.room || strings.HasPrefix(folder, r.room+"/")) && (best < 0 || len(r.room) > len(rooms[best].room)) {
			best = i
		}
	}
	return best
}

func allowed(room int, name string) bool {
	if !strings.Contains(strings.SplitN(name, "/", 2)[0], ".") {
		return true // standard library
	}
	r := rooms[room]
	local, ours := strings.CutPrefix(name, module)
	if !ours {
		for _, prefix := range strings.Fields(r.other) {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	}
	to := roomOf(local)
	if to == room {
		return true
	}
	for _, allow := range strings.Fields(r.local) {
		if to >= 0 && rooms[to].room == allow {
			return true
		}
	}
	return false
}
