package golden

import (
	"compress/gzip"
	"io"
	"os"
	"testing"
)

// optdigits are the values of the demo's file: IDX with a header of 16 bytes.
func optdigits(t *testing.T) []byte {
	t.Helper()
	f, err := os.Open("../cmd/aegen/internal/demo/optdigits.idx.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unpacked)
	if err != nil || len(data) != 16+1797*64 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	return data[16:]
}
