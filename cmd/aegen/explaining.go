package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
	"github.com/spf13/cobra"
)

// runScore writes scores, or with -explain their parts.
func runScore(cmd *cobra.Command, args []string) error {
	if explain, _ := cmd.Flags().GetBool("explain"); !explain {
		return runOutput(cmd, args, job.Score)
	}
	out, _ := cmd.Flags().GetString("out")
	if out != "" {
		if err := dataset.Writable(out); err != nil {
			return fmt.Errorf("-o %w", err)
		}
	}
	dir, err := os.MkdirTemp("", "aegen-out-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, data, m, err := use(cmd, args[0], job.Job{Kind: job.Explain, Output: filepath.Join(dir, "out")})
	if err != nil {
		return err
	}
	rows, err := readParts(m.Written.Path, c.Program, data)
	if err != nil {
		return err
	}
	if out == "" {
		return rows.WriteCSV(cmd.OutOrStdout())
	}
	if err := rows.WriteFile(out); err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printJSON(cmd, map[string]any{"path": out, "samples": m.Written.Samples, "width": m.Written.Width})
	}
	return nil
}

// readParts reads scores and their parts as the model's program wrote them. Parts are named by the columns of the data, else by their number.
func readParts(path string, p *plan.Program, data *dataset.Table) (*dataset.Rows, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rows := &dataset.Rows{Columns: []string{"score"}, Data: make([]float64, len(raw)/8)}
	for i := range p.Explain.Width {
		if data.Columns != nil {
			rows.Columns = append(rows.Columns, data.Columns[i])
		} else {
			rows.Columns = append(rows.Columns, fmt.Sprintf("%s[%d]", p.Input.Name, i))
		}
	}
	if p.Explain.Divergence != nil {
		rows.Columns = append(rows.Columns, p.Code.Name)
	}
	for i := range rows.Data {
		rows.Data[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	if len(rows.Data)%len(rows.Columns) != 0 {
		return nil, errors.New("score: the model's program wrote rows of another width")
	}
	return rows, nil
}
