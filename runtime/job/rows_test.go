package job

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// visit is a sample that is a struct.
type visit struct {
	Minutes float32
	Member  bool
}

func visits() *Rows[visit] {
	return &Rows[visit]{
		Width: 2,
		Get: func(x *visit, row []float32) {
			row[0], row[1] = x.Minutes, 0
			if x.Member {
				row[1] = 1
			}
		},
		Set: func(x *visit, row []float32) { x.Minutes, x.Member = row[0], row[1] == 1 },
		Check: func(x *visit) error {
			if x.Minutes < 0 {
				return errors.New("minutes: a number of at least 0 expected")
			}
			return nil
		},
	}
}

func rowFile(t *testing.T, values ...float32) string {
	t.Helper()
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	path := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenRows(t *testing.T) {
	data, err := openPairs[visit, struct{}](visits(), rowFile(t, 2.5, 1, 0, 0, 7, 1), "")
	if want := []visit{{2.5, true}, {0, false}, {7, true}}; err != nil || !slices.Equal(data.X, want) {
		t.Errorf("%v, %v; want %v", data.X, err, want)
	}
	for want, path := range map[string]string{
		"sample 1: minutes: a number of at least 0 expected":            rowFile(t, 1, 0, -1, 0),
		"a whole number of samples of 8 bytes expected, 12 bytes found": rowFile(t, 1, 0, 2),
		"0 bytes found": rowFile(t),
		"no such file":  filepath.Join(t.TempDir(), "none"),
	} {
		if _, err := openPairs[visit, struct{}](visits(), path, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
