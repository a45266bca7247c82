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

	"github.com/aegen/aegen/docs/page"
)

func main() {
	path := flag.String("page", "", "`file` to put the table into")
	flag.Parse()
	if err := run(*path, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(path string, files []string) error {
	var t table
	for _, name := range files {
		if err := t.readFile(name); err != nil {
			return err
		}
	}
	if path == "" {
		fmt.Print(t.markdown())
		return nil
	}
	return page.Put(path, t.markdown())
}
