package picture

import (
	"bytes"
	"image/png"
	"testing"
)

// TestGrid looks at a pixel of each of three images of 2 × 3 values, and at what is between them.
func TestGrid(t *testing.T) {
	var b bytes.Buffer
	values := []float32{-1, -1, -1, -1, -1, -1, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 9}
	if err := Grid(&b, values, 2, 3, 2, -1, 3); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	const scale = 16
	width, height := 3*scale+gap, 2*scale+gap
	if size := img.Bounds().Size(); size.X != 2*width+gap || size.Y != 2*height+gap {
		t.Fatalf("the picture is %v large", size)
	}
	for _, c := range []struct{ x, y, want int }{{gap, gap, 0}, {gap + width, gap, 255}, {gap, gap + height, 128}, {gap + 3*scale - 1, gap + height + 2*scale - 1, 255},
		{0, 0, 96}, {gap + width, gap + height, 96}} {
		if r, _, _, _ := img.At(c.x, c.y).RGBA(); int(r>>8) != c.want {
			t.Errorf("pixel %d, %d is %d, want %d", c.x, c.y, r>>8, c.want)
		}
	}
}

func TestPairs(t *testing.T) {
	original, reconstruction := []float32{16, 16, 16, 16}, []float32{-3, 8, 40, 0}
	var b bytes.Buffer
	if err := Pairs(&b, original, reconstruction, 2, 1, 16); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	// One image of 12 × 12 dots at (6, 6), its reconstruction below it.
	for _, c := range []struct{ x, y, want int }{{5, 5, 96}, {6, 6, 255}, {6, 21, 0}, {12, 21, 128}, {6, 27, 255}} {
		if got, _, _, _ := img.At(c.x, c.y).RGBA(); int(got>>8) != c.want {
			t.Errorf("dot (%d, %d) is %d, want %d", c.x, c.y, got>>8, c.want)
		}
	}
}
