package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler/ir"
	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// checked compiles a text that must have no errors.
func checked(t *testing.T, text string, set map[string]string) *ir.Model {
	t.Helper()
	file, mistakes := grammar.Parse(&source.File{Name: "test.ae", Text: text})
	m, list := Model(file, Options{Set: set})
	if list = append(mistakes, list...); source.HasErrors(list) {
		t.Fatalf("%s\n%s", text, source.Render(list, false))
	}
	return m
}

// readSpec returns the text of one of the example specs.
func readSpec(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../specs", name+".ae"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func parameters(m *ir.Model) int {
	n := 0
	for _, l := range m.Layers {
		n += l.Params
	}
	return n
}

// params lists the parameters of a graph with their dimensions.
func params(g *ir.Graph) []string {
	var list []string
	for _, p := range g.Params() {
		list = append(list, p.Op.(ir.Param).Name+dimsText(p.Type.Dims))
	}
	return list
}

func dimsText(dims []int) string {
	var b strings.Builder
	for _, d := range dims {
		b.WriteString(" " + shown(float64(d)))
	}
	return b.String()
}

func TestSpecs(t *testing.T) {
	for _, c := range []struct {
		name       string
		parameters int
		layers     []int // widths
	}{
		{"pca", 64*10 + 10 + 10*64 + 64, []int{10, 64}},
		{"digits", 2*(64*128+128*64+64*10) + 128 + 64 + 10 + 64 + 128 + 64, []int{128, 64, 10, 64, 128, 64}},
		{"fashion", 439_728, []int{256, 64, 32, 64, 256, 784}},
		{"hinton", 2_837_314, []int{1000, 500, 250, 30, 250, 500, 1000, 784}},
		{"tabular", 1154, []int{16, 4, 16, 30}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := checked(t, readSpec(t, c.name), nil)
			var widths []int
			for _, l := range m.Layers {
				widths = append(widths, l.Out)
			}
			if got := parameters(m); got != c.parameters || !slices.Equal(widths, c.layers) {
				t.Errorf("%d parameters in layers of %v, want %d in %v", got, widths, c.parameters, c.layers)
			}
		})
	}
}

func TestSpecsHaveNoWarnings(t *testing.T) {
	for _, name := range []string{"pca", "digits", "fashion", "hinton", "tabular"} {
		file, _ := grammar.Parse(&source.File{Name: name + ".ae", Text: readSpec(t, name)})
		if _, list := Model(file, Options{}); len(list) > 0 {
			t.Errorf("%s:\n%s", name, source.Render(list, false))
		}
	}
}
