package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/nn"
)

// augment is the field of a training configuration that says how samples are moved, or "".
func augment(a *nn.Augment) string {
	if a == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Augment: &train.Augment{\nHeight: %d, Width: %d, Channels: %d,\n", a.Image.H, a.Image.W, a.Image.C)
	switch {
	case a.Labels:
		b.WriteString("Goal: train.Classes,\n")
	case a.Values:
		fmt.Fprintf(&b, "Goal: train.Values, GoalChannels: %d,\n", a.Channels)
	}
	b.WriteString("Moves: []train.Move{\n")
	for _, m := range a.Moves {
		var fields []string
		if m.Horizontal {
			fields = append(fields, "Horizontal: true")
		}
		if m.Vertical {
			fields = append(fields, "Vertical: true")
		}
		if m.Shift > 0 {
			fields = append(fields, fmt.Sprintf("Shift: %d", m.Shift))
		}
		if m.Rows > 0 {
			fields = append(fields, fmt.Sprintf("Rows: %d, Columns: %d", m.Rows, m.Columns))
		}
		b.WriteString("{" + strings.Join(fields, ", ") + "},\n")
	}
	return b.String() + "},\n},\n"
}
