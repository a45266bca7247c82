// Composites makes images with a class for each place of articles of Fashion-MNIST: some articles, anywhere on a textured background, mirrored or
// not, those that come later in front of others.
//
//	go run ./docs/results/segmentation/composites -images F -labels F -n 6000 -seed 1 -o train
//
// writes train-x.npy and train-mask.npy, bytes of shape n × 48 × 48. A place has the class of the article that is seen there, 0 where none is.
package main

import (
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"math/rand/v2"
	"os"
)

const (
	size    = 48 // of a composite
	article = 28 // of an article
	most    = 2  // articles of a composite
	visible = 24 // a value above which a place belongs to an article
)

// kinds are the classes of the ten kinds of articles: T-shirts, pullovers, coats and shirts are 1, trousers 2, sneakers and boots 3. Dresses, sandals
// and bags are left out.
var kinds = [10]uint8{1, 2, 1, 0, 1, 0, 1, 3, 0, 3}

// classes is how many there are beside the background.
const classes = 3

type (
	picture    [article * article]uint8
	silhouette [article * article]bool
	composite  [size * size]uint8
)

func main() {
	log.SetFlags(0)
	images, labels := flag.String("images", "", "articles, IDX with gzip"), flag.String("labels", "", "their kinds, IDX with gzip")
	n, seed, out := flag.Int("n", 1000, "number of composites"), flag.Uint64("seed", 1, "of the random numbers"), flag.String("o", "composites", "how the files begin")
	flag.Parse()
	pictures, err := readIDX(*images, article*article)
	if err != nil {
		log.Fatal(err)
	}
	of, err := readIDX(*labels, 1)
	if err != nil {
		log.Fatal(err)
	}
	if len(of)*article*article != len(pictures) || len(of) == 0 {
		log.Fatalf("%d labels for %d values of articles", len(of), len(pictures))
	}
	var byClass [classes + 1][]int
	for i, kind := range of {
		byClass[kinds[kind%10]] = append(byClass[kinds[kind%10]], i)
	}
	rng := rand.New(rand.NewPCG(*seed, 1))
	var x, mask []byte
	for range *n {
		image, where := compose(rng, pictures, byClass)
		x, mask = append(x, image[:]...), append(mask, where[:]...)
	}
	for name, data := range map[string][]byte{"-x.npy": x, "-mask.npy": mask} {
		if err := writeNPY(*out+name, *n, data); err != nil {
			log.Fatal(err)
		}
	}
}

// compose makes one composite and its classes, of articles whose numbers are listed by their class. All classes are equally likely.
func compose(rng *rand.Rand, pictures []byte, byClass [classes + 1][]int) (image, where composite) {
	image = texture(rng)
	for range 1 + rng.IntN(most) {
		class := 1 + rng.IntN(classes)
		i := byClass[class][rng.IntN(len(byClass[class]))]
		p := picture(pictures[i*article*article : (i+1)*article*article])
		if rng.IntN(2) == 0 {
			p.mirror()
		}
		place(&image, &where, &p, uint8(class), rng.IntN(size-article+1), rng.IntN(size-article+1))
	}
	return image, where
}

// place puts an article into a composite, at a row and a column.
func place(image, where *composite, p *picture, class uint8, row, column int) {
	for i, inside := range p.silhouette() {
		if inside {
			at := (row+i/article)*size + column + i%article
			image[at], where[at] = p[i], class
		}
	}
}

func (p *picture) mirror() {
	for i := 0; i < len(p); i += article {
		for k := range article / 2 {
			p[i+k], p[i+article-1-k] = p[i+article-1-k], p[i+k]
		}
	}
}

// silhouette is where an article is: all places but the dark ones that a path of dark ones leads to from the edge. What is dark within it belongs to it.
func (p *picture) silhouette() (inside silhouette) {
	for i := range inside {
		inside[i] = true
	}
	var open []int
	enter := func(row, column int) {
		if row < 0 || row >= article || column < 0 || column >= article {
			return
		}
		if i := row*article + column; inside[i] && p[i] <= visible {
			inside[i] = false
			open = append(open, i)
		}
	}
	for k := range article {
		enter(0, k)
		enter(article-1, k)
		enter(k, 0)
		enter(k, article-1)
	}
	for len(open) > 0 {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		row, column := i/article, i%article
		enter(row-1, column)
		enter(row+1, column)
		enter(row, column-1)
		enter(row, column+1)
	}
	return inside
}

// texture is a background: three waves in random directions, and noise, around a random grey.
func texture(rng *rand.Rand) (image composite) {
	type wave struct{ down, across, phase, height float64 }
	var waves [3]wave
	for i := range waves {
		turn, length := 2*math.Pi*rng.Float64(), 3+17*rng.Float64()
		waves[i] = wave{2 * math.Pi / length * math.Sin(turn), 2 * math.Pi / length * math.Cos(turn), 2 * math.Pi * rng.Float64(), 20 * rng.Float64()}
	}
	grey, noise := 20+120*rng.Float64(), 12*rng.Float64()
	for i := range image {
		v := grey + noise*rng.NormFloat64()
		for _, w := range waves {
			v += w.height * math.Sin(w.down*float64(i/size)+w.across*float64(i%size)+w.phase)
		}
		image[i] = uint8(math.Round(max(0, min(255, v))))
	}
	return image
}

// readIDX reads the bytes of an IDX file of items of a width.
func readIDX(path string, width int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(all) < 8 || all[2] != 8 {
		return nil, fmt.Errorf("%s: an IDX file of bytes expected", path)
	}
	header, n := 4+4*int(all[3]), int(binary.BigEndian.Uint32(all[4:]))
	if len(all) != header+n*width {
		return nil, fmt.Errorf("%s: %d items of %d bytes expected, %d bytes found", path, n, width, len(all)-header)
	}
	return all[header:], nil
}

// writeNPY writes bytes of shape n × size × size in numpy's format.
func writeNPY(path string, n int, data []byte) error {
	header := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d, %d), }", n, size, size)
	header = fmt.Sprintf("%-117s\n", header)
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	return os.WriteFile(path, append(append(file, header...), data...), 0o644)
}
