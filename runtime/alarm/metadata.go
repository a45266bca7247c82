package alarm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aegen/aegen/runtime/weights"
)

// Key is what the keys of calibrations in the metadata of weights start with. The format of the package's weights follows, since
// rounded weights have scores of their own: "aegen.calibration.f32".
const Key = "aegen.calibration."

// stored is a calibration in metadata: JSON, with the digest of the weights that it belongs to.
type stored struct {
	Calibration
	Weights string `json:"weights"`
}

// Store writes the calibration of a package with weights of a format into the metadata of the file, bound to the file's weights. A nil c writes nothing.
func (c *Calibration) Store(f weights.File, format string) {
	if c == nil {
		return
	}
	text, err := json.Marshal(stored{*c, f.Digest()})
	if err != nil {
		panic(fmt.Sprintf("alarm: %v", err)) // numbers that Calibrate and Load do not let in
	}
	f.Metadata[Key+format] = string(text)
}

// Load reads the calibration of a package with weights of a format; it is nil where the file has none. A calibration of other weights
// than the file's is an error, and so is one for another rate than want, unless that is zero.
func Load(f weights.File, format string, want Rate) (*Calibration, error) {
	text, ok := f.Metadata[Key+format]
	if !ok {
		return nil, nil
	}
	var s stored
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("weights: %s%s: %w", Key, format, err)
	}
	if digest := f.Digest(); s.Weights != digest {
		return nil, fmt.Errorf("weights: the calibration belongs to weights of digest %s, those of the file have %s: they have changed since; run aegen calibrate again", s.Weights, digest)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("weights: %s%s: %w", Key, format, err)
	}
	if want != (Rate{}) && s.Rate != want {
		return nil, fmt.Errorf("weights: calibrated for alarms of %v, the spec says %v: run aegen calibrate again", s.Rate, want)
	}
	return &s.Calibration, nil
}

// Drop removes all calibrations from the metadata of a file.
func Drop(f weights.File) {
	for key := range f.Metadata {
		if strings.HasPrefix(key, Key) {
			delete(f.Metadata, key)
		}
	}
}

// check returns an error for a calibration that Calibrate does not make.
func (c *Calibration) check() error {
	if err := c.Rate.Check(); err != nil {
		return err
	}
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	sum := 0
	for _, n := range c.Counts {
		if n < 1 {
			return fmt.Errorf("alarm: a bin of %d scores", n)
		}
		sum += n
	}
	switch {
	case !finite(float64(c.Threshold)):
		return fmt.Errorf("alarm: a threshold of %v", c.Threshold)
	case c.Rank < 1 || c.Rank > c.Samples:
		return fmt.Errorf("alarm: rank %d of %d samples", c.Rank, c.Samples)
	case !(0 <= c.Low && c.Low <= c.High && c.High <= 1):
		return fmt.Errorf("alarm: an interval from %v to %v", c.Low, c.High)
	case len(c.Counts) != len(c.Bounds)+1 || sum != c.Samples+1:
		return fmt.Errorf("alarm: %d counts of %d scores do not belong to %d bounds and %d samples", len(c.Counts), sum, len(c.Bounds), c.Samples)
	case !slices.IsSorted(c.Bounds) || len(slices.Compact(slices.Clone(c.Bounds))) != len(c.Bounds):
		return fmt.Errorf("alarm: the bounds %v do not ascend", c.Bounds)
	}
	return nil
}

// String says in a line what is known of the alarms.
func (c *Calibration) String() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "an alarm above %.6g %s: %v asked for, about %.3g expected, between %.3g and %.3g with %g %% confidence, from %d samples",
		c.Threshold, c.Unit, c.Rate, c.Expected, c.Low, c.High, 100*Level, c.Samples)
	return b.String()
}
