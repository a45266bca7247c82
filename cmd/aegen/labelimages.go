package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/files"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
)

// isFolder reports whether a path that is written to names a folder.
func isFolder(path string) bool {
	return strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator))
}

// printSegmentation prints how well the classes of places are told.
func printSegmentation(out io.Writer, s *job.Segmentation, accuracy float64, l *nn.Labels) {
	fmt.Fprintf(out, "accuracy %.4g %% of %d places\n", 100*accuracy, s.Places)
	for k, iou := range s.IoU {
		if iou == nil {
			fmt.Fprintf(out, "iou      none for class %s: no place has it or is given it\n", l.Name(k))
			continue
		}
		fmt.Fprintf(out, "iou      %.4f for class %s\n", *iou, l.Name(k))
	}
	fmt.Fprintf(out, "mean iou %.4f\n", s.MeanIoU)
}

// labelsOf are the most probable classes of places, of probabilities.
func labelsOf(p *dataset.Table, g *plan.Goal) *dataset.Table {
	n := g.Labels.Classes
	t := &dataset.Table{Name: p.Name, Width: g.Len(), Bytes: true, Shape: g.Dims, Data: make([]float32, len(p.Data)/n)}
	for i := range t.Data {
		most := 0
		for c, v := range p.Data[i*n : (i+1)*n] {
			if v > p.Data[i*n+most] {
				most = c
			}
		}
		t.Data[i] = float32(most)
	}
	return t
}

// palette has a colour for each class: those of the Pascal visual object classes, whose bits are the bits of the class in turn. The first is black.
func palette(classes int) color.Palette {
	p := make(color.Palette, classes)
	for i := range p {
		var rgb [3]uint8
		for bit, c := 7, i; c > 0; bit, c = bit-1, c>>3 {
			for k := range rgb {
				rgb[k] |= uint8(c>>k&1) << bit
			}
		}
		p[i] = color.RGBA{rgb[0], rgb[1], rgb[2], 255}
	}
	return p
}

// writeLabelImages writes a PNG file for each sample: 00000.png and so on, whose pixels are the classes.
func writeLabelImages(dir string, t *dataset.Table, g *plan.Goal) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("-o %w", err)
	}
	height, width := g.Dims[0], g.Dims[1]
	picture := image.NewPaletted(image.Rect(0, 0, width, height), palette(g.Labels.Classes))
	for i := range t.Len() {
		for p, class := range t.Data[i*t.Width : (i+1)*t.Width] {
			picture.Pix[p] = uint8(class)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			return err
		}
		if err := files.Write(filepath.Join(dir, fmt.Sprintf("%05d.png", i)), b.Bytes()); err != nil {
			return fmt.Errorf("-o %w", err)
		}
	}
	return nil
}
