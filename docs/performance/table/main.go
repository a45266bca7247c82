// Command table prints measurements as a Markdown table: of aegen bench -json, and of other programs in the same format.
//
//	go run ./docs/performance/table [-page PAGE] FILE…
//
// With -page it puts the table between the lines <!-- table --> and <!-- end of table --> of a page.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	page := flag.String("page", "", "`file` to put the table into")
	flag.Parse()
	if err := run(*page, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(page string, files []string) error {
	var t table
	for _, name := range files {
		if err := t.readFile(name); err != nil {
			return err
		}
	}
	if page == "" {
		fmt.Print(t.markdown())
		return nil
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	changed, err := between(string(text), t.markdown())
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, []byte(changed), 0o644)
}
