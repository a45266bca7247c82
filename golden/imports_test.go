package golden

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/aegen/aegen/"

// A row is one row of the table in docs/architecture.md: what a room may import of the project and of other modules.
// A room is a folder with all below it that has no row of its own. Tests may import anything.
type row struct {
	room         string
	local, other []string // rooms, and prefixes of import paths
}

// rooms reads the table.
func rooms(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	var table []row
	quoted := regexp.MustCompile("`([^`]+)`")
	names := func(cell string) []string {
		var list []string
		for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
			list = append(list, m[1])
		}
		return list
	}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 6 && len(names(cells[1])) == 1 {
			table = append(table, row{names(cells[1])[0], names(cells[3]), names(cells[4])})
		}
	}
	if len(table) < 15 {
		t.Fatalf("%d rooms found in docs/architecture.md", len(table))
	}
	return table
}

// TestImportsPointOneWay holds every import against the table.
func TestImportsPointOneWay(t *testing.T) {
	files, table := 0, rooms(t)
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
		checkImports(t, table, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files seen: the walk is broken", files)
	}
}

func checkImports(t *testing.T, rooms []row, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	folder := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(path), "../")))
	room := roomOf(rooms, folder)
	if room < 0 {
		t.Errorf("%s: folder %s belongs to no room", path, folder)
		return
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if !allowed(rooms, room, name) {
			t.Errorf("%s imports %s, which %s may not", path, name, rooms[room].room)
		}
	}
}

// roomOf returns the row with the longest name that contains the folder, or -1.
func roomOf(rooms []row, folder string) int {
	best := -1
	for i, r := range rooms {
		if (folder == r.room || strings.HasPrefix(folder, r.room+"/")) && (best < 0 || len(r.room) > len(rooms[best].room)) {
			best = i
		}
	}
	return best
}

func allowed(rooms []row, room int, name string) bool {
	if !strings.Contains(strings.SplitN(name, "/", 2)[0], ".") {
		return true // standard library
	}
	r := rooms[room]
	local, ours := strings.CutPrefix(name, module)
	if !ours {
		for _, prefix := range r.other {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	}
	to := roomOf(rooms, local)
	if to == room {
		return true
	}
	for _, allow := range r.local {
		if to >= 0 && rooms[to].room == allow {
			return true
		}
	}
	return false
}
