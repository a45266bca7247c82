package scratch

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// kept is the number of built programs that stay in the cache.
const kept = 20

// A cache is the place of one program in the user's cache. Without a cache, program is "".
type cache struct{ program string }

// openCache finds the place of the program of these files and build tags: their content names it.
func openCache(files map[string][]byte, tags []string) cache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return cache{}
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH, tags)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s\n", name, len(files[name]), files[name])
	}
	return cache{filepath.Join(dir, "aegen", fmt.Sprintf("%x%s", h.Sum(nil)[:12], exe()))}
}

// has reports whether the program is there, and notes that it is used.
func (c cache) has() bool {
	info, err := os.Stat(c.program)
	if c.program == "" || err != nil || !info.Mode().IsRegular() {
		return false
	}
	now := time.Now()
	os.Chtimes(c.program, now, now)
	return true
}

// draft is a path on the cache's disk to build the program at, or "" if nothing can be kept.
func (c cache) draft(unique string) string {
	if c.program == "" || os.MkdirAll(filepath.Dir(c.program), 0o755) != nil {
		return ""
	}
	path := filepath.Join(filepath.Dir(c.program), "."+unique+exe())
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755) // may it be written there?
	if err != nil {
		return ""
	}
	f.Close()
	os.Remove(path)
	return path
}

// put makes a draft the program, and removes the programs that have not been used for longest.
func (c cache) put(draft string) error {
	if err := os.Rename(draft, c.program); err != nil {
		os.Remove(draft)
		if !c.has() { // another process may have put it there and run it
			return err
		}
	}
	prune(filepath.Dir(c.program), kept)
	return nil
}

// prune removes all but the programs used last.
func prune(dir string, kept int) {
	type program struct {
		path string
		used time.Time
	}
	entries, _ := os.ReadDir(dir)
	var all []program
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			all = append(all, program{filepath.Join(dir, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b program) int { return cmp.Or(b.used.Compare(a.used), strings.Compare(a.path, b.path)) })
	for _, p := range all[min(kept, len(all)):] {
		os.Remove(p.path)
	}
}
