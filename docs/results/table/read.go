package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A model is what is known of one: two runs, and the held-out squared errors of a sample.
type model struct {
	name           string
	code           int // numbers
	aegen, pytorch []epoch
	samples        int // held out
	sse            errorsOf
	others         shares
}

type errorsOf struct{ aegen, pytorch, pca float64 }

// shares are the percentages of a core that other processes took during each run.
type shares struct{ Aegen, PyTorch float64 }

// An epoch is the mean loss of its samples, in nats, and the time that its steps took.
type epoch struct{ Loss, Seconds float64 }

// read reads the files of a model. Both runs have the same epochs, at least one.
func read(dir, name string) (model, error) {
	m := model{name: name}
	path := filepath.Join(dir, name)
	for _, file := range []struct {
		suffix string
		read   func(*json.Decoder) error
	}{
		{".json", m.readSettings},
		{".aegen", m.readAegen},
		{".pytorch", m.readPyTorch},
		{".eval", m.readEval},
		{".others", func(in *json.Decoder) error { return in.Decode(&m.others) }},
	} {
		text, err := os.ReadFile(path + file.suffix)
		if err != nil {
			return m, err
		}
		if err := file.read(json.NewDecoder(bytes.NewReader(text))); err != nil {
			return m, fmt.Errorf("%s%s: %w", path, file.suffix, err)
		}
	}
	if len(m.aegen) != len(m.pytorch) || len(m.aegen) == 0 {
		return m, fmt.Errorf("%d epochs of aegen, %d of PyTorch", len(m.aegen), len(m.pytorch))
	}
	return m, nil
}

func (m *model) readSettings(in *json.Decoder) error {
	var s struct{ Code int }
	err := in.Decode(&s)
	m.code = s.Code
	return err
}

// readAegen reads events. Their seconds are counted from the start of the run.
func (m *model) readAegen(in *json.Decoder) error {
	before := 0.0
	for {
		var event struct{ Epoch *epoch }
		if err := in.Decode(&event); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if e := event.Epoch; e != nil {
			m.aegen = append(m.aegen, epoch{e.Loss, e.Seconds - before})
			before = e.Seconds
		}
	}
}

// readPyTorch reads epochs, and then the held-out error.
func (m *model) readPyTorch(in *json.Decoder) error {
	for {
		var line struct {
			epoch
			SSE *float64
		}
		if err := in.Decode(&line); err != nil {
			return err
		}
		if line.SSE != nil {
			m.sse.pytorch = *line.SSE
			return nil
		}
		m.pytorch = append(m.pytorch, line.epoch)
	}
}

func (m *model) readEval(in *json.Decoder) error {
	var e struct {
		Samples int
		SSE     float64
		PCA     struct{ SSE float64 }
	}
	err := in.Decode(&e)
	m.samples, m.sse.aegen, m.sse.pca = e.Samples, e.SSE, e.PCA.SSE
	return err
}
