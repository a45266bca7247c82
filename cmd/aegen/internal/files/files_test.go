package files

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestUpdateLeavesEqualFilesAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	if err := Update(path, []byte("one")); err != nil {
		t.Fatal(err)
	}
	long := time.Unix(1000, 0)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	if err := Update(path, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(long) {
		t.Errorf("an equal file was written anew: %v, %v", info, err)
	}
	if err := Update(path, []byte("two")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "two" || err != nil {
		t.Errorf("%q, %v; want two", got, err)
	}
}

func TestWritable(t *testing.T) {
	dir := t.TempDir()
	nowhere := filepath.Join(dir, "no", "file")
	for path, want := range map[string]string{
		filepath.Join(dir, "new"): "",
		dir:                       dir + ": a plain file expected, a folder or device found",
		nowhere:                   nowhere + ": there is no folder " + filepath.Dir(nowhere),
	} {
		got := ""
		if err := Writable(path); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if left, err := os.ReadDir(dir); len(left) != 0 || err != nil {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}
