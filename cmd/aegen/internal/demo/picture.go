package demo

import (
	"image"
	"image/color"
	"image/png"
	"io"
)

// Picture writes a PNG of images above their reconstructions: pairs of rows, columns images wide.
// Images are size × size values from 0 to white.
func Picture(w io.Writer, originals, reconstructions []float32, size, columns int, white float32) error {
	const scale, gap = 6, 6
	cell := size*scale + gap
	rows := len(originals) / (size * size * columns)
	img := image.NewGray(image.Rect(0, 0, columns*cell+gap, rows*(2*cell+gap)+gap))
	for i := range img.Pix {
		img.Pix[i] = 96
	}
	for n := range rows * columns {
		x, y := gap+n%columns*cell, gap+n/columns*(2*cell+gap)
		draw(img, originals[n*size*size:], x, y, size, scale, white)
		draw(img, reconstructions[n*size*size:], x, y+cell-gap/2, size, scale, white)
	}
	return png.Encode(w, img)
}

// draw paints one image, each value a square of scale × scale.
func draw(img *image.Gray, values []float32, x, y, size, scale int, white float32) {
	for i := range size * scale {
		for j := range size * scale {
			v := values[i/scale*size+j/scale] / white
			img.SetGray(x+j, y+i, color.Gray{Y: uint8(max(0, min(1, v))*255 + 0.5)})
		}
	}
}
