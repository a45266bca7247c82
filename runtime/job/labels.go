package job

import (
	"unsafe"

	"github.com/aegen/aegen/runtime/train"
)

// Labels says how a model of the classes of places is judged. Y is then an array of int32, in which what is no class is ignored, and R has
// Classes probabilities for each of its numbers.
type Labels[Y, R any] struct {
	Classes int
	Of      func(r *R, y *Y) // sets y to the most probable classes
}

// Segmentation is how well the classes of places are told. Places without a class do not count.
type Segmentation struct {
	Places int `json:"places"` // that have a class
	// IoU is, for each class, the places that have it and are given it, in parts of those that have it or are given it (Everingham et al.: The
	// Pascal visual object classes challenge, 2010); nil for a class that no place has or is given.
	IoU     []*float64 `json:"iou"`
	MeanIoU float64    `json:"mean_iou"` // of the classes that have one
}

// A confusion counts places by their class, row, and the one that they are given, column.
type confusion struct {
	classes int
	counts  []int
}

// segmentation is what a confusion says, and the share of places that are told right.
func (c confusion) segmentation() (s *Segmentation, accuracy float64) {
	s = &Segmentation{IoU: make([]*float64, c.classes)}
	right, found := 0, 0
	for k := range c.classes {
		has, given := 0, 0
		for j := range c.classes {
			has += c.counts[k*c.classes+j]
			given += c.counts[j*c.classes+k]
		}
		both := c.counts[k*c.classes+k]
		s.Places += has
		right += both
		if union := has + given - both; union > 0 {
			iou := float64(both) / float64(union)
			s.IoU[k] = &iou
			s.MeanIoU += iou
			found++
		}
	}
	if found > 0 {
		s.MeanIoU /= float64(found)
		accuracy = float64(right) / float64(max(1, s.Places))
	}
	return s, accuracy
}

// places counts the places of samples with their reconstructions by their classes, and returns the squared errors of their probabilities.
func (w *worker[X, Y, Z, R, M]) places(r []R, data train.Pairs[X, Y]) (c confusion, squares float64) {
	c = confusion{w.p.Labels.Classes, make([]int, w.p.Labels.Classes*w.p.Labels.Classes)}
	var given Y
	for i := range r {
		w.p.Labels.Of(&r[i], &given)
		classes, p := classesOf(&given), floatsOf(&r[i])
		for place, class := range classesOf(&data.Y[i]) {
			if class < 0 || int(class) >= c.classes {
				continue
			}
			c.counts[int(class)*c.classes+int(classes[place])]++
			for k, v := range p[place*c.classes : (place+1)*c.classes] {
				d := float64(v)
				if k == int(class) {
					d--
				}
				squares += d * d
			}
		}
	}
	return c, squares
}

// classesOf is all classes of the places of a sample.
func classesOf[Y any](y *Y) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(y)), unsafe.Sizeof(*y)/4)
}
