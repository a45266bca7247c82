package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/aegen/aegen/cmd/aegen/internal/dataset"
	"github.com/aegen/aegen/cmd/aegen/internal/reference"
	"github.com/aegen/aegen/cmd/aegen/internal/roofline"
	"github.com/aegen/aegen/cmd/aegen/internal/scratch"
	"github.com/aegen/aegen/cmd/aegen/internal/terminal"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/atomicfile"
	"github.com/aegen/aegen/runtime/job"
	"github.com/aegen/aegen/runtime/random"
	"github.com/aegen/aegen/runtime/weights"
	"github.com/spf13/cobra"
)

// benching is one run of bench.
type benching struct {
	flags    benchFlags
	program  *plan.Program
	dir      string // of the run's files
	weights  string // file that the model starts from, "" for the spec's seed
	data     *dataset.Table
	line     *terminal.Line
	out      io.Writer
	json     bool
	machine  job.Machine // on as many threads as what is measured
	machines []job.Machine
	lines    []roofline.Line
}

func runBench(cmd *cobra.Command, args []string) error {
	flags, err := readBenchFlags(cmd)
	if err != nil {
		return err
	}
	c, err := compile(cmd, args[0])
	if err != nil {
		return err
	}
	infer, steps, err := flags.calls(c.Program)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "aegen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := c.Program
	if flags.format != plan.Float32 {
		if err := program.Reducible(); err != nil {
			return usageError{fmt.Errorf("-precision %v: %w", flags.format, err)}
		}
		program = c.Reduced(plan.Precision{Format: flags.format}).Program
	}
	b := &benching{flags: flags, program: program, dir: dir, line: terminal.New(cmd.ErrOrStderr()), out: cmd.OutOrStdout()}
	defer b.line.Clear()
	b.json, _ = cmd.Flags().GetBool("json")
	exported, err := b.start(infer, steps)
	if err != nil {
		return err
	}
	built, remove, err := b.checked(exported)
	if err != nil {
		return err
	}
	defer remove()
	if err := b.measure(built, infer, steps); err != nil || b.json {
		return err
	}
	b.line.Clear()
	return b.table()
}

// start chooses weights and samples: the reference's, which it returns, or those of -weights or the seed, and hashed samples.
func (b *benching) start(infer, steps []int) (*reference.Model, error) {
	n := largest(infer, steps)
	if b.flags.reference == "" {
		b.data = hashed(b.program, n)
		var err error
		if b.flags.weights != "" {
			b.weights, err = filepath.Abs(b.flags.weights)
		}
		return nil, err
	}
	if b.program.Goal != nil {
		return nil, usageError{errors.New("-reference is for models that are compared with their input")}
	}
	m, err := reference.Read(b.flags.reference, b.program, len(steps) > 0)
	if err != nil {
		return nil, fmt.Errorf("-reference %w", err)
	}
	b.data = &dataset.Table{Name: "inputs", Width: b.program.Input.Len(), Data: m.Inputs}
	if n > b.data.Len() {
		return nil, fmt.Errorf("-reference %s: %d samples expected for the largest batch, %d found", b.flags.reference, n, b.data.Len())
	}
	b.weights = filepath.Join(b.dir, "reference.safetensors")
	return m, atomicfile.Write(b.weights, func(w io.Writer) error { return weights.Write(w, m.Weights) })
}

// hashed is n samples of numbers that look random, in the range of the spec's data.
func hashed(p *plan.Program, n int) *dataset.Table {
	if p.Record != nil {
		return hashedRecords(p, n)
	}
	t := &dataset.Table{Name: "hashed samples", Targets: hashedTargets(p, n), Width: p.Input.Len(), Data: make([]float32, n*p.Input.Len())}
	random.Uniform(t.Data, 0.5, 1, 1)
	for i, v := range t.Data {
		t.Data[i] = float32(p.Example(2 * float64(v)))
	}
	return t
}

// hashedTargets are those of hashed samples, if the model has any.
func hashedTargets(p *plan.Program, n int) *dataset.Table {
	if p.Goal == nil {
		return nil
	}
	t := &dataset.Table{Name: "hashed targets", Width: 1}
	if p.Goal.Classes == 0 {
		t.Width = p.Goal.Len()
	}
	for _, v := range p.Targets(n) {
		t.Data = append(t.Data, float32(v))
	}
	return t
}

// hashedRecords is hashed of a record.
func hashedRecords(p *plan.Program, n int) *dataset.Table {
	width := p.Input.Len()
	t := &dataset.Table{Name: "hashed samples", Width: width, Data: make([]float32, n*width), Record: fields(p)}
	random.Uniform(t.Data, 1, 1, 1)
	for i, v := range t.Data {
		t.Data[i] = float32(t.Record[i%width].Example(float64(v)))
	}
	return t
}

// checked builds the model's program, and returns it if its results are sound.
func (b *benching) checked(exported *reference.Model) (program string, remove func(), err error) {
	b.line.Status("building the model")
	program, remove, err = scratch.Build(b.program)
	if err != nil {
		return "", nil, err
	}
	if err = b.comparePortable(program); err == nil && exported != nil {
		var results weights.File
		if results, err = b.results(program, b.data); err == nil {
			err = exported.Check(results, b.program.RoundingError())
		}
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return program, remove, nil
}

// measure has the program time its calls on each number of threads.
func (b *benching) measure(program string, infer, steps []int) error {
	data, err := writeRaw(b.dir, "data", b.data)
	if err != nil {
		return err
	}
	targets, err := writeTargets(b.dir, "targets", b.data, b.program)
	if err != nil {
		return err
	}
	for _, threads := range b.flags.threads {
		b.line.Status("measuring the machine  threads %d", threads)
		j := job.Job{Kind: job.Bench, Data: data, Targets: targets, Weights: b.weights, Threads: threads, Infer: infer, Steps: steps,
			Seconds: b.flags.seconds, Bytes: roofline.WeightBytes(b.program)}
		if err := scratch.Run(program, j, b.show); err != nil {
			return err
		}
	}
	return nil
}

// show notes a message, and prints a measurement as JSON if that is asked for.
func (b *benching) show(m job.Message) {
	if m.Machine != nil {
		b.machine = *m.Machine
		if !slices.ContainsFunc(b.machines, func(other job.Machine) bool { return other.Threads == b.machine.Threads }) {
			b.machines = append(b.machines, b.machine)
		}
	}
	if m.Measured == nil {
		return
	}
	l := roofline.New(b.program, b.machine, *m.Measured)
	b.lines = append(b.lines, l)
	b.line.Status("%s  batch %d  threads %d  %.4g µs", l.Mode, l.Batch, l.Threads, l.Median)
	if b.json {
		text, err := json.Marshal(l)
		if err != nil {
			panic("internal error: " + err.Error())
		}
		b.line.Clear()
		fmt.Fprintf(b.out, "%s\n", text)
	}
}

// table prints all measurements, and what they were held against.
func (b *benching) table() error {
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "mode\tbatch\tthreads\tmedian µs\tleast µs\tsamples\tGFLOP/s\tof peak %\tweights GB/s\tof read %\troofline µs\t\n")
	for _, l := range b.lines {
		fmt.Fprintf(w, "%s\t%d\t%d\t%.2f\t%.2f\t%d\t%.2f\t%.1f\t%s\t%s\t%.3f\t\n", l.Mode, l.Batch, l.Threads, l.Median, l.Min, l.N,
			l.GFLOPS, 100*l.PeakShare, optional("%.2f", l.Bandwidth), optional("%.1f", 100*l.BandwidthShare), l.Roofline)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(b.out)
	for _, m := range b.machines {
		fmt.Fprintf(b.out, "machine, threads %d: peak %.4g GFLOP/s, reads %d bytes of weights at %.4g GB/s\n",
			m.Threads, m.Peak/1e9, roofline.WeightBytes(b.program), m.Read/1e9)
	}
	_, err := fmt.Fprintf(b.out, "kernels: %s\n", b.lines[0].Kernels)
	return err
}

// optional is a number, or nothing for 0.
func optional(format string, v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// largest is the greatest of all batches.
func largest(batches ...[]int) int { return slices.Max(slices.Concat(batches...)) }
