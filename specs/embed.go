// Package specs holds the example specs, one for each family of models.
package specs

import "embed"

// Files holds every spec under its file name: "digits.ae".
//
//go:embed *.ae
var Files embed.FS
