package grammar

import (
	"strings"
	"testing"
	"time"

	"github.com/aegen/aegen/grammar/source"
)

// harmless are so many statements, 250 kB of them with 32,000.
func harmless(statements int) string { return "model M\n" + strings.Repeat("let a=1\n", statements) }

// timed is how long a file takes.
func timed(text string) (*File, []source.Diagnostic, time.Duration) {
	start := time.Now()
	f, diags := Parse(&source.File{Name: "m.ae", Text: text})
	return f, diags, time.Since(start)
}

// within holds the time of a file against what another one allows, in the same run: other processes may take the processor away, so only times
// one after the other are compared, and an excess counts if it is there five times.
func within(t *testing.T, text, than string, factor time.Duration) {
	t.Helper()
	const slack = 50 * time.Millisecond
	var took, limit time.Duration
	for range 5 {
		_, _, reference := timed(than)
		_, _, took = timed(text)
		if limit = factor*reference + slack; took <= limit {
			return
		}
	}
	t.Errorf("took %v, at most %v wanted", took, limit)
}

// TestTimeGrowsWithTheText parses a file and a quarter of it.
func TestTimeGrowsWithTheText(t *testing.T) { within(t, harmless(32_000), harmless(8_000), 8) }

// TestHostileFiles holds files that are made to do harm: the number of diagnostics, and the time by that of harmless text.
func TestHostileFiles(t *testing.T) {
	const model = "model M\n"
	long := strings.Repeat
	for _, test := range []struct {
		name, text string
		code       source.Code // of the first diagnostic
		most       int         // diagnostics
	}{
		{"empty", "", source.MissingModel, 1},
		{"blank", " \r\n\t\n", source.MissingModel, 1},
		{"too large", long("a", maxFile+1), source.TooLarge, 1},
		{"zero bytes", "model M\n\x00\x00", source.NotText, 1},
		{"invalid UTF-8", long("\xff\xfe", 1000), source.NotText, 1},
		{"image", "\x89PNG\r\n\x1a\n\x00\x00", source.NotText, 1},
		{"nested braces", model + long("encoder {\n", 10_000), source.TooDeep, 1},
		{"nested braces on one line", model + long("{", 10_000) + long("}", 10_000), source.TooDeep, 1},
		{"parentheses", model + "let a = " + long("(", 120_000) + long(")", 120_000), source.TooDeep, 1},
		{"closing parentheses", model + "let a = " + long(")", 120_000), source.StrayParen, 1},
		{"closing braces", model + long("}", 120_000), source.StrayBrace, 1},
		{"pairs of braces", model + long("{}", 120_000), source.UnwantedBody, maxMistakes + 1},
		{"minus signs", model + "let a = " + long("-", 120_000) + "1", source.TooLong, 1},
		{"longest line", model + "let a = 1" + long("+1", maxWords/2-2), "", 0},
		{"a long sum", model + "let a = 1" + long("+1", 120_000), source.TooLong, 1},
		{"a long name", model + "let " + long("a", 250_000) + " = 1", source.TooLong, 1},
		{"a long number", model + "let a = " + long("1", 250_000), source.TooLong, 1},
		{"a long string", model + `encoder from "` + long("a", 250_000) + `"`, source.TooLong, 1},
		{"a string without an end", model + `encoder from "` + long(`\"`, 125_000), source.BadString, 1},
		{"a long comment", model + "//" + long("{", 250_000), "", 0},
		{"braces in a string", model + `encoder from "` + long("{", 500) + `"`, "", 0},
		{"unknown characters", model + long("@", 200_000), source.UnknownCharacter, 1},
		{"apart", model + long("@ ", 125_000), source.UnknownCharacter, maxMistakes + 1},
		{"many mistakes", model + long("let\n", 65_000), source.Incomplete, maxMistakes + 1},
		{"many statements", harmless(32_000), "", 0},
		{"300,000 parentheses", model + "let a = " + long("(", 300_000) + long(")", 300_000), source.TooLarge, 1},
		{"deep but fine", model + "let a = " + long("(", maxDepth) + "1" + long(")", maxDepth), "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, diags, took := timed(test.text)
			if f == nil || len(diags) > test.most {
				t.Errorf("file %v, %d diagnostics, at most %d wanted: %s", f, len(diags), test.most, source.Render(diags, false))
			}
			if code := first(diags); code != test.code {
				t.Errorf("code %q, want %q", code, test.code)
			}
			if took > 200*time.Millisecond {
				within(t, test.text, harmless(32_000), 3)
			}
		})
	}
}

func first(diags []source.Diagnostic) source.Code {
	if len(diags) == 0 {
		return ""
	}
	return diags[0].Code
}
