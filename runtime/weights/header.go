package weights

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// An entry is what the header says of one tensor: its bytes begin and end relative to the end of the header.
type entry struct {
	name       string
	dtype      string
	shape      []int
	begin, end int
}

// place sorts the entries by their data and checks that they cover it without holes or overlap.
func place(entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at := 0
	for _, e := range entries {
		if e.dtype != "F32" {
			return fmt.Errorf("weights: %s: dtype F32 expected, %s found", e.name, e.dtype)
		}
		n, ok := size(e.shape)
		if !ok {
			return fmt.Errorf("weights: %s: shape %v is too large", e.name, e.shape)
		}
		if e.begin != at {
			return fmt.Errorf("weights: %s: data at offset %d expected, %d found", e.name, at, e.begin)
		}
		if e.end-e.begin != 4*n {
			return fmt.Errorf("weights: %s: shape %v takes %d bytes, the file gives it %d", e.name, e.shape, 4*n, e.end-e.begin)
		}
		at = e.end
	}
	return nil
}

// A parser reads the header's JSON token by token: encoding/json alone would keep the last of two equal keys.
type parser struct{ *json.Decoder }

// parseHeader reads {"__metadata__": {string: string}, name: {"dtype": …, "shape": […], "data_offsets": […]}, …}.
func parseHeader(text []byte) (map[string]string, []entry, error) {
	if len(text) == 0 || text[0] != '{' {
		return nil, nil, errors.New("weights: not a safetensors file: the header does not start with {")
	}
	if !utf8.Valid(text) {
		return nil, nil, errors.New("weights: the header is not UTF-8")
	}
	p := parser{json.NewDecoder(bytes.NewReader(text))}
	p.UseNumber()
	var metadata map[string]string
	var entries []entry
	err := p.object(func(key string) (err error) {
		if key == metadataKey {
			metadata, err = p.metadata()
			return err
		}
		e, err := p.entry()
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		e.name = key
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("weights: header: %w", err)
	}
	if _, err := p.Token(); err != io.EOF {
		return nil, nil, errors.New("weights: header: text after its end")
	}
	return metadata, entries, nil
}

func (p parser) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := p.object(func(key string) (err error) {
		m[key], err = p.string()
		return err
	})
	return m, err
}

func (p parser) entry() (entry, error) {
	var e entry
	var offsets []int
	fields := 0
	err := p.object(func(key string) (err error) {
		fields++
		switch key {
		case "dtype":
			e.dtype, err = p.string()
		case "shape":
			e.shape, err = p.integers()
		case "data_offsets":
			offsets, err = p.integers()
		default:
			return fmt.Errorf("unknown key %q", key)
		}
		return err
	})
	if err != nil {
		return e, err
	}
	if fields != 3 {
		return e, errors.New("dtype, shape and data_offsets expected")
	}
	if len(offsets) != 2 || offsets[0] > offsets[1] {
		return e, fmt.Errorf("data_offsets %v are not a begin and an end", offsets)
	}
	e.begin, e.end = offsets[0], offsets[1]
	return e, nil
}

// object reads an object without equal keys. Field reads the value of each.
func (p parser) object(field func(key string) error) error {
	if err := p.delimiter('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for p.More() {
		key, err := p.string()
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("the key %q stands twice", key)
		}
		seen[key] = true
		if err := field(key); err != nil {
			return err
		}
	}
	return p.delimiter('}')
}

func (p parser) integers() ([]int, error) {
	if err := p.delimiter('['); err != nil {
		return nil, err
	}
	values := []int{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		number, _ := token.(json.Number)
		v, err := strconv.ParseUint(string(number), 10, strconv.IntSize-1)
		if err != nil {
			return nil, fmt.Errorf("%v is not a size", token)
		}
		values = append(values, int(v))
	}
	return values, p.delimiter(']')
}

func (p parser) delimiter(want json.Delim) error {
	token, err := p.Token()
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("%v expected, %v found", want, token)
	}
	return nil
}

func (p parser) string() (string, error) {
	token, err := p.Token()
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("a string expected, %v found", token)
	}
	return s, nil
}
