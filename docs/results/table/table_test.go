package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are two epochs of one model.
var files = map[string]string{
	"toy.json": `{"code":32,"layers":[],"batch":128}`,
	"toy.aegen": `{"started":{"samples":60000,"epoch":0}}
{"progress":{"epoch":1,"loss":300,"seconds":0.4}}
{"epoch":{"epoch":1,"rate":0.001,"loss":252.25,"seconds":1.5,"left":1.5}}
{"epoch":{"epoch":2,"rate":0.001,"loss":227.25,"seconds":2.5,"left":0}}
{"trained":{"epochs":2,"loss":227.25,"seconds":2.6,"path":"toy.trained"}}
`,
	"toy.pytorch": `{"epoch": 1, "loss": 250.0, "seconds": 3.0}
{"epoch": 2, "loss": 227.5, "seconds": 7.0}
{"sse": 8.25}
`,
	"toy.eval":   `{"samples":10000,"loss":227,"mse":0.011,"sse":8.5,"nll":227,"pca":{"mse":0.015,"sse":11.872}}`,
	"toy.others": `{"aegen":3,"pytorch":20}`,
}

const want = `| toy.ae, epoch | loss | PyTorch | difference | seconds | PyTorch | ratio |
| --- | --: | --: | --: | --: | --: | --: |
| 1 | 252.250 | 250.000 | +0.900 % | 1.50 | 3.00 | 0.50 |
| 2 | 227.250 | 227.500 | -0.110 % | 1.00 | 7.00 | 0.14 |
| median | | | | 1.50 | 7.00 | 0.21 |

Other processes took 3 % of a core beside aegen, 20 % beside PyTorch.

| | held-out samples | numbers a code | sse | PyTorch | exact PCA |
| --- | --: | --: | --: | --: | --: |
| toy.ae | 10000 | 32 | 8.500 | 8.250 | 11.872 |
`

// folder writes the files, one of them with another text.
func folder(t *testing.T, other, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, original := range files {
		if name == other {
			original = text
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(original), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// put runs the command on the files and returns what it puts into a page.
func put(t *testing.T, dir string) (string, error) {
	t.Helper()
	path := filepath.Join(dir, "page.md")
	if err := os.WriteFile(path, []byte("<!-- table -->\n<!-- end of table -->\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	failed := run(path, []string{dir, "toy"})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(text), "<!-- table -->\n"), "<!-- end of table -->\n"), failed
}

func TestTables(t *testing.T) {
	got, err := put(t, folder(t, "", ""))
	if err != nil || got != want {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, got, want)
	}
}

// TestLossesApart: they are shown, and an error.
func TestLossesApart(t *testing.T) {
	got, err := put(t, folder(t, "toy.pytorch", strings.Replace(files["toy.pytorch"], "227.5", "224.9", 1)))
	if want := "toy: epoch 2: loss 227.25, PyTorch 224.9: more than 1 % apart"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if row := "| 2 | 227.250 | 224.900 | +1.045 % | 1.00 | 7.00 | 0.14 |\n"; !strings.Contains(got, row) {
		t.Errorf("no row %s in\n%s", row, got)
	}
}

// TestDisturbedRunsHaveNoTimes: the losses are shown all the same.
func TestDisturbedRunsHaveNoTimes(t *testing.T) {
	got, err := put(t, folder(t, "toy.others", `{"aegen":21,"pytorch":4}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"| 1 | 252.250 | 250.000 | +0.900 % | | | |\n", "| median | | | | | | |\n",
		"\nOther processes took 21 % of a core beside aegen, 4 % beside PyTorch: too much for times.\n",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("no line %s in\n%s", line, got)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"toy.pytorch", `{"epoch":1,"loss":252.5,"seconds":1} {"sse":1}`, "toy: 2 epochs of aegen, 1 of PyTorch"},
		{"toy.pytorch", `{"epoch":1,"loss":252.5,"seconds":1}`, "toy.pytorch: EOF"},
		{"toy.aegen", "interrupted", "toy.aegen: invalid character 'i'"},
		{"toy.eval", "", "toy.eval: EOF"},
	} {
		err := run("", []string{folder(t, c.file, c.text), "toy"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.file, err, c.want)
		}
	}
	if err := run("", []string{"toy"}); err == nil || err.Error() != "DIR NAME… expected" {
		t.Errorf("one argument: %v", err)
	}
}
