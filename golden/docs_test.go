package golden

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aegen/aegen/compiler"
	"github.com/aegen/aegen/grammar/source"
)

// TestExamplesOfTheReferenceCompile compiles every complete spec of docs/language.md.
func TestExamplesOfTheReferenceCompile(t *testing.T) {
	text, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```ae\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 3 {
		t.Fatalf("%d examples found", len(blocks))
	}
	for _, b := range blocks {
		c := compiler.Compile(&source.File{Name: "language.md", Text: b[1]}, compiler.Options{Open: specOf})
		for _, d := range c.Diagnostics {
			t.Errorf("%v: %s: %s\n%s", d.Span, d.Code, d.Message, b[1])
		}
	}
}

// specOf opens a spec of the project that an example names.
func specOf(name string, _ *source.File) (*source.File, error) {
	text, err := os.ReadFile("../specs/" + name)
	return &source.File{Name: name, Text: string(text)}, err
}

// TestFutureExamplesSayWhatIsNotBuilt checks the reference's specs of families that are not built yet:
// each gets diagnostics that name the family, and no others.
func TestFutureExamplesSayWhatIsNotBuilt(t *testing.T) {
	text, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```ae-future\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 3 {
		t.Fatalf("%d examples found", len(blocks))
	}
	for _, b := range blocks {
		c := compiler.Compile(&source.File{Name: "language.md", Text: b[1]}, compiler.Options{})
		if len(c.Diagnostics) == 0 {
			t.Errorf("no diagnostic\n%s", b[1])
		}
		for _, d := range c.Diagnostics {
			if !strings.HasPrefix(string(d.Code), "AE04") || !strings.Contains(d.Message, "does not build yet") {
				t.Errorf("%v: %s: %s", d.Span, d.Code, d.Message)
			}
		}
	}
}

// TestReadmeShowsASpecOfTheProject holds the spec that the README shows against specs/fashion.ae.
func TestReadmeShowsASpecOfTheProject(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile("../specs/fashion.ae")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```\n"+string(spec)+"```") {
		t.Error("the README's spec is not specs/fashion.ae")
	}
}

// TestExcerptsStandInTheirFiles looks for the excerpts of docs/kernels.md in the files that stand above them. An excerpt is whole
// lines; … passes over the rest of a line, or over lines.
func TestExcerptsStandInTheirFiles(t *testing.T) {
	page, err := os.ReadFile("../docs/kernels.md")
	if err != nil {
		t.Fatal(err)
	}
	excerpts := regexp.MustCompile("(?ms)^```(\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	if len(excerpts) < 10 {
		t.Fatalf("%d excerpts found", len(excerpts))
	}
	for _, e := range excerpts {
		file, err := os.ReadFile(filepath.Join("..", e[1]))
		if err != nil {
			t.Fatal(err)
		}
		pattern := regexp.QuoteMeta("\n" + e[2])
		pattern = strings.ReplaceAll(pattern, "\n…\n", "\n(?s:.*?)\n")
		pattern = strings.ReplaceAll(pattern, "…", ".*")
		if !regexp.MustCompile(pattern).Match(file) {
			t.Errorf("%s has no\n%s", e[1], e[2])
		}
	}
}

// byNumber are the kernels that find columns of a batch, rows of a block or values of a code by numbers that only the run knows, and check
// those: a check for each 16 columns, each row or each value that is kept.
var byNumber = []*regexp.Regexp{
	regexp.MustCompile(`^means$`), regexp.MustCompile(`^penaltyOfMeans$`), regexp.MustCompile(`^squaresOf[A-Z]`), regexp.MustCompile(`^contractionOf[A-Z]`),
	regexp.MustCompile(`^termOf[A-Z]`), regexp.MustCompile(`^unit[A-Z]`), regexp.MustCompile(`^topK\d`), regexp.MustCompile(`^(decoder|backDecoder)\d+(Compact(Go)?)?$`),
	regexp.MustCompile(`^(centre|accumulateGo|dotOfGo)$`),
}

// TestNoBoundsChecks builds the generated packages with the compiler's report of bounds checks: kernels have none, but for those of byNumber.
func TestNoBoundsChecks(t *testing.T) {
	cmd := exec.Command("go", "build", "-gcflags=-d=ssa/check_bce", "./generated/...")
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "Found IsInBounds") {
		t.Error("the compiler reports no bounds check at all, not even outside kernels: is the flag still right?")
	}
	found := make([]bool, len(byNumber))
	for _, line := range strings.Split(string(out), "\n") {
		if !strings.Contains(line, "_ae_kernels.go") {
			continue
		}
		kernel := functionAt(t, line)
		if i := slices.IndexFunc(byNumber, func(r *regexp.Regexp) bool { return r.MatchString(kernel) }); i >= 0 {
			found[i] = true
			continue
		}
		t.Errorf("%s in %s", line, kernel)
	}
	for i, ok := range found {
		if !ok {
			t.Errorf("no kernel %v has a bounds check: take it from the list", byNumber[i])
		}
	}
}

// functionAt is the name of the function that a line of the compiler's report is about.
func functionAt(t *testing.T, report string) string {
	t.Helper()
	place := strings.SplitN(report, ":", 3)
	number, err := strconv.Atoi(place[1])
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", place[0]))
	if err != nil {
		t.Fatal(err)
	}
	name := ""
	for i, line := range strings.Split(string(text), "\n") {
		if after, ok := strings.CutPrefix(line, "func "); ok && i < number {
			name = after[:strings.IndexByte(after, '(')]
		}
	}
	return name
}

// TestLinks follows the links of the documents to files of the project.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), link[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
