package arena

import (
	"testing"
	"unsafe"
)

func TestRowsShareTheFloats(t *testing.T) {
	a := New(12)
	rows := Rows[[3]float32](a, 3, 2)
	rows[1][2] = 7
	if len(rows) != 2 || a[8] != 7 {
		t.Errorf("%v, %v", rows, a)
	}
	if uintptr(unsafe.Pointer(&a[0]))%64 != 0 {
		t.Error("not on a cache line")
	}
	if got := Flat(&rows[1]); len(got) != 3 || got[2] != 7 {
		t.Errorf("Flat: %v", got)
	}
	type pair [3]float32
	if got := Cast[pair](rows); got[1] != (pair{0, 0, 7}) {
		t.Errorf("Cast: %v", got)
	}
}

func TestRowsThatDoNotFitPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Rows[[3]float32](New(12), 9, 2)
}

func TestHugeChangesNoValue(t *testing.T) {
	p := new([3 << 20]float32)
	p[0], p[len(p)-1] = 1, 2
	if got := Huge(p); got != p || got[0] != 1 || got[len(got)-1] != 2 {
		t.Error("values changed")
	}
	if small := new([3]float32); Huge(small) != small {
		t.Error("another block")
	}
	advise(make([]byte, 100)) // smaller than a page
	for n := range 5 {
		advise(make([]byte, 4<<20+n*4096))
	}
}
