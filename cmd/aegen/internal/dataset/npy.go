package dataset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

const npyMagic = "\x93NUMPY"

// maxHeader bounds the header of a .npy file; numpy's own are below 200 bytes.
const maxHeader = 1 << 16

var (
	npyDescr   = regexp.MustCompile(`'descr'\s*:\s*'([^']*)'`)
	npyFortran = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`'shape'\s*:\s*\(([^)]*)\)`)
)

// readNPY reads an array of numpy's format, versions 1 to 3 (NEP 1). The first dimension counts the samples.
func readNPY(r io.Reader) (*Table, error) {
	header, err := npyHeader(r)
	if err != nil {
		return nil, fmt.Errorf(".npy: %w", err)
	}
	descr, fortran, shape := npyDescr.FindStringSubmatch(header), npyFortran.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return nil, fmt.Errorf(".npy: a header with descr, fortran_order and shape expected, %.80q found", header)
	}
	samples, width, err := npySize(shape[1])
	if err != nil {
		return nil, fmt.Errorf(".npy: %w", err)
	}
	size, get, err := npyType(descr[1])
	if err != nil {
		return nil, fmt.Errorf(".npy: %w", err)
	}
	if fortran[1] == "True" && strings.Count(strings.Trim(shape[1], ", "), ",") > 1 {
		return nil, fmt.Errorf(".npy: Fortran order is read for tables only, shape (%s) found", shape[1])
	}
	t := &Table{Width: width, Bytes: strings.HasSuffix(descr[1], "u1")}
	if t.Data, err = readFloats(r, samples*width, size, get); err != nil {
		return nil, fmt.Errorf(".npy: %w", err)
	}
	if fortran[1] == "True" && width > 1 {
		t.transpose(samples)
	}
	return t, nil
}

func npyHeader(r io.Reader) (string, error) {
	var start [12]byte
	if _, err := io.ReadFull(r, start[:10]); err != nil {
		return "", fmt.Errorf("truncated header")
	}
	n := int(binary.LittleEndian.Uint16(start[8:]))
	switch version := start[6]; version {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return "", fmt.Errorf("truncated header")
		}
		n = int(binary.LittleEndian.Uint32(start[8:]))
	default:
		return "", fmt.Errorf("version 1, 2 or 3 expected, %d found", version)
	}
	if n > maxHeader {
		return "", fmt.Errorf("a header of at most %d bytes expected, %d found", maxHeader, n)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return "", fmt.Errorf("truncated header")
	}
	return string(header), nil
}

// npySize reads a shape such as "60000, 28, 28".
func npySize(text string) (samples, width int, err error) {
	width = 1
	for i, part := range strings.Split(strings.TrimSuffix(strings.TrimSpace(text), ","), ",") {
		d, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || d < 0 {
			return 0, 0, fmt.Errorf("a shape expected, (%s) found", text)
		}
		if i == 0 {
			samples = d
		} else if width *= min(d, maxWidth+1); width > maxWidth {
			return 0, 0, fmt.Errorf("at most %d values a sample expected, shape (%s) found", maxWidth, text)
		}
	}
	if samples == 0 || width == 0 {
		return 0, 0, fmt.Errorf("no values: shape (%s)", text)
	}
	if int64(samples) > maxBytes/int64(width) {
		return 0, 0, fmt.Errorf("shape (%s) is too large", text)
	}
	return samples, width, nil
}

// npyType is the size of a value of a type, and what it is in float32: rounded to the nearest, where it has more digits.
func npyType(descr string) (size int, get func([]byte) float32, err error) {
	little := binary.LittleEndian
	switch descr {
	case "<f4":
		return 4, func(b []byte) float32 { return math.Float32frombits(little.Uint32(b)) }, nil
	case "<f8":
		return 8, func(b []byte) float32 { return float32(math.Float64frombits(little.Uint64(b))) }, nil
	case "|u1", "u1", "<u1", "|b1":
		return 1, func(b []byte) float32 { return float32(b[0]) }, nil
	case "|i1":
		return 1, func(b []byte) float32 { return float32(int8(b[0])) }, nil
	case "<u2":
		return 2, func(b []byte) float32 { return float32(little.Uint16(b)) }, nil
	case "<i2":
		return 2, func(b []byte) float32 { return float32(int16(little.Uint16(b))) }, nil
	case "<u4":
		return 4, func(b []byte) float32 { return float32(little.Uint32(b)) }, nil
	case "<i4":
		return 4, func(b []byte) float32 { return float32(int32(little.Uint32(b))) }, nil
	case "<u8":
		return 8, func(b []byte) float32 { return float32(little.Uint64(b)) }, nil
	case "<i8":
		return 8, func(b []byte) float32 { return float32(int64(little.Uint64(b))) }, nil
	}
	hint := ""
	if strings.HasPrefix(descr, ">") {
		hint = " (big-endian; save it with .astype('<f4'))"
	}
	return 0, nil, fmt.Errorf("numbers of the type f4, f8, u1 to u8, i1 to i8 or b1 expected, %q found%s", descr, hint)
}

// transpose turns columns that follow each other into rows.
func (t *Table) transpose(samples int) {
	out := make([]float32, len(t.Data))
	for i, v := range t.Data {
		out[i%samples*t.Width+i/samples] = v
	}
	t.Data = out
}

// writeNPY writes <f4, or |u1 of bytes, of shape (samples, width), or (samples,) for single values.
func (t *Table) writeNPY(b *bytes.Buffer) {
	if t.Bytes {
		writeHeader(b, "|u1", t.Len(), t.shape()...)
		for _, v := range t.Data {
			b.WriteByte(byte(v))
		}
		return
	}
	writeHeader(b, "<f4", t.Len(), t.Width)
	word := make([]byte, 0, 4)
	for _, v := range t.Data {
		b.Write(binary.LittleEndian.AppendUint32(word, math.Float32bits(v)))
	}
}

// writeHeader writes what stands before values of a type: their shape is that of a sample behind their number, which stands alone for single values.
func writeHeader(b *bytes.Buffer, descr string, samples int, sample ...int) {
	shape := fmt.Sprintf("%d,", samples)
	if len(sample) > 1 || sample[0] != 1 {
		shape = fmt.Sprint(samples)
		for _, n := range sample {
			shape += fmt.Sprintf(", %d", n)
		}
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	b.WriteString(npyMagic + "\x01\x00")
	b.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	b.WriteString(header)
}

// shape is that of a sample.
func (t *Table) shape() []int {
	if t.Shape != nil {
		return t.Shape
	}
	return []int{t.Width}
}
