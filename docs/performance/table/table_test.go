package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const lines = `{"peer":"onnxruntime-1.30.0","model":"dense","mode":"infer","batch":128,"threads":1,"us_median":1820.4,"us_min":1800,"n":10}
{"peer":"torch-1.13.1-script","model":"dense","mode":"infer","batch":1,"threads":1,"us_median":90.12,"us_min":80,"n":10}

{"peer":"aegen","model":"dense","mode":"infer","batch":128,"threads":1,"us_median":910.2,"us_min":1,"n":3,"gflops":120,"roofline_us":400.04}
{"peer":"aegen","model":"dense","mode":"infer","batch":1,"threads":2,"us_median":14.567,"us_min":1,"n":3,"roofline_us":14.3}
{"peer":"aegen","model":"dense","mode":"infer","batch":1,"threads":1,"us_median":15,"us_min":1,"n":3,"roofline_us":14.3}
{"peer":"aegen","model":"dense","mode":"infer","batch":1,"threads":1,"us_median":99,"us_min":1,"n":3,"roofline_us":14.3}
{"peer":"aegen","model":"dense","mode":"infer","batch":1,"threads":1,"us_median":12,"us_min":1,"n":3,"roofline_us":14.3}
{"peer":"torch-1.13.1-script","model":"dense","mode":"train","batch":128,"threads":1,"us_median":1,"us_min":1,"n":10}
{"peer":"torch-1.13.1-eager","model":"dense","mode":"train","batch":128,"threads":1,"us_median":5000,"us_min":5000,"n":10}
{"peer":"aegen","model":"dense","mode":"train","batch":128,"threads":1,"us_median":2500,"us_min":1,"n":3,"roofline_us":1000}
{"peer":"aegen","model":"tiny","mode":"infer","batch":1,"threads":1,"us_median":0.05981,"us_min":1,"n":3,"roofline_us":0.0137}
`

const want = `| model | mode | batch | threads | aegen | onnxruntime-1.30.0 | torch-1.13.1-script | torch-1.13.1-eager | ratio | roofline | of roofline |
| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| dense | infer | 1 | 1 | 15 |  | 90.1 |  |  | 14.3 | 1.05 |
| dense | infer | 1 | 2 | 14.6 |  |  |  |  | 14.3 | 1.02 |
| dense | infer | 128 | 1 | 910 | 1820 |  |  | 0.50 | 400 | 2.28 |
| dense | train | 128 | 1 | 2500 |  | 1 | 5000 | 0.50 | 1000 | 2.50 |
| tiny | infer | 1 | 1 | 0.0598 |  |  |  |  | 0.0137 | 4.37 |
`

func TestMarkdown(t *testing.T) {
	var all table
	if err := all.read(strings.NewReader(lines)); err != nil {
		t.Fatal(err)
	}
	if got := all.markdown(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPage(t *testing.T) {
	dir := t.TempDir()
	page, data := filepath.Join(dir, "page.md"), filepath.Join(dir, "lines")
	const begin, end = "<!-- table -->\n", "<!-- end of table -->\n"
	for path, text := range map[string]string{page: begin + end, data: lines} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(page, []string{data}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); got != begin+want+end {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFailures(t *testing.T) {
	for text, want := range map[string]string{
		"\nhello": "2: invalid character 'h' looking for beginning of value",
		`{"peer":"aegen","model":"dense","mode":"sing","batch":1,"threads":1,"us_median":1}`: "1: a measurement expected, {",
	} {
		var all table
		if err := all.read(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
