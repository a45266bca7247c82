package page

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte("# Head\n\n"+begin+"old\n"+end+"tail\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Put(path, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(text), "# Head\n\n"+begin+"new\n"+end+"tail\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPutNeedsMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte(begin+"no end"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := path + ": the lines <!-- table --> and <!-- end of table --> expected"
	if err := Put(path, ""); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
