// Package page puts figures into the pages of docs, between lines <!-- NAME --> and <!-- end of NAME -->.
package page

import (
	"fmt"
	"os"
	"strings"
)

// Put replaces what stands between the marks <!-- table --> of a file. The text ends with a newline.
func Put(path, text string) error { return PutNamed(path, "table", text) }

// PutNamed replaces what stands between the marks of a name in a file. The text ends with a newline.
func PutNamed(path, name, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := between(string(old), name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}

func between(page, name, text string) (string, error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	head, rest, found := strings.Cut(page, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the lines %s and %s expected", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return head + begin + text + end + tail, nil
}
