package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeCommands runs every `aegen` line of the README's console blocks, in order, on small files of the same names.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile("../../specs/fashion.ae")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("fashion.ae", spec, 0o644); err != nil {
		t.Fatal(err)
	}
	images(t, "train-images-idx3-ubyte.gz", 200)
	images(t, "t10k-images-idx3-ubyte.gz", 50)
	var blocks strings.Builder
	for _, b := range regexp.MustCompile("(?ms)^```\n(.*?)^```$").FindAllStringSubmatch(string(readme), -1) {
		blocks.WriteString(b[1])
	}
	commands := regexp.MustCompile(`(?m)^aegen ([^#\n]+)`).FindAllStringSubmatch(blocks.String(), -1)
	if len(commands) < 3 {
		t.Fatalf("%d commands found", len(commands))
	}
	for _, c := range commands {
		var out, errs bytes.Buffer
		if status := run(words(c[1]), strings.NewReader(""), &out, &errs); status != ok {
			t.Errorf("aegen %s: exit status %d\n%s%s", c[1], status, &out, &errs)
		}
	}
	for _, name := range []string{"fashion.safetensors", "fashion/fashion_ae.go"} {
		if _, err := os.Stat(filepath.FromSlash(name)); err != nil {
			t.Error(err)
		}
	}
}

// words cuts a command line at blanks; what stands between double quotes is one word.
func words(line string) []string {
	var list []string
	for _, w := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		list = append(list, strings.Trim(w, `"`))
	}
	return list
}

// images writes n images of 28 × 28 bytes as packed IDX.
func images(t *testing.T, name string, n int) {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	header := []byte{0, 0, 8, 3}
	for _, d := range []int{n, 28, 28} {
		header = binary.BigEndian.AppendUint32(header, uint32(d))
	}
	w.Write(header)
	pixels := make([]byte, n*784)
	for i := range pixels {
		pixels[i] = byte(i / 784 * (i % 784) / 13)
	}
	w.Write(pixels)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
