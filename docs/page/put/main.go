// Command put puts its standard input between the lines <!-- NAME --> and <!-- end of NAME --> of a page.
//
//	… | go run ./docs/page/put PAGE NAME
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/aegen/aegen/docs/page"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: put PAGE NAME")
		os.Exit(2)
	}
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = page.PutNamed(os.Args[1], os.Args[2], string(text))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "put:", err)
		os.Exit(1)
	}
}
