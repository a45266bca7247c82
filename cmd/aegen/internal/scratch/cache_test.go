package scratch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestCacheKeepsAProgram(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	one, other := openCache(map[string][]byte{"a": []byte("1")}, nil), openCache(map[string][]byte{"a": []byte("2")}, nil)
	if one.program == other.program || one == openCache(map[string][]byte{"a": []byte("1")}, []string{"purego"}) {
		t.Fatal("programs of other content or with other tags have the same place")
	}
	if one.has() {
		t.Error("an empty cache has a program")
	}
	draft := one.draft("x")
	if filepath.Dir(draft) != filepath.Dir(one.program) {
		t.Errorf("the draft %s is not beside %s", draft, one.program)
	}
	if err := os.WriteFile(draft, []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := one.put(draft); err != nil || !one.has() || other.has() {
		t.Errorf("after put: %v, has %t, the other %t; want nil, true, false", err, one.has(), other.has())
	}
}

func TestPruneKeepsWhatWasUsedLast(t *testing.T) {
	dir := t.TempDir()
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
		used := time.Unix(int64(1000+(i*3)%5), 0) // 0, 3, 1, 4, 2
		if err := os.Chtimes(path, used, used); err != nil {
			t.Fatal(err)
		}
	}
	prune(dir, 2)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 || filepath.Base(left[0]) != "1" || filepath.Base(left[1]) != "3" {
		t.Errorf("left are %v, want 1 and 3", left)
	}
}
