package check

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

var (
	codeLine = regexp.MustCompile(`= "(AE0[1-6]\d\d)"`)
	fence    = regexp.MustCompile("(?s)```ae\n(.*?)```")
)

// overrides are what the texts of some explanations set on the command line.
var overrides = map[string]struct{ wrong, right map[string]string }{
	"AE0113": {map[string]string{"latnt": "8"}, map[string]string{"latnt": "8"}},
	"AE0114": {map[string]string{"latent": "wide"}, map[string]string{"latent": "8"}},
}

// TestExplanations holds each code of this package against its explanation: the wrong example has the code,
// and the right one has no diagnostic at all.
func TestExplanations(t *testing.T) {
	catalogue, err := os.ReadFile("../../grammar/source/codes_check.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := codeLine.FindAllStringSubmatch(string(catalogue), -1)
	if len(codes) < 50 {
		t.Fatalf("%d codes found", len(codes))
	}
	for _, c := range codes {
		t.Run(c[1], func(t *testing.T) { explained(t, c[1]) })
	}
}

func explained(t *testing.T, code string) {
	text, ok := source.Explain(source.Code(code))
	if !ok {
		t.Fatal("no explanation")
	}
	if !strings.HasPrefix(text, "# "+code+": ") {
		t.Errorf("the title is %q", strings.SplitN(text, "\n", 2)[0])
	}
	examples := fence.FindAllStringSubmatch(text, -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples, want a wrong one and a right one", len(examples))
	}
	if wrong := checkExample(examples[0][1], code, overrides[code].wrong); !strings.Contains(source.Render(wrong, false), "["+code+"]") {
		t.Errorf("the wrong example gives\n%s", source.Render(wrong, false))
	}
	if right := checkExample(examples[1][1], code, overrides[code].right); len(right) > 0 {
		t.Errorf("the right example gives\n%s", source.Render(right, false))
	}
}

// checkExample checks an example as the explanation of a code says it.
func checkExample(text, code string, set map[string]string) []source.Diagnostic {
	file, mistakes := grammar.Parse(&source.File{Name: "example.ae", Text: text})
	m, list := Model(file, Options{Set: set, Open: others})
	list = append(mistakes, list...)
	if code == "AE0504" || code == "AE0505" {
		list = append(list, Capacity(m, 100)...)
	}
	if code == "AE0520" {
		list = append(list, Alarm(m.Alarm, m.AlarmAt, 100)...)
	}
	return list
}

// others opens the specs that examples name: those of the project, and one with a mistake.
func others(name string, in *source.File) (*source.File, error) {
	switch name {
	case in.Name:
		return in, nil
	case "broken.ae":
		return &source.File{Name: name, Text: "model Broken\ninput x = vector(784)\nencoder { dnse(3) }\nbottleneck z = dense(2)\ndecoder mirror(encoder)\nreconstruct mse\n"}, nil
	}
	const tail = "decoder mirror(encoder)\nreconstruct "
	for other, text := range map[string]string{
		"grouped.ae": "input x = image(28, 28)\nencoder { }\nbottleneck z = categorical(4, classes: 3)\n" + tail + "bernoulli\n",
		"centred.ae": "input x = image(28, 28)\nencoder { }\nbottleneck z = dense(4) { pre_bias }\n" + tail + "mse\n",
		"learned.ae": "input x = vector(30) scale standard\nencoder { }\nbottleneck z = dense(4)\n" + tail + "mse\n",
		"rows.ae":    "input r = record {\na: real\nb: category(u, v)\n}\nencoder { }\nbottleneck z = dense(2)\n" + tail + "fields\n",
	} {
		if other == name {
			return &source.File{Name: name, Text: "model Other\n" + text}, nil
		}
	}
	text, err := os.ReadFile("../../specs/" + name)
	if err != nil {
		return nil, errors.New("no such file")
	}
	return &source.File{Name: name, Text: string(text)}, nil
}
