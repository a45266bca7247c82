// Command start writes what the training of fashion.ae and hinton.ae begins with, so that another program can train the same
// model from the same weights with the same batches.
//
//	go run ./docs/results/start -samples N DIR
//
// Of each model it writes three files to DIR: NAME.json, the settings; NAME.safetensors, the weights of the spec's seed; and
// NAME.order, the samples in the order in which each epoch takes them, [epochs][samples] little-endian uint32.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	samples := flag.Int("samples", 0, "`number` of training samples")
	flag.Parse()
	if err := run(*samples, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "start:", err)
		os.Exit(1)
	}
}

func run(samples int, args []string) error {
	if samples < 1 || len(args) != 1 {
		return errors.New("-samples N DIR expected")
	}
	for _, m := range models {
		if err := m.write(args[0], samples); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}
