package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPut(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "page.md")
	marks := "a\n<!-- anomaly article -->\n<!-- end of anomaly article -->\nb\n<!-- anomaly tissue -->\nold\n<!-- end of anomaly tissue -->\nc\n"
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("page.md", marks)
	peers := ""
	for _, task := range []string{"article", "tissue"} {
		for n := range 10 {
			peers += fmt.Sprintf(`{"task": %q, "run": %d, "pca": 0.%d, "forest": 0.8}`+"\n", task, n, n+1)
			write(fmt.Sprintf("%s-%d.json", task, n), fmt.Sprintf(`{"samples": 3, "auroc": 0.96, "average_precision": 0.7, "alarms": {
				"raised": %d, "of": 100, "rate": 0.0%d, "low": 0.01, "high": 0.08, "detected": 0.5}}`, n, n))
		}
	}
	write("peers.json", peers)
	if err := put(dir, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| 0 | 0.9600 | 0.1000 | 0.8000 | 0.7000 | 0 of 100 | 0.0000 | 0.0100 to 0.0800, outside | 0.500 |\n",
		"| 8 | 0.9600 | 0.9000 | 0.8000 | 0.7000 | 8 of 100 | 0.0800 | 0.0100 to 0.0800 | 0.500 |\n",
		"| mean | 0.9600 | 0.4600 | 0.8000 | 0.7000 | 45 of 1000 | 0.0450 | 8 of 10 inside | 0.500 |\n",
		"| deviation | 0.0000 | 0.2875 | 0.0000 | 0.0000 | | | | 0.000 |\n| mean of 0 to 4 | 0.9600 | 0.3000 | 0.8000 | 0.7000 | | | | 0.500 |\n",
		"| mean of 5 to 9 | 0.9600 | 0.6200 | 0.8000 | 0.7000 | | | | 0.500 |\n<!-- end of anomaly article -->\nb\n",
		"| deviation | 0.0000 | 0.2875 | 0.0000 | 0.0000 | | | | 0.000 |\n<!-- end of anomaly tissue -->\nc\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks\n%s\nin\n%s", want, text)
		}
	}
	if err := os.Remove(filepath.Join(dir, "tissue-3.json")); err != nil {
		t.Fatal(err)
	}
	if err := put(dir, path); err == nil {
		t.Error("a missing run is no error")
	}
}

func TestAhead(t *testing.T) {
	runs := func(own, pca, forest float64) []run {
		r := run{peer: peer{PCA: pca, Forest: forest}}
		r.scores.AUROC = own
		return []run{r, r}
	}
	for _, c := range []struct {
		task             string
		own, pca, forest float64
		ahead            bool
	}{
		{"article", 0.92, 0.90, 0.91, true},
		{"article", 0.92, 0.93, 0.91, false},
		{"article", 0.92, 0.90, 0.92, false},
		{"tissue", 0.94, 0.90, 0.91, false},
		{"tissue", 0.95, 0.90, 0.91, true},
	} {
		if err := ahead(c.task, runs(c.own, c.pca, c.forest)); (err == nil) != c.ahead {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
