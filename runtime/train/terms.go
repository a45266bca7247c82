package train

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"reflect"
	"strconv"
	"unsafe"
)

// A term is something that the result of a run depends on beside the model and the trainer's state.
// A checkpoint is for runs with the same terms only.
type term struct{ name, value string }

func terms[X, Y any](cfg Config, data, val Pairs[X, Y]) []term {
	terms := []term{
		{"data", describe(data.X)},
		{"batch", strconv.Itoa(cfg.Batch)},
		{"seed", strconv.FormatUint(cfg.Seed, 10)},
		{"rate", strconv.FormatFloat(cfg.Rate, 'g', -1, 64)},
		{"schedule", cfg.Schedule.describe(cfg.Epochs)},
		{"stop", fmt.Sprintf("early(patience: %d, delta: %v)", cfg.Stop.Patience, cfg.Stop.Delta)},
		{"augment", cfg.Augment.describe()},
	}
	if len(data.Y) > 0 {
		terms = append(terms, term{"targets", describe(data.Y)})
	}
	if cfg.Stop.Patience > 0 {
		terms = append(terms, term{"validation", describe(val.X)})
		if len(val.Y) > 0 {
			terms = append(terms, term{"validation targets", describe(val.Y)})
		}
	}
	return terms
}

// describe says how many samples there are, how large, and their checksum.
func describe[X any](samples []X) string {
	var one X
	size := int(unsafe.Sizeof(one))
	if len(samples) == 0 || size == 0 {
		return "none"
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	if kind := reflect.TypeFor[X](); kind.Kind() == reflect.Struct { // there may be padding between its fields
		sum := crc32.New(table)
		if err := binary.Write(sum, binary.LittleEndian, samples); err != nil {
			panic(fmt.Sprintf("internal error: %v", err))
		}
		return fmt.Sprintf("%d samples of %d fields with checksum %08x", len(samples), kind.NumField(), sum.Sum32())
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&samples[0])), len(samples)*size)
	return fmt.Sprintf("%d samples of %d values with checksum %08x", len(samples), size/4, crc32.Checksum(bytes, table))
}
