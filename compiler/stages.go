package compiler

import (
	"fmt"
	"slices"
	"strings"
)

// Stages are the names that Stage knows, in the order of the stages.
var Stages = []string{"ast", "ir", "grad", "fused", "plan"}

// Stage prints what a stage made. A stage that an error kept from running has nothing to print.
func (c *Compilation) Stage(name string) (string, error) {
	if !slices.Contains(Stages, name) {
		return "", fmt.Errorf("no stage %q: want %s", name, strings.Join(Stages, ", "))
	}
	if name == "ast" {
		return c.File.String(), nil
	}
	if c.Program == nil {
		return "", fmt.Errorf("the spec has errors: there is no stage %s", name)
	}
	switch name {
	case "ir":
		return c.Model.Forward.String(), nil
	case "grad":
		return c.Train.String(), nil
	case "fused":
		f := c.Fused
		text := f.Encode.String()
		if f.Decode != nil {
			text += f.Decode.String()
		}
		text += f.Reconstruct.String() + f.Score.String()
		if f.Posterior != nil {
			text += f.Posterior.String() + f.CodeLoss.String()
		}
		return text + f.Train.String(), nil
	}
	return c.Program.String(), nil
}
