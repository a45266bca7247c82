// Package page puts figures into the pages of docs, between the lines <!-- table --> and <!-- end of table -->.
package page

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// The marks of a page stand around its figures.
const begin, end = "<!-- table -->\n", "<!-- end of table -->\n"

// Put replaces what stands between the marks of a file. The text ends with a newline.
func Put(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := between(string(old), text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}

func between(page, text string) (string, error) {
	head, rest, found := strings.Cut(page, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", errors.New("the lines " + strings.TrimSpace(begin) + " and " + strings.TrimSpace(end) + " expected")
	}
	return head + begin + text + end + tail, nil
}
