package golden

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// aegen builds the command once and returns its path.
func aegen(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "aegen")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/aegen").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// TestBrokenSpecs breaks every spec in many ways. Each must end with exit status 1 and a diagnostic, after at most a second of a processor.
func TestBrokenSpecs(t *testing.T) {
	command := aegen(t)
	for _, path := range specs(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, word := range []string{"model", "input", "encoder", "bottleneck", "decoder", "reconstruct", "train", "optimizer", "dense", "mirror", "image", "vector", "relu", "adam", "cosine"} {
			line := regexp.MustCompile(`(?m)^([^/\n]*)\b` + word + `\b`)
			if typo := line.ReplaceAllString(text, "${1}"+word[:1]+"x"+word[1:]); typo != text {
				broken(t, command, path+" with a typo in "+word, typo)
			}
		}
		for _, section := range []string{"model", "input", "encoder", "bottleneck", "decoder", "reconstruct"} {
			line := regexp.MustCompile(`(?ms)^` + section + `\b(?:[^\n]*\{ *\n.*?^\}|[^\n]*)\n`)
			broken(t, command, path+" without "+section, line.ReplaceAllString(text, ""))
		}
		for _, size := range []string{"0", "-3", "1e18", "1.5", "1e999", "99999999999999999999", "NaN", "\"8\"", ""} {
			width := regexp.MustCompile(`(bottleneck +z = (?:dense|gaussian|bernoulli|categorical|quantize))\([^()]*\)`)
			channels := regexp.MustCompile(`(bottleneck +z = conv)\([^(),]*`)
			other := channels.ReplaceAllString(width.ReplaceAllString(text, "${1}("+size+")"), "${1}("+size)
			broken(t, command, path+" with a code of "+size, other)
		}
		end := regexp.MustCompile(`(?m)^decoder.*$`)
		broken(t, command, path+" ending in 63", end.ReplaceAllString(text, "decoder { dense(63) }"))
	}
	broken(t, command, "nested braces", "model M\nencoder "+strings.Repeat("{", 10_000)+strings.Repeat("}", 10_000))
	broken(t, command, "nested residuals", "model M\nencoder {\n"+strings.Repeat("residual {\n", 10_000)+strings.Repeat("}\n", 10_001))
	broken(t, command, "nested parentheses", "model M\nlet a = "+strings.Repeat("(", 300_000)+"1"+strings.Repeat(")", 300_000))
	broken(t, command, "empty", "")
	broken(t, command, "comments only", "// nothing here\n\n")
	binary, err := os.ReadFile(command)
	if err != nil {
		t.Fatal(err)
	}
	broken(t, command, "a binary file", string(binary[:1<<20]))
}

// broken holds one broken spec against what every broken spec must give.
func broken(t *testing.T, command, what, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "broken.ae")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	check := exec.Command(command, "check", path)
	out, err := check.CombinedOutput()
	if spent := check.ProcessState.UserTime() + check.ProcessState.SystemTime(); spent > time.Second {
		t.Errorf("%s: %v of a processor", what, spent)
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%s: %v, want exit status 1\n%s", what, err, out)
	}
	if !regexp.MustCompile(`error\[AE\d{4}\]`).Match(out) || strings.Contains(string(out), "goroutine ") {
		t.Errorf("%s: no diagnostic in\n%s", what, out)
	}
}
