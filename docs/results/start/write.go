package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/generated/fashion"
	"github.com/aegen/aegen/generated/hinton"
	"github.com/aegen/aegen/runtime/train"
	"github.com/aegen/aegen/runtime/weights"
)

// A model has the name of its spec.
type model struct {
	name  string
	begin func(seed uint64) weights.File // the initial weights
}

var models = []model{
	{"fashion", func(seed uint64) weights.File { return fashion.New(seed).Weights() }},
	{"hinton", func(seed uint64) weights.File { return hinton.New(seed).Weights() }},
}

// write writes the three files of a model.
func (m model) write(dir string, samples int) error {
	s, err := read(m.name)
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, m.name)
	if err := os.WriteFile(path+".json", append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := create(path+".safetensors", func(w io.Writer) error { return weights.Write(w, m.begin(s.Seed)) }); err != nil {
		return err
	}
	return create(path+".order", func(w io.Writer) error { return writeOrder(w, s, samples) })
}

func writeOrder(w io.Writer, s settings, samples int) error {
	order := make([]int32, samples)
	for epoch := range s.Epochs {
		train.Order(order, s.Seed, epoch)
		if err := binary.Write(w, binary.LittleEndian, order); err != nil {
			return err
		}
	}
	return nil
}

// create makes a file of what is written to it.
func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Close()
}
