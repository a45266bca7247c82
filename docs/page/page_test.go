package page

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	const text = "# Head\n\n<!-- table -->\nold\n<!-- end of table -->\nmiddle\n<!-- more -->\n<!-- end of more -->\ntail\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Put(path, "new\n"); err != nil {
			t.Fatal(err)
		}
		if err := PutNamed(path, "more", "other\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = "# Head\n\n<!-- table -->\nnew\n<!-- end of table -->\nmiddle\n<!-- more -->\nother\n<!-- end of more -->\ntail\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := PutNamed(path, "none", ""); err == nil || err.Error() != path+": the lines <!-- none --> and <!-- end of none --> expected" {
		t.Errorf("a name that the page does not have: %v", err)
	}
}
