// Package picture draws grey images side by side.
package picture

import (
	"image"
	"image/color"
	"image/png"
	"io"
)

// gap is the pixels between images.
const gap = 6

// canvas is a grey image of a size.
func canvas(width, height int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 96
	}
	return img
}

// Pairs writes a PNG of images above their reconstructions: pairs of rows, columns images wide.
// Images are size × size values from 0 to white.
func Pairs(w io.Writer, originals, reconstructions []float32, size, columns int, white float32) error {
	const scale = 6
	cell := size*scale + gap
	rows := len(originals) / (size * size * columns)
	img := canvas(columns*cell+gap, rows*(2*cell+gap)+gap)
	for n := range rows * columns {
		x, y := gap+n%columns*cell, gap+n/columns*(2*cell+gap)
		draw(img, originals[n*size*size:], x, y, size, size, scale, 0, white)
		draw(img, reconstructions[n*size*size:], x, y+cell-gap/2, size, size, scale, 0, white)
	}
	return png.Encode(w, img)
}

// Grid writes a PNG of images of height × width values from black to white, columns of them side by side.
func Grid(w io.Writer, images []float32, height, width, columns int, black, white float32) error {
	scale := max(1, 48/max(height, width))
	n := len(images) / (height * width)
	rows := (n + columns - 1) / columns
	img := canvas(columns*(width*scale+gap)+gap, rows*(height*scale+gap)+gap)
	for i := range n {
		draw(img, images[i*height*width:], gap+i%columns*(width*scale+gap), gap+i/columns*(height*scale+gap), height, width, scale, black, white)
	}
	return png.Encode(w, img)
}

// draw paints one image, each value a square of scale × scale.
func draw(img *image.Gray, values []float32, x, y, height, width, scale int, black, white float32) {
	for i := range height * scale {
		for j := range width * scale {
			v := (values[i/scale*width+j/scale] - black) / (white - black)
			img.SetGray(x+j, y+i, color.Gray{Y: uint8(max(0, min(1, v))*255 + 0.5)})
		}
	}
}
