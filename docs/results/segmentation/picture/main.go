// Picture draws the first composites of a file in a column each: the image, its classes, and the classes that a model gives it.
//
//	picture x.npy mask.npy predicted.npy picture.png
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"os"
)

const (
	size    = 48 // of a composite
	columns = 10
	scale   = 2 // of a place
	gap     = 4 // between composites
)

// colours are those of the classes: none, tops, trousers, shoes.
var colours = [...]color.RGBA{{24, 24, 24, 255}, {64, 120, 216, 255}, {228, 160, 36, 255}, {72, 176, 96, 255}}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: picture x.npy mask.npy predicted.npy picture.png")
	}
	var rows [3][]byte
	for i := range rows {
		var err error
		if rows[i], err = readNPY(os.Args[1+i]); err != nil {
			log.Fatal(err)
		}
	}
	const step = size*scale + gap
	out := image.NewRGBA(image.Rect(0, 0, columns*step-gap, len(rows)*step-gap))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for r, data := range rows {
		for c := range columns {
			for p, v := range data[c*size*size : (c+1)*size*size] {
				shade := color.RGBA{v, v, v, 255}
				if r > 0 {
					shade = colours[v]
				}
				for dot := range scale * scale {
					out.SetRGBA(c*step+p%size*scale+dot%scale, r*step+p/size*scale+dot/scale, shade)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[4], b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// readNPY reads bytes of numpy's format, version 1: those of columns composites or more.
func readNPY(path string) ([]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(file) < 10 || string(file[:6]) != "\x93NUMPY" || !bytes.Contains(file[:min(len(file), 128)], []byte("|u1")) {
		return nil, fmt.Errorf("%s: bytes of numpy's format expected", path)
	}
	data := file[10+int(binary.LittleEndian.Uint16(file[8:])):]
	if len(data) < columns*size*size {
		return nil, fmt.Errorf("%s: %d composites expected, %d bytes found", path, columns, len(data))
	}
	return data, nil
}
