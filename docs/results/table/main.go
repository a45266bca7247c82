// Command table prints what training with aegen and with PyTorch came to as Markdown tables.
//
//	go run ./docs/results/table [-page PAGE] DIR NAME…
//
// Of each model it reads from DIR NAME.json (of docs/results/start), NAME.aegen (of aegen train -json), NAME.pytorch (of
// docs/results/pytorch.py), NAME.eval (of aegen eval -json -pca) and NAME.others, the shares of a core in % that other processes
// took during the two runs: {"aegen":3,"pytorch":4}. With -page it puts the tables between the lines <!-- table --> and
// <!-- end of table --> of a page. Losses that are more than 1 % apart are shown, and then an error.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/aegen/aegen/docs/page"
)

func main() {
	path := flag.String("page", "", "`file` to put the tables into")
	flag.Parse()
	if err := run(*path, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(path string, args []string) error {
	if len(args) < 2 {
		return errors.New("DIR NAME… expected")
	}
	var models []model
	var apart []error
	for _, name := range args[1:] {
		m, err := read(args[0], name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := m.agree(); err != nil {
			apart = append(apart, fmt.Errorf("%s: %w", name, err))
		}
		models = append(models, m)
	}
	if path == "" {
		fmt.Print(markdown(models))
	} else if err := page.Put(path, markdown(models)); err != nil {
		return err
	}
	return errors.Join(apart...)
}
