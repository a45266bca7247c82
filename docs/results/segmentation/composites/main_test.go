package main

import (
	"math/rand/v2"
	"testing"
)

// ring is an article: a bright square with a dark middle, in the middle of its picture.
func ring() *picture {
	var p picture
	for i := range p {
		row, column := i/article, i%article
		edge := max(max(row, article-1-row), max(column, article-1-column)) // 14 in the middle, 27 at the edge
		if edge <= 20 && edge > 16 {
			p[i] = 200
		}
	}
	return &p
}

// TestSilhouette: what is dark within an article belongs to it, and what is dark around it does not.
func TestSilhouette(t *testing.T) {
	inside := ring().silhouette()
	count := 0
	for i, v := range inside {
		row, column := i/article, i%article
		want := row >= 7 && row <= 20 && column >= 7 && column <= 20
		if v != want {
			t.Fatalf("row %d, column %d: %v", row, column, v)
		}
		if v {
			count++
		}
	}
	if count != 14*14 {
		t.Errorf("%d places", count)
	}
}

// TestClassesAreWhereArticlesAre places two articles, the second in front of the first.
func TestClassesAreWhereArticlesAre(t *testing.T) {
	image, classes := texture(rand.New(rand.NewPCG(1, 1))), composite{}
	before := image
	place(&image, &classes, ring(), 2, 0, 0)
	place(&image, &classes, ring(), 4, 5, 3)
	for i, class := range classes {
		row, column := i/size, i%size
		in := func(top, left int) bool {
			return row >= top+7 && row <= top+20 && column >= left+7 && column <= left+20
		}
		want := uint8(0)
		if in(0, 0) {
			want = 2
		}
		if in(5, 3) {
			want = 4
		}
		if class != want {
			t.Fatalf("row %d, column %d: class %d, want %d", row, column, class, want)
		}
		if want == 0 && image[i] != before[i] {
			t.Fatalf("row %d, column %d: the background has changed", row, column)
		}
		if want != 0 && image[i] != 0 && image[i] != 200 {
			t.Fatalf("row %d, column %d: %d is of no article", row, column, image[i])
		}
	}
}

// TestMirror: twice is not at all.
func TestMirror(t *testing.T) {
	var p picture
	for i := range p {
		p[i] = uint8(i * 7)
	}
	q := p
	q.mirror()
	if q == p || q[0] != p[article-1] || q[article] != p[2*article-1] {
		t.Error("not mirrored")
	}
	if q.mirror(); q != p {
		t.Error("twice is something else")
	}
}
