package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Read reads a safetensors file to its end. Tensors come in the order of their data. Only F32 is read.
// The memory it takes is bounded by a multiple of the bytes that arrive, whatever the header claims.
func Read(r io.Reader) (File, error) {
	text, err := readHeader(r)
	if err != nil {
		return File{}, err
	}
	metadata, entries, err := parseHeader(text)
	if err != nil {
		return File{}, err
	}
	if err := place(entries); err != nil {
		return File{}, err
	}
	f := File{Metadata: metadata}
	buffer := make([]byte, 4*chunk)
	for _, e := range entries {
		data, err := readFloats(r, (e.end-e.begin)/4, buffer)
		if err != nil {
			return File{}, fmt.Errorf("weights: %s: %w", e.name, err)
		}
		f.Tensors = append(f.Tensors, Tensor{Name: e.name, Shape: e.shape, Data: data})
	}
	if n, err := io.ReadFull(r, buffer[:1]); n > 0 {
		return File{}, errors.New("weights: there are bytes after the last tensor")
	} else if err != io.EOF {
		return File{}, fmt.Errorf("weights: %w", err)
	}
	return f, nil
}

func readHeader(r io.Reader) ([]byte, error) {
	var prefix [8]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, fmt.Errorf("weights: not a safetensors file: %w", cut(err))
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	if length > headerLimit {
		return nil, fmt.Errorf("weights: not a safetensors file: a header of %d bytes", length)
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, r, int64(length)); err != nil {
		return nil, fmt.Errorf("weights: header: %w", cut(err))
	}
	return text.Bytes(), nil
}

// readFloats reads n values. The result grows as they arrive.
func readFloats(r io.Reader, n int, buffer []byte) ([]float32, error) {
	data := make([]float32, 0, min(n, chunk))
	for len(data) < n {
		part := buffer[:4*min(n-len(data), chunk)]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, cut(err)
		}
		if cap(data) < len(data)+len(part)/4 {
			data = append(make([]float32, 0, min(n, 2*cap(data))), data...)
		}
		for ; len(part) > 0; part = part[4:] {
			data = append(data, math.Float32frombits(binary.LittleEndian.Uint32(part)))
		}
	}
	return data, nil
}

// cut says in words that a file is too short.
func cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("the file is cut off")
	}
	return err
}
