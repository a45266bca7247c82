// Command sparse writes the table of sparse codes into docs/results.md from what eval printed of each model.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/docs/page"
	"github.com/aegen/aegen/runtime/job"
)

// lambdas are the strengths of the penalty, as run.sh has them.
var lambdas = []string{"0.02", "0.05", "0.1", "0.2", "0.5"}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: sparse FOLDER")
	}
	text, err := table(os.Args[1])
	if err == nil {
		err = page.PutNamed("docs/results.md", "sparse", text)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// table is the text of the section. It fails where the figures are not what the section says of them.
func table(dir string) (string, error) {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	unexplained := map[int]float64{}
	if err := read(dir, "pca", &unexplained); err != nil {
		return "", err
	}
	line("| λ | values beyond ±0.001 | exactly 0 | dead | unexplained | PCA of as many values | plain: values beyond ±0.001 | exactly 0 | unexplained |")
	line("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	before := job.Activity{L0: math.Inf(1)}
	for _, lambda := range lambdas {
		var proximal, plain job.Scores
		if err := read(dir, "proximal-"+lambda, &proximal); err != nil {
			return "", err
		}
		if err := read(dir, "subgradient-"+lambda, &plain); err != nil {
			return "", err
		}
		a, p := proximal.Code, plain.Code
		if a.L0 >= before.L0 || a.FVU <= before.FVU {
			return "", fmt.Errorf("λ = %s: L0 %v after %v, unexplained %v after %v", lambda, a.L0, before.L0, a.FVU, before.FVU)
		}
		if a.Zeros == 0 || p.Zeros > 0 {
			return "", fmt.Errorf("λ = %s: share of zeros %v with the operator, %v without", lambda, a.Zeros, p.Zeros)
		}
		before = *a
		line("| %s | %.1f | %.1f %% | %.1f %% | %.4f | %.4f | %.1f | %.1f %% | %.4f |", lambda, a.L0, 100*a.Zeros, 100*a.Dead, a.FVU, unexplained[int(math.Round(a.L0))], p.L0, 100*p.Zeros, p.FVU)
	}
	var copied job.Scores
	if err := read(dir, "copy", &copied); err != nil {
		return "", err
	}
	warned, err := os.ReadFile(filepath.Join(dir, "copy.log"))
	if err != nil {
		return "", err
	}
	warning, _, _ := strings.Cut(string(warned), "\n")
	if !strings.Contains(warning, "AE0501") {
		return "", fmt.Errorf("no warning of the identity: %q", warning)
	}
	var kept job.Scores
	if err := read(dir, "kept", &kept); err != nil {
		return "", err
	}
	if !(copied.SSE < kept.SSE/5) {
		return "", fmt.Errorf("squared error %v without a constraint, %v with one", copied.SSE, kept.SSE)
	}
	line("\nWithout a constraint the compiler warns:\n\n```\n%s\n```\n", warning)
	share := 100 * kept.Code.FVU / kept.SSE // of the variance, in %, a unit of squared error
	line("and the model copies. After 5 epochs its squared error of an image is %.3f, %.2f %% of the variance; that of the model with λ = 0.05 is %.3f, %.2f %%, with %.1f values of the code beyond ±0.001.",
		copied.SSE, share*copied.SSE, kept.SSE, share*kept.SSE, kept.Code.L0)
	return b.String(), nil
}

func read(dir, name string, into any) error {
	data, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
