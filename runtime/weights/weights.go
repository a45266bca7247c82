// Package weights reads and writes trained numbers as safetensors files.
package weights

// A Tensor is a named array, row-major.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// A File is what one safetensors file holds.
type File struct {
	Metadata map[string]string
	Tensors  []Tensor
}

// Keys of the metadata that aegen writes.
const (
	KeyModel       = "aegen.model"
	KeyFingerprint = "aegen.fingerprint"
	KeyScale       = "aegen.scale"
	KeyFormat      = "aegen.format"
)
